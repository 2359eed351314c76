"""The monthly report of a company: the month beside "since the start", built once for screen, PDF and spreadsheet.

Ledger DASH-01 (four measures: visits of the profile, where from, requests received, events on the pages) and DASH-04
(the month and the cumulative column).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.directory.models import Company
from pavillon.metrics.queries import totals
from pavillon.reference.models import Country
from pavillon.reporting.periods import PARIS, Period
from pavillon.showroom.enums import EnquiryKind, EnquiryState
from pavillon.showroom.models import Enquiry, Product

PROFILE = "showroom.shop_viewed"
PRODUCT = "showroom.product_viewed"
MARKER = "showroom.marker_clicked"
EVENTS = (PROFILE, PRODUCT, MARKER)
MOST_PRODUCTS = 20


@dataclass(frozen=True)
class Figure:
    """One line of a table: a name, the month, since the start."""

    label: str
    month: int
    start: int
    code: str = ""


@dataclass(frozen=True)
class MonthlyReport:
    """All figures of one company for one month. Counts are whole; `response_hours` has one decimal, or is None."""

    company: Company
    month: date
    period: Period
    measures: Sequence[Figure]
    countries: Sequence[Figure]
    requests: Sequence[Figure]
    events: Sequence[Figure]
    products: Sequence[Figure]
    response_hours: float | None
    waiting: int
    hides_response: bool
    months: Sequence[tuple[date, int, int]]

    @property
    def is_empty(self) -> bool:
        return not any(figure.start for figure in self.measures)


def monthly_report(company: Company, month: date, *, reader: User | None = None) -> MonthlyReport:
    """Build the report of the calendar month that holds `month`. A fixed number of statements.

    Requests that the reader may not see are not counted, and what the matrix hides from him is left out; without a
    reader, the installation's own figures. Views are counted without persons and hide nothing.
    """
    period = Period.month_of(month)
    whole = Period(None, period.until)
    events = [_by(company, EVENTS, "kind", p) for p in (period, whole)]
    requests = [_requests(company, p, reader) for p in (period, whole)]
    measures = [
        Figure(_("Visits of the profile"), events[0].get(PROFILE, 0), events[1].get(PROFILE, 0), "visits"),
        Figure(_("Views of products and services"), events[0].get(PRODUCT, 0), events[1].get(PRODUCT, 0), "views"),
        Figure(_("Requests of buyers"), sum(requests[0].values()), sum(requests[1].values()), "requests"),
        Figure(_("Events on the pages"), sum(events[0].values()), sum(events[1].values()), "events"),
    ]
    return MonthlyReport(
        company=company,
        month=period.since or month,
        period=period,
        measures=measures,
        countries=_countries(company, period, whole),
        requests=[
            Figure(str(label), requests[0].get(kind, 0), requests[1].get(kind, 0), kind)
            for kind, label in EnquiryKind.choices
            if kind != EnquiryKind.ORDER or requests[1].get(kind)
        ],
        events=[Figure(_event_name(kind), events[0].get(kind, 0), events[1].get(kind, 0), kind) for kind in EVENTS],
        products=_products(company, period, whole),
        hides_response=reader is not None and not may_read(reader, Enquiry, "response_minutes"),
        response_hours=_median_response(company, period, reader),
        waiting=_of(company, whole, reader).filter(state=EnquiryState.NEW).count(),
        months=_months(company, whole, reader),
    )


def _event_name(kind: str) -> str:
    return {
        PROFILE: _("Profile opened"),
        PRODUCT: _("Product or service opened"),
        MARKER: _("Marker to the national showroom followed"),
    }[kind]


def _of(company: Company, period: Period, reader: User | None) -> QuerySet[Enquiry]:
    rows = Enquiry.objects.filter(shop__company=company, **period.within("sent_at"))
    if reader is not None:
        rows = rows.filter(pk__in=Enquiry.objects.visible_to(reader).values("pk"))
    return rows.order_by()


def _by(company: Company, kinds: Sequence[str], by: str, period: Period) -> dict:
    return {row[by]: row["count"] for row in totals(kinds, company_ids=[company.pk], by=by, **period.days)}


def _requests(company: Company, period: Period, reader: User | None) -> dict[str, int]:
    return dict(_of(company, period, reader).values("kind").annotate(n=Count("pk")).values_list("kind", "n"))


def _countries(company: Company, period: Period, whole: Period) -> list[Figure]:
    """Where events came from, most since the start first; "" is a country that is not known."""
    month, start = (_by(company, EVENTS, "country", p) for p in (period, whole))
    names = {country.pk: country.name for country in Country.objects.filter(pk__in=start)}
    return [
        Figure(names.get(code) or (code or _("Country not known")), month.get(code, 0), count, code)
        for code, count in start.items()
    ]


def _products(company: Company, period: Period, whole: Period) -> list[Figure]:
    month, start = (_by(company, [PRODUCT], "subject", p) for p in (period, whole))
    most = list(start.items())[:MOST_PRODUCTS]
    names = {p.pk: p.name for p in Product.objects.filter(pk__in=[number for number, _count in most])}
    return [Figure(names.get(n) or _("Product withdrawn"), month.get(n, 0), count, str(n)) for n, count in most]


def _median_response(company: Company, period: Period, reader: User | None) -> float | None:
    """Hours between a request of the period and its first answer: the median of those that were answered."""
    if reader is not None and not may_read(reader, Enquiry, "response_minutes"):
        return None
    answered = _of(company, period, reader).values_list("response_minutes", flat=True)
    minutes = [wait for wait in answered if wait is not None]
    return round(median(minutes) / 60, 1) if minutes else None


def _months(company: Company, whole: Period, reader: User | None) -> list[tuple[date, int, int]]:
    """First day, events and requests of the last twelve months, oldest first."""
    events = _by(company, EVENTS, "month", whole)
    per_month = (
        _of(company, whole, reader)
        .annotate(month=TruncMonth("sent_at", tzinfo=PARIS))
        .values("month")
        .annotate(n=Count("pk"))
        .values_list("month", "n")
    )
    requests = {moment.date(): n for moment, n in per_month}
    last = whole.until.year * 12 + whole.until.month - 1
    firsts = [date(number // 12, number % 12 + 1, 1) for number in range(last - 11, last + 1)]
    return [(first, events.get(first, 0), requests.get(first, 0)) for first in firsts]
