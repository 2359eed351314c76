"""Entries are written, seen, moved and kept apart from absences."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pavillon.activity.models import Entry as Line
from pavillon.agenda import actions
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import agenda_of, is_bridge, span_of
from pavillon.agenda.tests.factories import at, entry, fresh

AGENDA = "/agenda/"
FORM = {
    "title": "Visite du chai",
    "day": "2027-03-02",
    "start": "14:00",
    "end": "15:30",
    "kind": "visit",
    "sight": "team",
}


def test_an_entry_is_written_by_its_title_and_its_hours(cast, sign_in, now_is):
    answer = sign_in(cast.nour).post(reverse("agenda:create_entry"), FORM)
    assert answer.status_code == 302, answer.text
    made = Entry.objects.get()
    assert (made.owner, made.organisation, made.starts_at, made.minutes) == (cast.nour, cast.chamber, at(2, 14), 90)
    assert "Visite du chai" in sign_in(cast.nour).get(answer["Location"]).text
    assert Line.objects.about(made).get().verb == "agenda.entry_created"
    refused = sign_in(cast.nour).post(reverse("agenda:create_entry"), {**FORM, "end": "14:00", "company": "Inconnue"})
    assert refused.status_code == 422
    assert "14:00 is not after 14:00" in refused.text
    assert "No company is called “Inconnue”" in refused.text


@pytest.mark.parametrize(
    ("view", "first", "last"),
    [
        ("day", "2027-03-03", "2027-03-03"),
        ("week", "2027-03-01", "2027-03-07"),
        ("weeks4", "2027-03-01", "2027-03-28"),
        ("months3", "2027-03-03", "2027-06-02"),
        ("year", "2027-01-01", "2027-12-31"),
    ],
)
def test_each_view_shows_its_stretch_of_time_in_a_bounded_number_of_statements(
    cast, sign_in, now_is, django_assert_max_num_queries, view, first, last
):
    start, end = span_of(view, datetime.date(2027, 3, 3))
    assert (str(start), str(end - datetime.timedelta(days=1))) == (first, last)
    for hour in range(8, 18):
        entry(cast.nour, day=3, hour=hour, title=f"Point {hour}", company=cast.atelier)
    client = sign_in(cast.nour)
    client.get(AGENDA)
    with django_assert_max_num_queries(17):
        page = client.get(AGENDA, {"view": view, "on": "2027-03-03"})
    assert page.status_code == 200
    if view != "year":
        assert "Point 8" in page.text


@pytest.mark.covers("AGD-09")
def test_the_medium_term_is_exactly_the_next_three_months(cast, sign_in, now_is):
    now_is(day=3)
    for when, title in ((at(2), "Hier"), (at(3), "Premier"), (at(3) + datetime.timedelta(days=91), "Dernier")):
        actions.create_entry(
            by=fresh(cast.nour), title=title, starts_at=when, ends_at=when + datetime.timedelta(hours=1)
        )
    beyond = at(3) + datetime.timedelta(days=92)
    actions.create_entry(
        by=fresh(cast.nour), title="Plus loin", starts_at=beyond, ends_at=beyond + datetime.timedelta(hours=1)
    )
    week = sign_in(cast.nour).get(AGENDA)
    assert "?view=months3&amp;on=2027-03-03" in week.text
    page = sign_in(cast.nour).get(AGENDA, {"view": "months3", "on": "2027-03-03"}).text
    assert all(title in page for title in ("Premier", "Dernier"))
    assert all(title not in page for title in ("Hier", "Plus loin"))


@pytest.mark.covers("AGD-08")
def test_a_day_off_shuts_out_every_visit_and_is_seen_in_the_year(cast, sign_in, now_is):
    """The long term: holidays, bridges, what comes again, absences; nothing is booked on a day off."""
    client = sign_in(cast.nour)
    entry(cast.nour, day=1, title="Séminaire", repeat="monthly")
    assert client.post(reverse("agenda:plan_absence"), {"reason": "rtt", "starts_on": "2027-03-02"}).status_code == 302
    refused = client.post(reverse("agenda:create_entry"), FORM)
    assert refused.status_code == 422
    assert "nothing can be booked" in refused.text
    assert not Entry.objects.filter(title=FORM["title"]).exists()
    year = client.get(AGENDA, {"view": "year", "on": "2027-03-02"}).text
    assert "Day off for working time" not in year, "the year says that one is away, the day why"
    assert 'class="away"' in year
    assert "Lundi de Pâques" in year
    assert year.count("1 entry") == 8, "the seminar, from March to December: 1 May and 1 November are holidays"
    assert 'class="bridge' in year, "7 May 2027, the day after Ascension Day"
    assert is_bridge(datetime.date(2027, 5, 7))
    assert not is_bridge(datetime.date(2027, 3, 5))


def test_an_absence_is_refused_where_something_is_booked(cast, sign_in, now_is):
    entry(cast.nour, day=2, hour=14, title="Visite du chai", kind="visit")
    refused = sign_in(cast.nour).post(reverse("agenda:plan_absence"), {"reason": "leave", "starts_on": "2027-03-02"})
    assert refused.status_code == 422
    assert "“Visite du chai” is booked" in refused.text


def test_the_database_itself_keeps_absences_and_appointments_apart(cast, now_is):
    actions.plan_absence(starts_on=at(2).date(), ends_on=at(3).date(), reason="leave", by=fresh(cast.nour))
    values = {"owner": cast.nour, "title": "x", "starts_at": at(3, 9), "ends_at": at(3, 10)}
    with pytest.raises(IntegrityError, match="no_appointment_during_an_absence"), transaction.atomic():
        Entry.objects.create(kind="visit", **values)
    with pytest.raises(IntegrityError, match="absences_of_the_agenda_do_not_overlap"), transaction.atomic():
        Entry.objects.create(kind="absence", reason="rtt", **values)
    Entry.objects.create(kind="task", **values)


def test_two_things_at_the_same_time_are_said_and_kept(cast, sign_in, now_is):
    entry(cast.nour, day=2, hour=14, title="Comité")
    page = sign_in(cast.nour).post(reverse("agenda:create_entry"), FORM, follow=True).text
    assert "At the same time: Comité" in page
    assert page.count(" clash") == 2
    (day,) = agenda_of(fresh(cast.nour), fresh(cast.nour), at(2).date(), at(3).date())
    assert sorted(line.lane for line in day.lines) == [1, 2]


def test_a_line_takes_all_the_room_that_is_free_beside_it(cast, now_is):
    """Three overlap at nine, a fourth meets only one of them, and what is alone has the whole day."""
    for title, hour, minutes in (("A", 9, 180), ("B", 9, 60), ("C", 9, 60), ("D", 10, 60), ("E", 14, 60)):
        entry(cast.nour, day=2, hour=hour, minutes=minutes, title=title)
    (day,) = agenda_of(fresh(cast.nour), fresh(cast.nour), at(2).date(), at(3).date())
    told = {line.entry.title: (line.column, line.columns) for line in day.lines}
    assert told == {"B": (1, 4), "C": (5, 4), "A": (9, 4), "D": (1, 8), "E": (1, 12)}


def test_an_entry_is_moved_and_made_longer(cast, sign_in, now_is):
    made = entry(cast.nour)
    url = reverse("agenda:move_entry", args=[made.pk])
    assert "datetime-local" in sign_in(cast.nour).get(url).text, "two fields where there is no script"
    assert sign_in(cast.nour).post(url, {"starts_at": "2027-03-03T09:15", "minutes": "90"}).status_code == 302
    made.refresh_from_db()
    assert (made.starts_at, made.minutes, made.sequence) == (at(3, 9, 15), 90, 1)
    assert sign_in(cast.nour).post(url, {"starts_at": "2027-03-03T09:15", "minutes": "2"}).status_code == 422
    assert sign_in(cast.nina).post(url, {"starts_at": "2027-03-03T09:15", "minutes": "30"}).status_code == 403


def test_an_entry_is_changed_done_and_deleted(cast, sign_in, now_is):
    made = entry(cast.nour)
    client = sign_in(cast.nour)
    changed = {**FORM, "title": "Autre", "company": "atelier du ponant", "video_url": ""}
    assert client.post(reverse("agenda:change_entry", args=[made.pk]), changed).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.company) == ("Autre", cast.atelier)
    client.post(reverse("agenda:finish_entry", args=[made.pk]))
    made.refresh_from_db()
    assert made.done_at
    client.post(reverse("agenda:finish_entry", args=[made.pk]), {"again": "1"})
    made.refresh_from_db()
    assert made.done_at is None
    delete = reverse("agenda:delete_entry", args=[made.pk])
    assert "Delete “Autre”?" in client.get(delete).text
    assert client.post(delete).status_code == 302
    assert not Entry.objects.exists()


def test_a_repeated_entry_keeps_its_hour_when_the_clocks_change(cast, sign_in, now_is):
    """Every Monday at ten in Paris, in winter and in summer; one day moved leaves the others."""
    first = entry(cast.nour, day=22, title="Revue", repeat="weekly", repeat_until=datetime.date(2027, 4, 12))
    days = list(first.series.entries.order_by("starts_at"))
    assert [day.starts_at.astimezone(at(1).tzinfo).hour for day in days] == [10, 10, 10, 10]
    assert days[0].starts_at.utcoffset() == days[-1].starts_at.utcoffset()
    actions.move_entry(entry=days[1], starts_at=at(30, 9), ends_at=at(30, 10), by=cast.nour)
    series = first.series
    series.refresh_from_db()
    assert series.entries.count() == 3
    assert series.left_out == [days[1].starts_at]
    sign_in(cast.nour).post(reverse("agenda:delete_entry", args=[days[2].pk]))
    assert series.entries.count() == 2
    page = sign_in(cast.nour).post(reverse("agenda:delete_series", args=[series.pk]), follow=True)
    assert "2 days to come were deleted" in page.text
    assert [each.title for each in Entry.objects.all()] == ["Revue"], "the day that was moved stays"


def test_repeated_entries_are_written_out_further_each_night(cast, now_is):
    first = entry(cast.nour, repeat="weekly")
    before = first.series.entries.count()
    assert actions.extend_series() == 0
    now_is(day=29)
    type(first.series).objects.update(laid_until=datetime.date(2027, 12, 1))
    assert actions.extend_series() == 1
    assert first.series.entries.count() == before + 4


@pytest.mark.parametrize(
    ("who", "status"), [("nour", 200), ("nina", 200), ("theo", 404), ("yuki", 404), ("claire", 404)]
)
def test_who_reads_an_entry_that_is_shared_with_the_organisation(cast, sign_in, now_is, who, status):
    made = entry(cast.nour, title="Comité")
    assert sign_in(getattr(cast, who)).get(made.get_absolute_url()).status_code == status


def test_a_colleague_sees_that_the_time_is_taken_and_nothing_else(cast, sign_in, now_is):
    made = entry(cast.nour, title="Médecin", sight="busy")
    assert sign_in(cast.nina).get(made.get_absolute_url()).status_code == 404
    page = sign_in(cast.nina).get(AGENDA, {"who": cast.nour.pk, "on": "2027-03-01"}).text
    assert "Médecin" not in page
    assert "–11:00" in page
    assert "Busy" in page
    mine = sign_in(cast.theo).get(AGENDA, {"who": cast.nour.pk, "on": "2027-03-01"}).text
    assert "–11:00" not in mine, "of another organisation one opens no agenda"
