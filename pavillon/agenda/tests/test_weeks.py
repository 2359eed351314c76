"""The typical week, its checks, the end of the day."""

import datetime
import itertools
from types import SimpleNamespace

import pytest
from django.urls import reverse

from pavillon.activity.models import Notification
from pavillon.agenda import actions
from pavillon.agenda.actions.talks import tell_lost_talk
from pavillon.agenda.enums import Activity
from pavillon.agenda.models import DayPlan, Entry, WeeklyTemplate
from pavillon.agenda.queries import templates
from pavillon.agenda.queries.checks import MeetingReason, add_meeting_reason, checks_of
from pavillon.agenda.tests.factories import at, entry, fresh

AGENDA = "/agenda/"
APPLY = "/agenda/typical-week/apply/"


def slots_of(user):
    """{weekday and half: activities in their order} of what is set aside."""
    found = {}
    for row in Entry.objects.filter(owner=user, kind="slot").order_by("starts_at"):
        local = row.starts_at.astimezone(at(1).tzinfo)
        found.setdefault((local.weekday(), "am" if local.hour < 13 else "pm"), []).append(row.activity)
    return found


@pytest.mark.covers("AGD-01")
def test_the_week_of_annex_e_is_applied_to_a_real_one(cast, sign_in, now_is):
    """Twelve activities over ten half-days, as the specification marks them; what it leaves open is a default."""
    page = sign_in(cast.nour).get(reverse("agenda:template")).text
    assert all(str(label) in page for label in Activity.labels)
    assert page.count("proposed</span>") == 6
    answer = sign_in(cast.nour).post(APPLY, {"monday": "2027-03-08"})
    assert answer["Location"].endswith("on=2027-03-08")
    close = ["reporting", "planning"]
    assert slots_of(cast.nour) == {
        (0, "am"): ["meeting", "follow_up"],
        (0, "pm"): ["prospects", "preparation", *close],
        (1, "am"): ["phone"],
        (1, "pm"): ["visits", *close],
        (2, "am"): ["visits"],
        (2, "pm"): ["visits", "field", *close],
        (3, "am"): ["visits"],
        (3, "pm"): ["phone", *close],
        (4, "am"): ["proposals", "receivables"],
        (4, "pm"): ["networks", *close],
    }
    assert {row.activity for row in Entry.objects.all()} == set(Activity.values)
    sign_in(cast.nour).post(APPLY, {"monday": "2027-03-08"})
    assert sum(map(len, slots_of(cast.nour).values())) == Entry.objects.count(), "applied again, nothing doubles"


def test_holidays_days_off_and_appointments_are_left_free(cast, sign_in, now_is):
    actions.plan_absence(
        starts_on=datetime.date(2027, 3, 30), ends_on=datetime.date(2027, 3, 30), reason="rtt", by=fresh(cast.nour)
    )
    entry(cast.nour, day=31, hour=9, minutes=120, title="Comité")
    sign_in(cast.nour).post(APPLY, {"monday": "2027-03-29"})
    found = slots_of(cast.nour)
    assert {day for day, _half in found} == {2, 3, 4}, "Easter Monday and the day off have none"
    first = Entry.objects.filter(kind="slot").order_by("starts_at").first()
    assert first.starts_at == at(31, 11)


def test_one_draws_the_week_for_oneself_and_a_manager_for_the_organisation(cast, sign_in, now_is):
    hours = {"morning_from": "08:30", "morning_until": "12:00", "afternoon_from": "13:30", "afternoon_until": "17:00"}
    data = {**hours, "buffer": "20", "one_to_ones": "1", "phone-0-am": "on", "visits-4-pm": "on"}
    url = reverse("agenda:change_house_template")
    assert sign_in(cast.nour).get(url).status_code == 403
    assert sign_in(cast.manager).post(url, data).status_code == 302
    week = templates.week_of(fresh(cast.nour), cast.chamber)
    assert week.cells == {("phone", 0, "am"), ("visits", 4, "pm")}
    assert templates.lay_out(week, 0, "am") == [("phone", datetime.time(8, 30), datetime.time(11, 15))]
    own = reverse("agenda:change_template")
    assert 'name="phone-0-am" aria-label' in sign_in(cast.nour).get(own).text
    assert sign_in(cast.nour).post(own, {**data, "afternoon_from": "11:00"}).status_code == 422
    assert sign_in(cast.nour).post(own, {**data, "planning-0-pm": "on"}).status_code == 302
    assert len(templates.week_of(fresh(cast.nour), cast.chamber).cells) == 3
    assert len(templates.week_of(fresh(cast.nina), cast.chamber).cells) == 2
    sign_in(cast.nour).post(reverse("agenda:reset_template"))
    assert WeeklyTemplate.objects.get().organisation == cast.chamber


@pytest.mark.parametrize("buffer", [0, 15, 60])
def test_a_half_day_is_never_filled_beyond_the_share_that_stays_free(buffer):
    week = templates.default_week()
    week = templates.Week(week.cells, week.morning, week.afternoon, buffer, 1, None)
    for day in range(5):
        for half, length in (("am", 210), ("pm", 240)):
            pieces = templates.lay_out(week, day, half)
            used = sum((b.hour - a.hour) * 60 + b.minute - a.minute for _activity, a, b in pieces)
            assert used <= length * (100 - buffer) / 100
            assert all(one[2] <= other[1] for one, other in itertools.pairwise(pieces))


@pytest.mark.covers("AGD-05")
def test_a_week_that_is_full_warns(cast, sign_in, now_is):
    """15 % of the working time stay free by default; the minutes stand beside the share."""
    for day in range(1, 6):
        entry(cast.nour, day=day, hour=9, minutes=210)
        if day < 5:
            entry(cast.nour, day=day, hour=14, minutes=215)
    page = sign_in(cast.nour).get(AGENDA, {"on": "2027-03-01"}).text
    assert "over-booked" not in page, "1,910 of 2,250 minutes are less than 85 %"
    assert "31 h 50 of 37 h 30" in page
    entry(cast.nour, day=5, hour=14, minutes=240)
    page = sign_in(cast.nour).get(AGENDA, {"on": "2027-03-01"}).text
    assert "This week is over-booked." in page
    assert "35 h 50 of 37 h 30 of work are taken, 1 h 40 are left; 15 % should stay free" in page


@pytest.mark.covers("AGD-04")
def test_four_weeks_are_planned_ahead_or_it_is_said(cast, sign_in, now_is):
    for day in (1, 8, 15):
        entry(cast.nour, day=day)
    assert "3/4" in sign_in(cast.nour).get(AGENDA, {"on": "2027-03-01", "view": "weeks4"}).text
    entry(cast.nour, day=22)
    assert "4/4" in sign_in(cast.nour).get(AGENDA, {"on": "2027-03-01", "view": "weeks4"}).text


def test_a_week_without_a_talk_with_the_manager_is_told(cast, sign_in, now_is):
    missing = "No one-to-one with your manager this week."
    client = sign_in(cast.nour)
    assert missing in client.get(AGENDA).text
    data = {"manager": cast.manager.pk, "day": "2027-03-02", "start": "11:00", "minutes": "45", "until": "2027-03-31"}
    assert client.post(reverse("agenda:plan_one_to_one"), data).status_code == 302
    talks = Entry.objects.filter(kind="one_to_one").order_by("starts_at")
    assert [talk.starts_at.day for talk in talks] == [2, 9, 16, 23, 30]
    assert missing not in client.get(AGENDA).text
    assert '11:00<span class="till">–11:45</span>' in sign_in(cast.manager).get(AGENDA).text, "the manager has it too"
    told = Notification.objects.filter(kind="agenda.talk_lost", recipient=cast.manager)
    move = reverse("agenda:move_entry", args=[talks[1].pk])
    for day, lost in (("2027-03-11", 0), ("2027-03-18", 1)):
        moved = {"starts_at": f"{day}T11:00", "minutes": "45"}
        assert sign_in(cast.nour).post(move, moved).status_code == 302
        assert told.count() == lost, "only another week loses it"
    actions.change_entry(entry=talks[3], by=fresh(cast.nour), kind="meeting")
    assert told.count() == 2
    sign_in(cast.nour).post(reverse("agenda:delete_entry", args=[talks[0].pk]))
    assert missing in sign_in(cast.nour).get(AGENDA).text
    assert told.count() == 3
    past = {**data, "day": "2027-02-01"}
    assert sign_in(cast.nour).post(reverse("agenda:plan_one_to_one"), past).status_code == 422


def test_of_two_talks_the_one_that_is_left_is_told(cast, now_is, monkeypatch):
    monkeypatch.setattr("pavillon.agenda.actions.talks.week_of", lambda *whose: SimpleNamespace(one_to_ones=2))
    going = [entry(cast.nour, day=day, kind="one_to_one").pk for day in (2, 3)]
    for lost, words in ((going[:1], "1 of 2"), (going, "No one-to-one is left")):
        tell_lost_talk(Entry.objects.filter(pk__in=lost))
        assert words in Notification.objects.filter(kind="agenda.talk_lost").latest("pk").title


def test_a_large_matter_asks_for_a_second_talk(cast, now_is, monkeypatch):
    monkeypatch.setattr("pavillon.agenda.queries.checks._reasons", [])
    add_meeting_reason(MeetingReason(lambda user: {}, lambda user, told: "A large account is under way."))
    entry(cast.nour, day=2, kind="one_to_one")
    week = checks_of(fresh(cast.nour), at(1).date()).week
    assert (week.one_to_ones, week.needed, week.lacks_one_to_one) == (1, 2, True)
    assert week.reasons == ["A large account is under way."]


@pytest.mark.covers("AGD-03")
def test_the_day_ends_with_the_plan_of_the_next(cast, sign_in, now_is):
    """Asked for in the evening, one press plans it, and it stands there the next morning."""
    call = entry(cast.nour, day=1, hour=9, minutes=30, title="Rappeler la banque", kind="task")
    entry(cast.nour, day=1, hour=11, title="Comité")
    entry(cast.nour, day=2, hour=9, minutes=60, title="Petit-déjeuner")
    now_is(hour=11)
    prompt = "The day draws to its end."
    assert prompt not in sign_in(cast.nour).get(AGENDA).text
    now_is(hour=17)
    assert prompt in sign_in(cast.nour).get(AGENDA).text
    url = reverse("agenda:plan_day")
    page = sign_in(cast.nour).get(url).text
    assert all(title in page for title in ("Rappeler la banque", "Comité", "Petit-déjeuner"))
    done = Entry.objects.get(title="Comité").pk
    sign_in(cast.nour).post(url, {"done": done, "moved": call.pk, "first_things": "Relire l’offre"})
    plan = DayPlan.objects.get()
    assert (plan.day, plan.done, plan.left, plan.moved) == (at(2).date(), 1, 1, 1)
    call.refresh_from_db()
    assert call.starts_at == at(2, 10), "the first free half-hour, after the breakfast"
    page = sign_in(cast.nour).get(AGENDA).text
    assert prompt not in page
    assert "1/5" in page
    now_is(day=2, hour=8)
    morning = sign_in(cast.nour).get(reverse("agenda:day_panel")).text
    assert "Relire l’offre" in morning
    assert "Rappeler la banque" in morning


def test_the_plan_skips_week_ends_and_days_off(cast, sign_in, now_is):
    now_is(day=5, hour=17)
    actions.plan_absence(starts_on=at(8).date(), ends_on=at(9).date(), reason="leave", by=fresh(cast.nour))
    sign_in(cast.nour).post(reverse("agenda:plan_day"), {"first_things": ""})
    assert DayPlan.objects.get().day == at(10).date()
