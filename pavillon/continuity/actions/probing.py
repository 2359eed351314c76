"""What the probe saw, taken in: every second between two answers is up, down or not observed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pavillon.continuity.actions.incidents import close_incident, open_incident
from pavillon.continuity.enums import Kind, Reason
from pavillon.continuity.models import Day, Maintenance, Probe

# Farther apart than this many of its own steps, nobody knows what was between two answers.
STEPS = 3
LEAST_PATIENCE = timedelta(seconds=60)
# A single unanswered question counts its seconds; an incident needs a second one.
ANSWERS_OF_AN_OUTAGE = 2


@transaction.atomic
def take_in_answers(*, probe: str, answers: Iterable[dict[str, Any]]) -> int:
    """Add the answers of a journal, in the order of time; those known already are left out. Returns how many were new.

    An answer is {at, up, reason, every}: `every` seconds later the next one is expected.
    """
    Probe.objects.get_or_create(name=probe)
    row = Probe.objects.select_for_update().get(name=probe)
    spent: dict[Any, list[int]] = {}
    taken = 0
    for answer in answers:
        at = _whole_ms(datetime.fromisoformat(answer["at"]))
        if row.last_at is not None and at <= row.last_at:
            continue
        _add_span(row, at, spent)
        _turn(row, at, answer)
        spent.setdefault(timezone.localdate(at), [0, 0, 0, 0])[3] += 1
        taken += 1
    for on, (observed, down, planned, count) in spent.items():
        Day.objects.get_or_create(probe=row, on=on)
        Day.objects.filter(probe=row, on=on).update(
            observed_ms=F("observed_ms") + observed,
            down_ms=F("down_ms") + down,
            planned_ms=F("planned_ms") + planned,
            answers=F("answers") + count,
        )
    if taken:
        row.save()
    return taken


def _add_span(row: Probe, at: datetime, spent: dict[Any, list[int]]) -> None:
    """The time since the last answer, under the days that it lies in."""
    begin = row.last_at
    if begin is None or at - begin > max(STEPS * timedelta(seconds=row.every), LEAST_PATIENCE):
        return
    while begin < at:
        day = timezone.localdate(begin)
        midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
        end = min(at, midnight)
        ms = spent.setdefault(day, [0, 0, 0, 0])
        length = (end - begin) // timedelta(milliseconds=1)
        ms[0] += length
        if not row.is_up:
            ms[1] += length
            ms[2] += min(length, _announced(begin, end))
        begin = end


def _whole_ms(at: datetime) -> datetime:
    """A moment cut to its millisecond: spans between such moments add up, wherever midnight parts them."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _announced(begin: datetime, end: datetime) -> int:
    """How many milliseconds between two moments lay in announced work; works that overlap count once."""
    covered, reached = timedelta(), begin
    works = Maintenance.objects.standing().filter(starts_at__lt=end, ends_at__gt=begin).order_by("starts_at")
    for work in works:
        start, stop = max(_whole_ms(work.starts_at), reached), min(_whole_ms(work.ends_at), end)
        if stop > start:
            covered, reached = covered + (stop - start), stop
    return covered // timedelta(milliseconds=1)


def _turn(row: Probe, at: datetime, answer: dict[str, Any]) -> None:
    """The state after an answer; an outage begins with its first unanswered question and ends with the first answer."""
    is_up = bool(answer["up"])
    if is_up != row.is_up or row.since is None:
        if is_up and row.since is not None:
            close_incident(Kind.OUTAGE, at=at)
        row.is_up, row.since, row.answers = is_up, at, 0
    row.answers += 1
    row.last_at, row.every = at, int(answer["every"])
    row.reason = answer["reason"] if answer.get("reason") in Reason.values else ""
    if not is_up and row.answers == ANSWERS_OF_AN_OUTAGE:
        assert row.since is not None
        announced = Maintenance.objects.standing().filter(starts_at__lte=row.since, ends_at__gt=row.since).exists()
        open_incident(Kind.OUTAGE, at=row.since, is_planned=announced, reason=row.reason)
