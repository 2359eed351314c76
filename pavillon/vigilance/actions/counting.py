"""Slow reading: different records of seven days, counted every ten minutes for whoever reads much, and habits."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts import actions as accounts
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.vigilance.actions.incidents import open_incident
from pavillon.vigilance.enums import Kind, Response
from pavillon.vigilance.models import Extension, Habit, Reader, ReadingLimit, Spending
from pavillon.vigilance.queries.budgets import HOUR, WEEK, different_records, limit_for, usual_weeks, weekly_rows

# So many people's weeks are counted in one statement.
BATCH = 50
KEPT = timedelta(days=8)


def count_records() -> int:
    """Count the different records of whoever read within the hour and may be near a limit. Returns how many people.

    Nobody has read more different records than rows: whose rows of seven days stay below every limit is not counted.
    """
    now = timezone.now()
    floor = min(
        [min(each.habit_floor, each.weekly_records * 4 // 5) for each in ReadingLimit.objects.in_force()]
        or [min(ReadingLimit().habit_floor, ReadingLimit().weekly_records * 4 // 5)]
    )
    heavy = set(weekly_rows(now - WEEK, least=floor)) & set(weekly_rows(now - HOUR))
    waiting = Reader.objects.filter(blocked_at__isnull=False).values_list("pk", flat=True)
    people = User.objects.working().filter(pk__in=heavy | set(waiting)).order_by("pk")
    usual = usual_weeks([person.pk for person in people])
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        counts = different_records([person.pk for person in some], now - WEEK, now)
        for person in some:
            _weigh(person, counts.get(person.pk, 0), usual.get(person.pk), now)
    return len(people)


@transaction.atomic
def _weigh(user: User, records: int, usual: int | None, now: datetime) -> None:
    """Keep the count, and speak when it is beyond the habit or near the ceiling; the next request meets the ceiling."""
    limit = limit_for(user)
    reader, _made = Reader.objects.select_for_update(of=("self",)).get_or_create(user=user)
    before, reader.records, reader.counted_at = reader.records, records, now
    reader.save(update_fields=["records", "counted_at"])
    more = Extension.objects.filter(user=user).in_force(now).aggregate(n=Sum("records", default=0))["n"]
    weekly = limit.weekly_records + more
    if records * 5 > weekly * 4 >= before * 5:
        notify(
            [user],
            "vigilance.budget_near",
            title=_("You have nearly used up your reading budget"),
            body=_("Four fifths of the different records of seven days are read. The page says whom to ask."),
            url="/vigilance/my-reading/",
            email=False,
        )
    if usual is None or records <= max(limit.habit_floor, usual * limit.habit_factor) + more:
        return
    facts = {"records": records, "usual": usual, "factor": limit.habit_factor}
    incident = open_incident(
        kind=Kind.HABIT,
        user=user,
        began_at=now - WEEK,
        count=records,
        facts=facts,
        response=Response.STEP_UP,
        quiet=WEEK,
    )
    if incident is not None:
        accounts.demand_proof(user=user, by=None, reason=Kind.HABIT.value)


@transaction.atomic
def keep_habits(*, today: date) -> int:
    """Keep how many different records each person read in the week before this one. Returns how many people."""
    monday = today - timedelta(days=today.weekday())
    week_on = monday - WEEK
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in (week_on, monday))
    people = sorted(weekly_rows(since))
    made = []
    for start in range(0, len(people), BATCH):
        counts = different_records(people[start : start + BATCH], since, until)
        made += [Habit(user_id=user, week_on=week_on, records=records) for user, records in counts.items()]
    Habit.objects.bulk_create(made, ignore_conflicts=True)
    record("vigilance.habits_kept", by=None, people=len(made))
    return len(made)


@transaction.atomic
def forget_old_rows() -> int:
    """Drop counts that no budget looks at any more. Returns how many."""
    return Spending.objects.filter(slot__lt=timezone.now() - KEPT).delete()[0]
