"""The typical week is drawn and applied; days end with the plan of the next."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.agenda.actions.entries import create_entry, move_entry, wake_agenda
from pavillon.agenda.enums import Activity, EntryKind, Repeat, Sight
from pavillon.agenda.models import DayPlan, Entry, Participant, TemplateCell, WeeklyTemplate
from pavillon.agenda.queries.calendar import midnight, moment_at, monday_of
from pavillon.agenda.queries.checks import Stretch, free_time, without
from pavillon.agenda.queries.plans import day_of_plan, next_working_day
from pavillon.agenda.queries.templates import Cell, lay_out, week_of
from pavillon.reference.queries import is_working_day

HOURS = ("morning_from", "morning_until", "afternoon_from", "afternoon_until")


@transaction.atomic
def change_template(
    *,
    by: User,
    cells: Iterable[Cell],
    morning: tuple[datetime.time, datetime.time],
    afternoon: tuple[datetime.time, datetime.time],
    buffer: int,
    one_to_ones: int,
    organisation: Organisation | None = None,
) -> WeeklyTemplate:
    """Draw one's own typical week, or that of one's organisation for those who have none."""
    owner = {"organisation": organisation} if organisation else {"person": by}
    template, _new = WeeklyTemplate.objects.select_for_update().get_or_create(**owner)
    before = sorted(template.cells.values_list("activity", "weekday", "half"))
    was = {name: str(getattr(template, name)) for name in (*HOURS, "buffer", "one_to_ones")}
    template.morning_from, template.morning_until = morning
    template.afternoon_from, template.afternoon_until = afternoon
    template.buffer, template.one_to_ones = buffer, one_to_ones
    template.save()
    chosen = set(cells)
    template.cells.all().delete()
    TemplateCell.objects.bulk_create(
        TemplateCell(template=template, activity=activity, weekday=day, half=half) for activity, day, half in chosen
    )
    changes = {name: [old, str(getattr(template, name))] for name, old in was.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    after = sorted((str(a), day, str(half)) for a, day, half in chosen)
    if before != after:
        changes["cells"] = [" ".join("-".join(map(str, cell)) for cell in cells) for cells in (before, after)]
    record("agenda.template_changed", template, by=by, changes=changes)
    return template


@transaction.atomic
def reset_template(*, by: User) -> None:
    """Go back to the typical week of one's organisation, or to that of annex E."""
    for template in WeeklyTemplate.objects.filter(person=by):
        record("agenda.template_reset", template, by=by)
        template.delete()


@transaction.atomic
def apply_template(*, by: User, monday: datetime.date) -> int:
    """Set aside the times of the typical week in a real one. How many entries it made.

    Holidays, days off and what has begun are left out, and so is every stretch that is taken: an appointment shortens
    or removes the slot that it meets. Applied again, the untouched slots of that week are laid anew.
    """
    monday = monday_of(monday)
    end = monday + datetime.timedelta(days=7)
    week = week_of(by, by.organisation)
    now = timezone.now()
    rows = Entry.objects.filter(owner=by).between(midnight(monday), midnight(end))
    rows.filter(kind=EntryKind.SLOT, starts_at__gte=now, spans__isnull=True, done_at__isnull=True).delete()
    taken = list(rows.values_list("starts_at", "ends_at"))
    made = []
    for day in (monday + datetime.timedelta(days=n) for n in range(5)):
        if not is_working_day(day, by.region_id):
            continue
        slots = [slot for half in ("am", "pm") for slot in lay_out(week, day.weekday(), half)]
        for activity, start, until in slots:
            piece = (moment_at(day, start), moment_at(day, until))
            made += [
                Entry(
                    owner=by,
                    organisation=by.organisation,
                    kind=EntryKind.SLOT,
                    activity=activity,
                    title=str(Activity(activity).label),
                    starts_at=a,
                    ends_at=b,
                    is_busy=False,
                    sight=Sight.TEAM,
                )
                for a, b in without([piece], taken)
                if a >= now and b - a >= datetime.timedelta(minutes=10)
            ]
    Entry.objects.bulk_create(made)
    record("agenda.template_applied", by, by=by, monday=str(monday), entries=len(made))
    wake_agenda(by)
    return len(made)


@transaction.atomic
def plan_day(*, by: User, done: Iterable[Entry], moved: Iterable[Entry], first_things: str = "") -> DayPlan:
    """End the day: what is ticked is done, what is to be moved goes to free time of the next working day.

    A line for which no time is free keeps its length at the end of that day's afternoon. Made again the same day, the
    plan is replaced.
    """
    today = timezone.localdate()
    tomorrow = next_working_day(today, by)
    plan = day_of_plan(by, today)
    ticked, put_off = {entry.pk for entry in done}, {entry.pk for entry in moved}
    finished = 0
    placed: list[Stretch] = []
    count = 0
    for entry in plan.lines:
        if entry.pk in ticked:
            if entry.done_at is None:
                entry.done_at = timezone.now()
                entry.save(update_fields=["done_at", "changed_at"])
            finished += 1
        elif entry.pk in put_off:
            stretch = free_time(by, tomorrow, entry.minutes, taken=placed) or _last_of(by, tomorrow, entry.minutes)
            placed.append(stretch)
            move_entry(entry=entry, starts_at=stretch[0], ends_at=stretch[1], by=by)
            count += 1
        else:
            finished += entry.done_at is not None
    row, _new = DayPlan.objects.update_or_create(
        owner=by,
        made_on=today,
        defaults={
            "day": tomorrow,
            "first_things": first_things.strip(),
            "done": finished,
            "left": len(plan.lines) - finished,
            "moved": count,
        },
    )
    record("agenda.day_planned", row, by=by, done=finished, moved=count)
    wake_agenda(by)
    return row


def _last_of(person: User, day: datetime.date, minutes: int) -> Stretch:
    end = moment_at(day, week_of(person, person.organisation).afternoon[1])
    return end - datetime.timedelta(minutes=minutes), end


@transaction.atomic
def plan_one_to_one(
    *, manager: User | None, starts_at: datetime.datetime, minutes: int, until: datetime.date, title: str, by: User
) -> Entry:
    """A talk with one's manager every week (ledger AGD-02). Raises DayTaken."""
    first = create_entry(
        by=by,
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + datetime.timedelta(minutes=minutes),
        kind=EntryKind.ONE_TO_ONE,
        repeat=Repeat.WEEKLY,
        repeat_until=until,
    )
    if manager is not None and first.series is not None:
        Participant.objects.bulk_create(
            Participant(entry=entry, person=manager, name=manager.full_name, email=manager.email)
            for entry in first.series.entries.all()
        )
        wake_agenda(manager)
    return first
