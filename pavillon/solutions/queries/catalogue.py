"""The catalogue as visitors search it, and the solutions that answer a result."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from pavillon.accounts.models import User
from pavillon.reference.models import Country, Region
from pavillon.solutions.enums import SolutionState, Stage
from pavillon.solutions.models import Diagnosis, Provider, Solution
from pavillon.solutions.models.catalogue import APPROVERS


def search_solutions(
    *,
    text: str = "",
    need: str = "",
    stage: str = "",
    country: str = "",
    line: str = "",
    region: str = "",
    cost: str = "",
    provider: str = "",
) -> QuerySet[Solution]:
    """Published solutions by any mix of filters; "" does not filter.

    A solution without country, line or region is for all of them, so it answers every filter of that kind.
    """
    rows = Solution.objects.published().select_related("provider").prefetch_related("regions")
    if text:
        words = Q(pk__isnull=False)
        for word in text.split()[:6]:
            words &= (
                Q(title_fr__icontains=word)
                | Q(title_en__icontains=word)
                | Q(summary_fr__icontains=word)
                | Q(summary_en__icontains=word)
                | Q(provider__name_fr__icontains=word)
            )
        rows = rows.filter(words)
    exact: Mapping[str, str] = {"need": need, "cost": cost, "provider": provider}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if stage:
        rows = rows.filter(stages__contains=[stage])
    if line:
        rows = rows.filter(Q(lines=[]) | Q(lines__contains=[line]))
    if country:
        rows = rows.filter(Q(countries__isnull=True) | Q(countries=country))
    if region:
        rows = rows.filter(Q(regions__isnull=True) | Q(regions=region))
    return rows.distinct().order_by("provider__order", "title_fr")


def find_solution(slug: str) -> Solution | None:
    """A published solution, by its address."""
    rows = Solution.objects.published().select_related("provider").prefetch_related("countries", "regions")
    return rows.filter(slug=slug).first()


def providers_with_counts() -> QuerySet[Provider]:
    """Every provider with `published`: how many of its solutions may be read."""
    published = Count("solutions", filter=Q(solutions__state=SolutionState.PUBLISHED))
    return Provider.objects.annotate(published=published).order_by("order")


def solutions_for(diagnosis: Diagnosis, needs: Iterable[str], *, limit: int = 4) -> list[Solution]:
    """Published solutions for the needs of a path, those of the region first, free ones before paid ones."""
    wanted = list(dict.fromkeys(need for need in needs if need))
    stage = (
        Stage.FIRST if (diagnosis.level or 1) <= 2 else Stage.START if (diagnosis.level or 1) == 3 else Stage.REGULAR
    )
    rows = Solution.objects.published().filter(need__in=wanted, stages__contains=[stage]).select_related("provider")
    rows = rows.for_region(diagnosis.region_id) if diagnosis.region_id else rows.filter(regions__isnull=True)
    rank = {"free": 0, "supported": 1, "paid": 2}
    found = sorted(rows, key=lambda row: (wanted.index(row.need), rank[row.cost], row.provider.order))
    # One solution per need first, so that one need does not fill the page.
    first = list({row.need: row for row in reversed(found)}.values())[::-1]
    return (first + [row for row in found if row not in first])[:limit]


def proposals_for(user: User) -> QuerySet[Solution]:
    """What a proposer wrote, or what waits for an approver, latest first."""
    rows = Solution.objects.visible_to(user).select_related("provider", "proposed_by", "organisation")
    if not user.has_role(*APPROVERS):
        rows = rows.filter(organisation=user.organisation)
    return rows.order_by("-changed_at")


def filter_values() -> dict[str, Any]:
    """The regions and countries that a filter may name."""
    used = Solution.objects.published()
    return {
        "regions": Region.objects.exclude(zone="com").order_by("name_fr"),
        "countries": Country.objects.filter(pk__in=used.values("countries")).order_by("name_fr"),
    }
