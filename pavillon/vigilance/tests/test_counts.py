"""Counts that jobs keep and forget, and what erasing a person does here."""

from datetime import date, timedelta

from django.utils import timezone

from pavillon.activity.models import Entry
from pavillon.core.personal_data import holdings
from pavillon.security.models import Reading
from pavillon.vigilance import actions, tasks
from pavillon.vigilance.models import Exemption, Extension, Habit, Incident, Reader, Rehearsal, Rule, Spending


def test_keep_habits_counts_different_records_of_the_week_before(cast):
    monday = date(2026, 3, 2)
    moment = timezone.make_aware(timezone.datetime(2026, 3, 4, 10))
    Spending.objects.create(user=cast.nour, slot=moment, opened=3)
    for pk in ("1", "1", "2"):
        Reading(user=cast.nour, model="directory.company", object_id=pk, how="page", read_at=moment).save()
    Reading(user=cast.nour, model="directory.company", how="list", rows=2, ids=[2, 3], read_at=moment).save()
    Reading(user=cast.nour, model="directory.company", object_id="9", how="audit", read_at=moment).save()
    Reading(
        user=cast.nour, model="directory.company", object_id="8", how="page", read_at=moment - timedelta(days=7)
    ).save()
    for _time in range(2):
        actions.keep_habits(today=monday + timedelta(days=9))
    assert [(habit.week_on, habit.records) for habit in Habit.objects.all()] == [(monday, 3)]


def test_forget_old_rows(cast):
    now = timezone.now()
    Spending.objects.create(user=cast.nour, slot=now - timedelta(days=9), listed=5)
    Spending.objects.create(user=cast.nour, slot=now, listed=6)
    tasks.forget_old_rows(timestamp=0)
    assert [row.listed for row in Spending.objects.all()] == [6]


def test_what_a_job_reads_is_counted_and_never_refused(cast):
    user = cast.nour
    for _time in range(2):
        assert not actions.spend_rows(user=user, listed=7000, may_refuse=False).is_refusal
    assert actions.spend_rows(user=user, listed=1).is_refusal


def test_erasing_a_person_takes_the_counts_and_what_incidents_said(cast):
    now, user = timezone.now(), cast.nour
    rule = Rule.objects.first()
    spending = Spending.objects.create(user=user, slot=now, opened=1)
    reader = Reader.objects.create(user=user)
    habit = Habit.objects.create(user=user, week_on=now.date(), records=4)
    wish = Extension.objects.create(user=user, rows=5, reason="Salon")
    exemption = Exemption.objects.create(user=user, starts_at=now, ends_at=now + timedelta(days=1), reason="x")
    incident = Incident.objects.create(
        kind="new_country", user=user, began_at=now, facts={"country": "BR"}, response="alert", reason="Voyage"
    )
    rehearsal = Rehearsal.objects.create(rule=rule, since=now, until=now, found=[{"user": user.pk}])
    declared = {
        spending: actions.forget_spending,
        reader: actions.forget_reader,
        habit: actions.forget_habit,
        wish: actions.forget_extension,
        exemption: actions.forget_exemption,
        incident: actions.forget_incident,
        rehearsal: actions.forget_rehearsal,
    }
    for row, forget in declared.items():
        assert holdings()[type(row)].erase.__wrapped__ is forget
    actions.forget_spending(spending)
    actions.forget_reader(reader)
    actions.forget_habit(habit)
    actions.forget_extension(wish)
    actions.forget_exemption(exemption)
    actions.forget_incident(incident)
    actions.forget_rehearsal(rehearsal)
    for table in (Spending, Reader, Habit, Extension, Exemption):
        assert not table.objects.filter(user=user).exists()
    incident.refresh_from_db()
    rehearsal.refresh_from_db()
    assert (incident.facts, incident.reason, rehearsal.found) == ({}, "", [])


def test_note_refused_rows_says_in_the_trail_what_was_not_shown(cast):
    actions.note_refused_rows(user=cast.nour, rows=50, path="/companies/")
    line = Entry.objects.about(cast.nour).get(verb="vigilance.rows_refused")
    assert (line.actor, line.facts) == (cast.nour, {"rows": 50, "reason": "/companies/"})
