"""Where somebody stands with his budgets, and who reads most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.vigilance.models import Extension, Habit, Reader, ReadingLimit, Spending

SLOT = timedelta(minutes=5)
HOUR = timedelta(minutes=60)
WEEK = timedelta(days=7)
# A habit is the middle of this many weeks, and of no fewer than three.
HABIT_WEEKS, FEWEST_WEEKS = 8, 3
ROWS = F("opened") + F("listed") + F("exported")


def limit_for(user: User) -> ReadingLimit:
    """The narrowest limit in force for somebody as he acts now; that of the product when nobody decided any."""
    found = ReadingLimit.objects.in_force().filter(
        Q(role="") | Q(role=user.role), Q(organisation=None) | Q(organisation=user.organisation)
    )
    return max(found, key=lambda each: (each.organisation_id is not None, each.role != ""), default=ReadingLimit())


def slot_of(moment: datetime) -> datetime:
    """The five minutes that a moment falls in, as `spend_rows` counts them."""
    return moment - timedelta(seconds=moment.timestamp() % SLOT.total_seconds())


@dataclass(frozen=True)
class Standing:
    """What somebody read and may still read; `hourly`, `most` and `weekly` with the extensions that he has."""

    spent: int
    opened: int
    listed: int
    exported: int
    hourly: int
    most: int
    records: int
    weekly: int
    counted_at: datetime | None
    usual: int | None


def standing_of(user: User) -> Standing:
    """The figures of one person now."""
    now = timezone.now()
    limit, reader = limit_for(user), Reader.objects.filter(pk=user.pk).first()
    since = slot_of(now) - HOUR
    sums = Spending.objects.filter(user=user, slot__gt=since).aggregate(
        opened=Sum("opened", default=0), listed=Sum("listed", default=0), exported=Sum("exported", default=0)
    )
    more = (
        Extension.objects.filter(user=user)
        .in_force(now)
        .aggregate(rows=Sum("rows", default=0), records=Sum("records", default=0))
    )
    return Standing(
        spent=sum(sums.values()),
        **sums,
        hourly=limit.hourly_rows + more["rows"],
        most=limit.most_rows + more["rows"],
        records=reader.records if reader else 0,
        weekly=limit.weekly_records + more["records"],
        counted_at=reader.counted_at if reader else None,
        usual=usual_weeks([user.pk]).get(user.pk),
    )


def usual_weeks(people: Iterable[int]) -> dict[int, int]:
    """The middle of the last weeks' different records, of those who have weeks enough."""
    since = timezone.localdate() - timedelta(weeks=HABIT_WEEKS + 1)
    weeks: dict[int, list[int]] = {}
    for user, records in Habit.objects.filter(user__in=list(people), week_on__gte=since).values_list("user", "records"):
        weeks.setdefault(user, []).append(records)
    return {user: int(median(counts)) for user, counts in weeks.items() if len(counts) >= FEWEST_WEEKS}


def heaviest_readers(most: int = 10) -> list[dict[str, Any]]:
    """Who was shown most rows within the hour: [{"user": User, "spent": 812}, …]."""
    since = slot_of(timezone.now()) - HOUR
    rows = Spending.objects.filter(slot__gt=since).values("user").annotate(spent=Sum(ROWS)).order_by("-spent")[:most]
    people = User.objects.in_bulk([row["user"] for row in rows])
    return [{"user": people[row["user"]], "spent": row["spent"]} for row in rows]


def weekly_rows(since: datetime, *, least: int = 0) -> dict[int, int]:
    """Rows of each person since a moment, of those with at least so many: nobody has more records than rows."""
    rows = Spending.objects.filter(slot__gt=since).values("user").annotate(n=Sum(ROWS)).filter(n__gte=least)
    return {row["user"]: row["n"] for row in rows}


def different_records(people: Iterable[int], since: datetime, until: datetime) -> dict[int, int]:
    """How many different records each was shown, from the read log; readings of the log itself do not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, count(*) FROM (SELECT DISTINCT r.user_id, r.model, k.number FROM security_reading r"
            " CROSS JOIN LATERAL unnest(CASE WHEN r.object_id <> '' THEN ARRAY[r.object_id] ELSE r.ids::text[] END)"
            " AS k (number) WHERE r.user_id = ANY(%s) AND r.read_at >= %s AND r.read_at < %s"
            " AND r.how NOT IN ('audit', 'refused')"
            ") AS different GROUP BY user_id",
            [list(people), since, until],
        )
        return dict(cursor.fetchall())
