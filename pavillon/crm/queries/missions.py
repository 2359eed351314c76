"""How the missions of private partners advance, by country and partner."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.enums import MissionState
from pavillon.crm.models import Mission
from pavillon.reference.models import Country


@dataclass(frozen=True)
class Progress:
    """One partner in one country: missions by step, meetings arranged, mean quality (1 to 5, None before a review)."""

    country: str
    partner: str
    total: int
    running: int
    late: int
    reported: int
    reviewed: int
    meetings: int
    quality: float | None
    # Missions whose report came as a document, and those where the last one came by the deadline.
    delivered: int
    in_time: int


def progress_of(missions: QuerySet[Mission]) -> list[Progress]:
    """Some missions grouped in one statement, and one for the names of countries; by country, then partner."""
    state = MissionState
    rows = (
        missions.exclude(state=state.STOPPED)
        .order_by()
        .values("country", "partner__name")
        .annotate(
            total=Count("pk"),
            running=Count("pk", filter=Q(state=state.RUNNING)),
            late=Count("pk", filter=Q(state=state.RUNNING, due_on__lt=timezone.localdate())),
            reported=Count("pk", filter=Q(state=state.REPORTED)),
            reviewed=Count("pk", filter=Q(state=state.REVIEWED)),
            arranged=Sum("meetings"),
            mean=Avg("quality"),
            delivered=Count("pk", filter=Q(delivered_on__isnull=False)),
            in_time=Count("pk", filter=Q(delivered_on__lte=F("due_on"))),
        )
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    names = Country.objects.in_bulk({row["country"] for row in found if row["country"]})
    lines = [
        Progress(
            str(names.get(row["country"], "–")),
            row["partner__name"],
            row["total"],
            row["running"],
            row["late"],
            row["reported"],
            row["reviewed"],
            row["arranged"] or 0,
            round(float(row["mean"]), 1) if row["mean"] is not None else None,
            row["delivered"],
            row["in_time"],
        )
        for row in found
    ]
    return sorted(lines, key=lambda line: (line.country, line.partner))


# Lines of the desk; the list of missions has them all.
ON_DESK = 12
# How long an opinion about a result is news.
NEWS_DAYS = 30


def missions_of_partner(user: User) -> list[Mission]:
    """What a partner's desk shows, in one statement: what runs by deadline, the reader's own first; what waits for the
    agency's opinion; what it thought of the last results."""
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    steps = Case(
        When(state=MissionState.RUNNING, adviser=user, then=Value(0)),
        When(state=MissionState.RUNNING, then=Value(1)),
        When(state=MissionState.REPORTED, then=Value(2)),
        When(state=MissionState.REVIEWED, reviewed_at__gte=since, then=Value(3)),
        output_field=IntegerField(),
    )
    rows = Mission.objects.visible_to(user).with_names().annotate(step=steps).filter(step__isnull=False)
    return list(rows.order_by("step", "due_on", "pk")[:ON_DESK])
