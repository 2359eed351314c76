"""How the missions of private partners advance, by country and partner."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.utils import timezone

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
