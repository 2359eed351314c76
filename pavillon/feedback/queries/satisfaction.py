"""How well each screen serves, month by month."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Avg, Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.feedback.models import Feedback
from pavillon.feedback.queries.screens import screen_name

MONTHS = 6


@dataclass
class Line:
    """One screen: its mean and number of ratings by month, in the order of the months."""

    screen: str
    name: str
    cells: list[tuple[float, int] | None]
    count: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float:
        return round(self.total / self.count, 1)


@dataclass
class Satisfaction:
    """The last months, oldest first, and the screens, those with most ratings first."""

    months: list[datetime.date]
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def mean(self) -> float:
        return round(sum(line.total for line in self.lines) / self.count, 1)


def satisfaction_of(user: User) -> Satisfaction:
    """One statement, grouped by screen and month."""
    months = _months(timezone.localdate())
    since = datetime.datetime.combine(months[0], datetime.time.min, timezone.get_current_timezone())
    rows = (
        Feedback.objects.visible_to(user)
        .filter(created_at__gte=since)
        .order_by()
        .values("screen", month=TruncMonth("created_at"))
        .annotate(count=Count("pk"), mean=Avg("rating"))
    )
    lines: dict[str, Line] = defaultdict(lambda: Line("", "", [None] * MONTHS))
    for row in rows:
        line = lines[row["screen"]]
        line.screen, line.name = row["screen"], screen_name(row["screen"])
        line.cells[months.index(timezone.localtime(row["month"]).date())] = (round(row["mean"], 1), row["count"])
        line.count += row["count"]
        line.total += row["mean"] * row["count"]
    return Satisfaction(months, sorted(lines.values(), key=lambda line: (-line.count, line.name)))


def _months(today: datetime.date) -> list[datetime.date]:
    """The first days of this month and of those before it, oldest first."""
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - datetime.timedelta(days=1)).replace(day=1))
    return found[::-1]
