"""The clock, interruptions, and the diagnosis that follows."""

import datetime
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pavillon.agenda import actions
from pavillon.agenda.models import Interruption, TimeSpan
from pavillon.agenda.queries.diagnosis import diagnosis_of
from pavillon.agenda.tests.factories import at, entry, fresh


def clocked(client, now_is, made, start, end):
    """Work on an entry from one (hour, minute) to the other."""
    now_is(hour=start[0], minute=start[1])
    client.post(reverse("agenda:start_work", args=[made.pk]))
    now_is(hour=end[0], minute=end[1])
    client.post(reverse("agenda:stop_work"), {"done": "1"})


@pytest.mark.covers("AGD-10")
def test_two_timed_tasks_show_their_gaps_at_the_end_of_the_day(cast, sign_in, now_is):
    """Planned and real time side by side, the difference of each and of both, on the page and in the workbook."""
    offer = entry(cast.nour, hour=9, minutes=60, title="Offre", activity="proposals")
    call = entry(cast.nour, hour=11, minutes=30, title="Appels", activity="phone")
    entry(cast.nour, hour=16, minutes=45, title="Sans mesure")
    client = sign_in(cast.nour)
    clocked(client, now_is, offer, (9, 0), (10, 20))
    clocked(client, now_is, call, (11, 0), (11, 10))
    page = client.get(reverse("agenda:diagnosis")).text
    for words in ("1 h 20", "+20 min", "−20 min", "10 min", "1 entry without a clock", "no clock"):
        assert words in page, words
    found = diagnosis_of(fresh(cast.nour), at(1).date(), at(1).date())
    assert [(x.label, x.planned, x.real, x.gap) for x in found.entries if x.is_timed] == [
        ("Offre", 3600, 4800, 1200),
        ("Appels", 1800, 600, -1200),
    ]
    assert (found.total.planned, found.total.real, found.total.gap) == (5400, 5400, 0)
    book = client.get(reverse("agenda:diagnosis"), {"format": "xlsx", "since": "2027-03-01", "until": "2027-03-01"})
    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
    assert rows[1][1:7] == ("Offre", "Writing of proposals", 60, 80, 0, 20)
    assert rows[4][3:7] == (90, 90, 0, 0)
    text = client.get(reverse("agenda:diagnosis"), {"format": "csv"}).content.decode()
    assert "Appels" in text


@pytest.mark.covers("AGD-11")
def test_an_interruption_is_two_presses_and_comes_off_the_task(cast, sign_in, now_is):
    """Who, why and how long: the first press starts its clock, the second says who and why and stops it."""
    offer = entry(cast.nour, hour=9, minutes=60, title="Offre")
    client = sign_in(cast.nour)
    client.post(reverse("agenda:start_work", args=[offer.pk]))
    now_is(hour=9, minute=20)
    page = client.post(reverse("agenda:begin_interruption"), follow=True).text
    assert 'name="what" value="colleague-question"' in page
    now_is(hour=9, minute=27)
    client.post(reverse("agenda:end_interruption"), {"what": "colleague-question", "name": ""})
    told = Interruption.objects.get()
    assert (told.who, told.why, told.minutes, told.entry) == ("colleague", "question", 7, offer)
    now_is(hour=10)
    client.post(reverse("agenda:stop_work"))
    found = diagnosis_of(fresh(cast.nour), at(1).date(), at(1).date())
    assert (found.total.worked, found.total.interrupted, found.total.real) == (3600, 420, 3180)
    assert [(x.label, x.times, x.minutes) for x in found.by_who] == [("A colleague", 1, 7)]
    report = client.get(reverse("agenda:diagnosis")).text
    assert all(words in report for words in ("Time lost, by whom", "A question", "53 min"))
    log = {"who": "client", "why": "call", "minutes": "12", "name": "M. Hervé"}
    assert client.post(reverse("agenda:log_interruption"), log).status_code == 302
    found = diagnosis_of(fresh(cast.nour), at(1).date(), at(1).date())
    assert (found.lost, found.total.interrupted) == (19, 19 * 60)
    assert client.post(reverse("agenda:log_interruption"), {**log, "minutes": "0"}).status_code == 422


def test_one_clock_runs_at_a_time(cast, sign_in, now_is):
    one, other = entry(cast.nour, hour=9, title="Un"), entry(cast.nour, hour=10, title="Autre")
    client = sign_in(cast.nour)
    client.post(reverse("agenda:start_work", args=[one.pk]))
    now_is(hour=9, minute=30)
    client.post(reverse("agenda:start_work", args=[other.pk]))
    assert [(x.entry, x.ended_at) for x in TimeSpan.objects.order_by("pk")] == [(one, at(1, 9, 30)), (other, None)]
    now_is(hour=9, minute=30, second=25)
    client.post(reverse("agenda:stop_work"))
    page = client.post(reverse("agenda:stop_work"), follow=True).text
    assert "No clock runs" in page
    assert "0 min 25 s" in client.get(reverse("agenda:diagnosis")).text, "seconds are not rounded away"
    values = {"owner": cast.nour, "entry": one, "started_at": at(1, 9, 10), "ended_at": at(1, 9, 20)}
    with pytest.raises(IntegrityError, match="spans_do_not_overlap"), transaction.atomic():
        TimeSpan.objects.create(**values)


def test_nobody_sees_how_another_spends_his_time(cast, sign_in, now_is):
    made = entry(cast.nour, hour=9, title="Offre")
    assert sign_in(cast.manager).post(reverse("agenda:start_work", args=[made.pk])).status_code == 403
    clocked(sign_in(cast.nour), now_is, made, (9, 0), (9, 40))
    assert "Offre" not in sign_in(cast.manager).get(reverse("agenda:diagnosis")).text
    assert "end the interruption" not in sign_in(cast.nour).post(reverse("agenda:end_interruption"), {}).text
    assert sign_in(cast.claire).get(reverse("agenda:diagnosis")).status_code == 403


def test_an_exchange_that_was_logged_is_the_real_time_of_what_was_planned(cast, now_is):
    planned = entry(cast.nour, day=1, hour=9, minutes=60, title="Visite", kind="visit", company=cast.atelier)
    now_is(hour=12)
    told = {"person": fresh(cast.nour), "company": cast.atelier, "kind": "visit", "title": "Visite"}
    moments = {"starts_at": at(1, 9, 10), "ends_at": at(1, 10, 30)}
    assert actions.note_exchange(origin="crm.interaction:1", **told, **moments) == planned
    planned.refresh_from_db()
    assert planned.done_at
    later = {"starts_at": at(1, 11), "ends_at": at(1, 11, 20)}
    alone = actions.note_exchange(origin="crm.interaction:2", **told, **later)
    assert alone != planned
    assert actions.note_exchange(origin="crm.interaction:2", **told, **later) == alone, "told twice, noted once"
    found = diagnosis_of(fresh(cast.nour), at(1).date(), at(1).date())
    assert [(x.planned, x.real) for x in found.entries] == [(3600, 4800), (0, 1200)], "what nobody planned has no plan"


def test_a_call_on_a_day_off_is_noted_all_the_same(cast, now_is):
    actions.plan_absence(starts_on=at(1).date(), ends_on=at(1).date(), reason="rtt", by=fresh(cast.nour))
    now_is(hour=12)
    noted = actions.note_exchange(
        person=fresh(cast.nour), company=cast.atelier, kind="call", title="Appel", starts_at=at(1, 11),
        ends_at=at(1, 11, 20), origin="crm.interaction:3",
    )  # fmt: skip
    assert noted.kind == "task"
    assert TimeSpan.objects.get().entry == noted


def test_the_diagnosis_costs_the_same_for_a_day_and_a_month(cast, sign_in, now_is, django_assert_max_num_queries):
    for day in range(1, 6):
        for hour in (9, 11, 14):
            made = entry(cast.nour, day=day, hour=hour, company=cast.atelier)
            start = at(day, hour)
            TimeSpan.objects.create(
                owner=cast.nour, entry=made, started_at=start, ended_at=start + datetime.timedelta(minutes=50)
            )
    client = sign_in(cast.nour)
    client.get(reverse("agenda:diagnosis"))
    with django_assert_max_num_queries(14):
        client.get(reverse("agenda:diagnosis"), {"since": "2027-03-01", "until": "2027-03-31"})
