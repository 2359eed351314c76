"""Which companies are qualified: what is missing on one, how many there are on any day, against the target."""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext

from pavillon.accounts.enums import Network
from pavillon.core.postgresql.kept import Kept
from pavillon.crm.enums import QualifyingField
from pavillon.crm.models import QualificationChecklist, QualifiedPeriod, QualifiedTarget
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.reference.models import Region
from pavillon.ui import charts, steady
from pavillon.ui.words import day as told_day

# The facts of companies. Only exchanges shared with the whole team count: a private one must not be guessed from here.
FACTS = """
    SELECT c.id AS company_id, coalesce(n.network, '') AS network, c.size IN ('PME', 'ETI') AS is_sized,
        coalesce(i.met, false) AS is_met, coalesce(m.has_project, false) AS has_project,
        array_remove(ARRAY[
            CASE WHEN c.sector_id IS NOT NULL THEN 'sector' END,
            CASE WHEN c.headcount IS NOT NULL OR c.workforce_band_id IS NOT NULL THEN 'headcount' END,
            CASE WHEN c.region_id IS NOT NULL THEN 'region' END,
            CASE WHEN c.turnover IS NOT NULL THEN 'turnover' END,
            CASE WHEN coalesce(c.export_class, '') <> '' THEN 'export_class' END,
            CASE WHEN c.website <> '' THEN 'website' END,
            CASE WHEN p.decides THEN 'decision_maker' END
        ], NULL) AS known
    FROM directory_company c
    LEFT JOIN LATERAL (
        SELECT ms.network FROM crm_referent r
        JOIN accounts_membership ms ON ms.user_id = r.adviser_id AND ms.organisation_id = r.organisation_id
            AND ms.network IN ('ci', 'cai') AND ms.starts_on <= %(today)s
            AND (ms.ends_on IS NULL OR ms.ends_on >= %(today)s)
        WHERE r.company_id = c.id AND r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)
        ORDER BY ms.id LIMIT 1
    ) n ON true
    LEFT JOIN LATERAL (
        SELECT true AS met FROM crm_interaction e
        WHERE e.company_id = c.id AND e.visibility = 'team' AND e.kind IN ('call', 'visit', 'meeting')
            AND e.outcome <> 'no_answer'
            AND e.happened_at > %(now)s - make_interval(months => %(months)s::int) LIMIT 1
    ) i ON true
    LEFT JOIN LATERAL (
        SELECT true AS has_project FROM directory_market k
        WHERE k.company_id = c.id AND k.maturity <> 'left' LIMIT 1
    ) m ON true
    LEFT JOIN LATERAL (
        SELECT true AS decides FROM directory_contact d
        WHERE d.company_id = c.id AND d.is_decision_maker AND d.merged_into_id IS NULL LIMIT 1
    ) p ON true
    WHERE c.merged_into_id IS NULL AND c.closed_on IS NULL AND ({which})
"""
_OF_ONE = Kept(FACTS.replace("{which}", "c.id = %(company)s"))
PORTFOLIOS = """c.id IN (SELECT company_id FROM crm_referent
    WHERE starts_on <= %(today)s AND (ends_on IS NULL OR ends_on >= %(today)s))
    AND (%(some)s::bigint[] IS NULL OR c.id = ANY(%(some)s))"""
CURVE = """
    SELECT day, count(DISTINCT p.company_id), count(DISTINCT p.company_id) FILTER (WHERE p.network = 'ci'),
        count(DISTINCT p.company_id) FILTER (WHERE p.network = 'cai')
    FROM unnest(%s::date[]) AS day
    LEFT JOIN crm_qualifiedperiod p ON p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on > day)
    GROUP BY day
"""


_checklists_on = steady.Form(
    lambda day: QualificationChecklist.objects.until(day)[:1],
    (datetime.date(1802, 1, 1),),
    (datetime.date(1852, 1, 1),),
)
_running = steady.Form(
    lambda company: QualifiedPeriod.objects.filter(company=company, ends_on__isnull=True)[:1],
    (5_550_000_001,),
    (6_660_000_001,),
)


def checklist_on(day: datetime.date) -> QualificationChecklist:
    """The version that holds on a day; the usual one, not stored, as long as nobody decided another."""
    return next(iter(_checklists_on(day)), None) or QualificationChecklist()


def values_of(checklist: QualificationChecklist, some: list[int] | None) -> dict[str, Any]:
    """The parameters of the statements above, as of now."""
    return {
        "now": timezone.now(),
        "today": timezone.localdate(),
        "months": checklist.interview_months,
        "fields": list(checklist.fields),
        "needs_project": checklist.needs_project,
        "some": some,
    }


@dataclass(frozen=True)
class Point:
    """One condition of the checklist, and whether a company meets it."""

    label: str
    is_met: bool


@dataclass(frozen=True)
class Standing:
    """One company against the checklist of today; `period` when it counts as qualified."""

    points: list[Point]
    period: QualifiedPeriod | None

    @property
    def missing(self) -> int:
        return sum(not point.is_met for point in self.points)


def standing_of(company: Company) -> Standing:
    """What a company meets and lacks: three statements at most."""
    checklist = checklist_on(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONE, {**values_of(checklist, None), "company": company.pk})
        row = cursor.fetchone()
    points: list[Point] = []
    if row is not None:
        _company, network, is_sized, is_met, has_project, known = row
        points.append(Point(told("size"), is_sized))
        points.append(Point(told("portfolio"), bool(network)))
        points += [Point(str(QualifyingField(code).label), code in known) for code in checklist.fields]
        points.append(Point(told("interview"), is_met))
        if checklist.needs_project:
            points.append(Point(told("project"), has_project))
    periods = _running(company.pk) if may_hold(company, QualifiedPeriod) else []
    return Standing(points, next(iter(periods), None))


def told(code: str) -> str:
    """The conditions that are no fact of the card, in words."""
    words = {
        "size": gettext("An SME or a mid-cap"),
        "portfolio": gettext("In the portfolio of a CI or a CAI adviser"),
        "interview": gettext("Interview shared with the whole team"),
        "project": gettext("Export project: a market considered or worked"),
    }
    return words[code]


@dataclass(frozen=True)
class Line:
    """One region: how many companies are qualified in the portfolios of each network."""

    name: str
    ci: int
    cai: int

    @property
    def total(self) -> int:
        return self.ci + self.cai


@dataclass(frozen=True)
class Qualified:
    """The count of a day, by region and network, beside the target that it goes to (None: nobody set one)."""

    on: datetime.date
    checklist: QualificationChecklist
    whole: Line
    regions: list[Line]
    target: QualifiedTarget | None

    @property
    def percent(self) -> int:
        return round(100 * self.whole.total / self.target.count) if self.target else 0

    @property
    def left(self) -> int:
        return max(0, self.target.count - self.whole.total) if self.target else 0


def qualified_on(day: datetime.date) -> Qualified:
    """Distinct companies that were qualified on a day, recounted from the periods: four statements."""
    rows = (
        QualifiedPeriod.objects.on(day)
        .order_by()
        .values_list("company__region", "network")
        .annotate(n=Count("company", distinct=True))
    )
    counts: dict[Any, dict[str, int]] = defaultdict(dict)
    for region, network, n in rows:
        counts[region][network] = n
    names = Region.objects.in_bulk([region for region in counts if region])
    regions = [
        Line(str(names.get(region, "–")), found.get(Network.CI, 0), found.get(Network.CAI, 0))
        for region, found in counts.items()
    ]
    whole = Line("", sum(line.ci for line in regions), sum(line.cai for line in regions))
    regions.sort(key=lambda line: (-line.total, line.name))
    return Qualified(day, checklist_on(day), whole, regions, target_on(day))


def target_on(day: datetime.date) -> QualifiedTarget | None:
    """The next target from a day on, else the last one that was set."""
    return QualifiedTarget.objects.filter(on__gte=day).first() or QualifiedTarget.objects.last()


def curve_of(day: datetime.date) -> str:
    """Twelve months up to a day and the days of the targets, beside the target that each goes to: two statements."""
    targets = {target.on: target.count for target in QualifiedTarget.objects.all()}
    days = sorted({*(_months_before(day, n) for n in range(12, -1, -1)), *targets})
    with connection.cursor() as cursor:
        cursor.execute(CURVE, [days])
        counts = {on: each for on, *each in cursor.fetchall()}
    today = timezone.localdate()
    return charts.line(
        gettext("Qualified SMEs and mid-caps"),
        [told_day(each) for each in days],
        [
            *(
                charts.Series(name, [counts[each][place] if each <= today else None for each in days])
                for place, name in enumerate((gettext("Qualified companies"), "CI", "CAI"))
            ),
            charts.Series(gettext("Target"), [_to_reach(targets, each) for each in days]),
        ],
    )


def _to_reach(targets: dict[datetime.date, int], day: datetime.date) -> int | None:
    """The count of the next target from a day on."""
    return next((targets[on] for on in sorted(targets) if on >= day), None)


def _months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day some months before, or the last one of that month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
