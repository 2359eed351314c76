"""What the team follows: enquiries without their words, and the figures of one company's shop."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Avg, Case, Count, F, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.models import Entry
from pavillon.core.permissions import is_allowed
from pavillon.core.wall import house
from pavillon.crm.queries.timeline import Link
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.metrics.queries import totals
from pavillon.showroom.models import Buyer, Enquiry, Shop, ShowroomSettings
from pavillon.ui import steady, together

# Enquiries of these many days make the response time that a seller sees of himself.
RESPONSE_DAYS = 90


def monitoring_rows(user: Any) -> Any:
    """Enquiries in a person's reach with `is_waiting` (1 while the buyer waits) and since when, for the list.

    The messages are not joined: nothing of what was written can slip into the page.
    """
    return (
        Enquiry.objects.visible_to(user)
        .annotate(is_waiting=Case(When(state="new", then=Value(1)), default=Value(0), output_field=IntegerField()))
        .annotate(waits_since=Case(When(state="new", then=F("sent_at"))))
        .select_related("shop__company__region", "product", "buyer", "country")
    )


def longest_waiting(user: Any, hours: int, most: int) -> list[Enquiry]:
    """The first of those whose buyer has waited for more than `hours`: of all that wait, the oldest."""
    waiting = steady.rows(("enquiries that wait", most), user, lambda who: _waiting(who)[:most])
    before = timezone.now() - timedelta(hours=hours)
    return [enquiry for enquiry in waiting if enquiry.sent_at < before]


def enquiries_to_open(numbers: list[int], user: User) -> dict[int, Link]:
    """The pages of those of these enquiries that a person of the team may open."""
    if not is_allowed(user, "showroom.view_enquiry_state"):
        return {}
    rows = Enquiry.objects.visible_to(user).filter(pk__in=numbers).only("pk")
    return {
        row.pk: Link(row.reference, reverse("showroom_team:enquiry", args=[row.pk]), "message-square") for row in rows
    }


class PassedUp(NamedTuple):
    """Who passed an enquiry up to managers last, and whom that told."""

    by: User | None = None
    told: tuple[User, ...] = ()


def passed_up(enquiry: Enquiry) -> PassedUp:
    """As the trail keeps it; of what was passed up before it kept whom, nobody."""
    with house():
        lines = Entry.objects.about(enquiry).filter(verb="showroom.enquiry_escalated").select_related("actor")
        last = lines.order_by("-pk").first()
        if last is None:
            return PassedUp()
        people = User.objects.filter(pk__in=last.facts.get("told", [])).order_by("last_name", "first_name", "pk")
        return PassedUp(last.actor, tuple(people))


def _waiting(user: Any) -> Any:
    """What the desk tells of them."""
    rows = Enquiry.objects.visible_to(user).unanswered().select_related("shop__company", "country")
    told = (
        "kind",
        "state",
        "sent_at",
        "escalated_at",
        "response_minutes",
        "shop__company__name",
        "country__name_fr",
        "country__name_en",
    )
    return rows.only(*told).order_by("sent_at")


@house()
def response_of(shop: Shop) -> dict[str, Any]:
    """How a shop answers: {asked, answered, rate (0-1 or None), minutes (mean of the first answers or None)}.

    Enquiries of the last 90 days; a refusal with a word counts as an answer.
    """
    since = timezone.now() - timedelta(days=RESPONSE_DAYS)
    figures = shop.enquiries.filter(sent_at__gte=since).aggregate(
        asked=Count("pk"), answered=Count("first_answered_at"), minutes=Avg("response_minutes")
    )
    rate = figures["answered"] / figures["asked"] if figures["asked"] else None
    return {**figures, "rate": rate, "minutes": round(figures["minutes"]) if figures["minutes"] is not None else None}


def shop_of(company: Company, user: Any) -> Shop | None:
    """The shop of a company, if the reader may see it."""
    return Shop.objects.visible_to(user).filter(company=company).first() if may_hold(company, Shop) else None


@house()
def company_figures(company: Company, *, since: date | None = None) -> dict[str, Any]:
    """The funnel of a company: views of its shop and sheets, enquiries, answers; since a day or the start."""
    views = totals(
        ["showroom.shop_viewed", "showroom.product_viewed"], company_ids=[company.pk], since=since, by="kind"
    )
    counted = {row["kind"]: row["count"] for row in views}
    enquiries = Enquiry.objects.filter(shop__company=company)
    if since:
        enquiries = enquiries.filter(sent_at__date__gte=since)
    asked = enquiries.aggregate(
        enquiries=Count("pk"), waiting=Count("pk", filter=Q(state="new")), answered=Count("first_answered_at")
    )
    return {
        "shop_views": counted.get("showroom.shop_viewed", 0),
        "product_views": counted.get("showroom.product_viewed", 0),
        "views": sum(counted.values()),
        **asked,
    }


def gauge_and_settings() -> tuple[dict[str, int], ShowroomSettings]:
    """Shops by step and the referenced ones (SHOW-04), and the figures of the agency; one statement.

    {applied, opened, online, closed, referenced}, and the settings as `showroom_settings` says them.
    """
    referenced = Count("pk", filter=Q(pk__in=Shop.objects.referenced().values("pk")))
    told = together.ask(
        states=Shop.objects.order_by().values_list("state").annotate(n=Count("pk"), referenced=referenced),
        settings=ShowroomSettings.objects.filter(pk=1),
    )
    found = {state: n for state, n, _referenced in told["states"]}
    states = {state: found.get(state, 0) for state in ("applied", "opened", "online", "closed")}
    states["referenced"] = sum(n for _state, _all, n in told["states"])
    return states, next(iter(told["settings"]), None) or ShowroomSettings(pk=1)


def gauge() -> dict[str, int]:
    """The shops alone."""
    return gauge_and_settings()[0]


def buyers_by_country() -> list[Any]:
    """Registered buyers per country, largest first: [{code, name_fr, name_en, n}]."""
    return list(
        Buyer.objects.order_by()
        .values(code=F("country"), name_fr=F("country__name_fr"), name_en=F("country__name_en"))
        .annotate(n=Count("pk"))
        .order_by("-n", "code")
    )


@house()
def buyer_history(buyer: Buyer, enquiry: Enquiry) -> dict[str, Any]:
    """What a seller may know of a buyer's past on the platform: how many shops he wrote to, since when, to us."""
    figures = buyer.enquiries.aggregate(enquiries=Count("pk"), shops=Count("shop", distinct=True))
    return {**figures, "to_us": buyer.enquiries.filter(shop=enquiry.shop).count(), "since": buyer.created_at}


@house()
def market_facts(enquiry: Enquiry) -> dict[str, Any]:
    """The buyer's country on this platform: views of the company from there, enquiries of the vertical, buyers."""
    views = totals(
        ["showroom.shop_viewed", "showroom.product_viewed"],
        company_ids=[enquiry.shop.company_id],
        by="country",
    )
    vertical = enquiry.product.vertical_id if enquiry.product else None
    from_there = Enquiry.objects.filter(country=enquiry.country_id)
    return {
        "views": next((row["count"] for row in views if row["country"] == enquiry.country_id), 0),
        "buyers": Buyer.objects.filter(country=enquiry.country_id).count(),
        "enquiries": from_there.filter(product__vertical=vertical).count() if vertical else from_there.count(),
        "vertical": enquiry.product.vertical if enquiry.product else None,
    }


def buyers_report() -> dict[str, Any]:
    """{rows, total, abroad}: buyers per country; `abroad` leaves France out (ledger CAT-05, LINK-06)."""
    rows = buyers_by_country()
    return {
        "rows": rows,
        "total": sum(row["n"] for row in rows),
        "abroad": sum(row["n"] for row in rows if row["code"] != "FR"),
    }
