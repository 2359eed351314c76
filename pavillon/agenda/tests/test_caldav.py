"""A real CalDAV client against a live server; then what clients must not be able to do."""

import base64
import datetime
import json

import caldav
import icalendar
import pytest
from dateutil.rrule import _iterinfo, rrulestr
from django.utils import timezone, translation

from pavillon.activity.models import Entry as Line
from pavillon.activity.models import Entry as Trail
from pavillon.agenda import actions
from pavillon.agenda.events import absence_removed, entry_deleted
from pavillon.agenda.ical import NotACalendar, moments_of
from pavillon.agenda.models import Entry, InvitationLetter, Series
from pavillon.agenda.tests.factories import entry, fresh, stage

BASE = "/dav/calendars/agenda/"


def soon(hour, days=1):
    start = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return start + datetime.timedelta(days=days)


def password(user):
    return actions.create_key(kind="app", name="Téléphone", by=fresh(user))[1]


@pytest.mark.django_db(transaction=True)
def test_a_real_client_finds_reads_writes_changes_and_deletes(live_server):
    """Discovery, a list, an event put, changed, found by time and by name, a repeated one, and deletions."""
    cast = stage()
    nour = fresh(cast.nour)
    actions.create_entry(by=nour, title="Comité", starts_at=soon(9), ends_at=soon(10), place="Rennes")
    actions.create_entry(by=fresh(cast.nina), title="À Nina", starts_at=soon(9), ends_at=soon(10))
    secret = password(cast.nour)
    with pytest.raises(caldav.lib.error.AuthorizationError):
        caldav.DAVClient(f"{live_server.url}/dav/", username=nour.email, password="wrong").principal()
    client = caldav.DAVClient(f"{live_server.url}/dav/", username=nour.email, password=secret)
    (calendar,) = client.principal().calendars()
    assert calendar.get_display_name() == "Pavillon – Nour Test"
    assert [str(e.icalendar_component["SUMMARY"]) for e in calendar.events()] == ["Comité"]

    made = calendar.save_event(
        dtstart=soon(14), dtend=soon(15), summary="Visite", uid="visite-1@phone", location="Quimper"
    )
    row = Entry.objects.get(uid="visite-1@phone")
    assert (row.owner, row.title, row.place, row.starts_at, row.minutes) == (nour, "Visite", "Quimper", soon(14), 60)

    made.load()
    made.icalendar_component["SUMMARY"] = "Visite du chai"
    made.save()
    row.refresh_from_db()
    assert (row.title, row.sequence) == ("Visite du chai", 1)
    found = calendar.search(start=soon(13), end=soon(16), event=True)
    assert [str(e.icalendar_component["SUMMARY"]) for e in found] == ["Visite du chai"]
    assert str(calendar.event_by_uid("visite-1@phone").icalendar_component["LOCATION"]) == "Quimper"

    weekly = calendar.save_event(
        dtstart=soon(8), dtend=soon(9), summary="Lecture", uid="lecture@phone", rrule={"FREQ": "WEEKLY", "COUNT": 4}
    )
    assert Entry.objects.filter(uid="lecture@phone").count() == 4
    weekly.load()
    assert weekly.icalendar_component["RRULE"]["COUNT"] == [4]
    days = calendar.search(start=soon(0), end=soon(0, days=30), event=True, expand=True)
    assert sum(str(e.icalendar_component["SUMMARY"]) == "Lecture" for e in days) == 4
    second = Entry.objects.filter(uid="lecture@phone").order_by("starts_at")[1]
    actions.delete_entry(entry=second, by=nour)
    weekly.load()
    assert weekly.icalendar_component["EXDATE"].dts[0].dt == second.starts_at, "one day deleted here is left out there"

    weekly.delete()
    calendar.event_by_uid("visite-1@phone").delete()
    assert [each.title for each in Entry.objects.filter(owner=nour)] == ["Comité"]
    assert not Series.objects.exists()


@pytest.fixture
def ask(client, cast, now_is):
    """One request with Nour's application password: `ask("PROPFIND", path, body, Depth="1")`."""
    secret = password(cast.nour)

    def send(method, path="", body="", user=None, **headers):
        told = base64.b64encode(f"{(user or cast.nour).email}:{secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {told}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return client.generic(method, "/dav/" + path, body, content_type="application/xml", headers=headers)

    return send


def event(uid="a@phone", start="20270302T090000Z", end="20270302T100000Z", more=""):
    return (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:VEVENT\r\n"
        f"UID:{uid}\r\nDTSTAMP:20270101T000000Z\r\nDTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:Visite\r\n{more}"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def test_only_the_password_of_the_person_opens_the_calendar(ask, client, cast):
    assert ask("PROPFIND").status_code == 207
    answer = ask("PROPFIND", user=cast.nina)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Basic")
    # An application that goes on with a wrong password is one line of the trail in ten minutes, not one a try.
    assert ask("PROPFIND", user=cast.nina).status_code == 401
    refused = Trail.objects.get(verb="agenda.password_refused")
    assert (refused.actor, refused.facts) == (None, {})
    assert Trail.objects.about(cast.nina).filter(pk=refused.pk).exists()
    nobody = base64.b64encode(b"nobody@example.example:x").decode()
    assert client.get("/dav/", headers={"Authorization": f"Basic {nobody}"}).status_code == 401
    assert Trail.objects.filter(verb="agenda.password_refused", facts={"is_known": False}).count() == 1
    client.force_login(cast.nour)
    assert client.get("/dav/").status_code == 401, "a session of the browser is none here"
    feed = actions.create_key(kind="feed", name="x", by=fresh(cast.nour))[1]
    told = base64.b64encode(f"{cast.nour.email}:{feed}".encode()).decode()
    assert client.get("/dav/", headers={"Authorization": f"Basic {told}"}).status_code == 401
    assert client.get("/.well-known/caldav").headers["Location"] == "/dav/"
    assert ask("OPTIONS").headers["DAV"] == "1, calendar-access"
    assert ask("MKCALENDAR", "calendars/x/").status_code == 405


def test_a_version_that_is_not_the_present_one_is_refused(ask):
    path = "calendars/agenda/a@phone.ics"
    assert ask("PUT", path, event(), If_None_Match="*").status_code == 201
    assert ask("PUT", path, event(), If_None_Match="*").status_code == 412
    tag = ask("GET", path).headers["ETag"]
    assert ask("PUT", path, event(start="20270302T093000Z"), If_Match=tag).status_code == 204
    assert ask("PUT", path, event(), If_Match=tag).status_code == 412
    assert ask("DELETE", path, If_Match=tag).status_code == 412
    assert Entry.objects.get().minutes == 30
    assert ask("DELETE", path, If_Match=ask("GET", path).headers["ETag"]).status_code == 204
    assert ask("GET", path).status_code == 404
    assert ask("DELETE", path).status_code == 404


def test_what_cannot_be_kept_is_refused_and_nothing_is_lost(ask, cast):
    path = "calendars/agenda/a@phone.ics"
    assert ask("PUT", path, "Bonjour").status_code == 403
    assert ask("PUT", path, event(uid="b@phone")).status_code == 403, "the name is not that of the address"
    assert ask("PUT", path, event(more="RDATE:20270303T090000Z\r\n")).status_code == 403
    away = actions.plan_absence(
        starts_on=datetime.date(2027, 3, 2), ends_on=datetime.date(2027, 3, 2), reason="rtt", by=fresh(cast.nour)
    )
    assert ask("PUT", path, event()).status_code == 409, "nobody is booked on a day off, whatever the door"
    actions.delete_entry(entry=away, by=fresh(cast.nour))
    told = {"origin": "crm.lead:7", "starts_at": soon(9), "title": "D-000007"}
    promised = actions.keep_origin(person=fresh(cast.nour), by=None, **told)
    assert ask("PUT", f"calendars/agenda/{promised.uid}.ics", event(uid=promised.uid)).status_code == 403
    assert ask("DELETE", f"calendars/agenda/{promised.uid}.ics").status_code == 403
    hers = entry(cast.nina, day=2)
    assert ask("GET", f"calendars/agenda/{hers.uid}.ics").status_code == 404
    assert ask("DELETE", f"calendars/agenda/{hers.uid}.ics").status_code == 404
    assert Entry.objects.count() == 2


def test_reports_answer_what_is_asked_and_refuse_what_they_do_not_know(ask, cast):
    made = entry(cast.nour, day=2, hour=9)
    entry(cast.nour, day=20, hour=9)
    space = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
    prop = "<d:prop><d:getetag/><c:calendar-data/></d:prop>"

    def query(inner):
        outer = f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{inner}</c:comp-filter></c:comp-filter>'
        return f"<c:calendar-query {space}>{prop}<c:filter>{outer}</c:filter></c:calendar-query>"

    collection = "calendars/agenda/"
    near = ask("REPORT", collection, query('<c:time-range start="20270302T000000Z" end="20270303T000000Z"/>')).text
    assert near.count("BEGIN:VEVENT") == 1
    assert f"{BASE}{made.uid}.ics" in near
    assert ask("REPORT", collection, query('<c:prop-filter name="SUMMARY"/>')).status_code == 403
    hrefs = f"<d:href>{BASE}gone.ics</d:href><d:href>{BASE}{made.uid}.ics</d:href>"
    gone = f"<c:calendar-multiget {space}>{prop}{hrefs}</c:calendar-multiget>"
    many = ask("REPORT", collection, gone).text
    assert "404 Not Found" in many
    assert many.count("BEGIN:VEVENT") == 1
    assert ask("REPORT", collection, "<broken").status_code == 400
    assert ask("REPORT", collection, f"<d:sync-collection {space}/>").status_code == 400
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><d:propfind xmlns:d="DAV:"><d:prop><d:displayname/></d:prop></d:propfind>'
    assert ask("PROPFIND", "", bomb).status_code == 400
    assert ask("PROPFIND", "calendars/other/").status_code == 404


def test_the_collection_costs_the_same_for_many_events(ask, cast, django_assert_max_num_queries):
    ask("PROPFIND")
    for day in range(1, 28):
        entry(cast.nour, day=day)
    with django_assert_max_num_queries(9):
        listed = ask("PROPFIND", "calendars/agenda/", Depth="1").text
    assert listed.count("getetag>") == 27 * 2


def test_a_series_with_a_day_of_its_own_is_kept_as_both(ask, cast):
    """A rule and one day that was moved on the phone: the day stands alone, the rule leaves it out."""
    body = event(uid="w@phone", more="RRULE:FREQ=WEEKLY;COUNT=3\r\n")
    moved = event(
        uid="w@phone", start="20270310T120000Z", end="20270310T130000Z", more="RECURRENCE-ID:20270309T090000Z\r\n"
    )
    inner = moved[moved.index("BEGIN:VEVENT") : moved.index("END:VCALENDAR")]
    assert (
        ask("PUT", "calendars/agenda/w@phone.ics", body.replace("END:VCALENDAR", inner + "END:VCALENDAR")).status_code
        == 201
    )
    days = sorted(f"{row.starts_at.astimezone(datetime.UTC):%d %H}" for row in Entry.objects.filter(owner=cast.nour))
    assert days == ["02 09", "10 12", "16 09"]
    told = icalendar.Calendar.from_ical(ask("GET", "calendars/agenda/w@phone.ics").content).walk("VEVENT")
    assert len(told) == 1
    assert told[0]["EXDATE"].dts[0].dt == datetime.datetime(2027, 3, 9, 9, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "more",
    [
        "RRULE:FREQ=SECONDLY\r\n", "RRULE:FREQ=MINU\r\n TELY\r\n", "RRULE:FREQ=HOURLY\r\n",
        "RRULE:FREQ=DAILY;INTERVAL=0\r\n", "RRULE:FREQ=DAILY;BYSECOND=1,2\r\n", "RRULE:FREQ=WEEKLY;BYDAY=XX\r\n",
        "RRULE:FREQ=WEEKLY;UNTIL=20279999T000000Z\r\n",
        f"RRULE:FREQ=YEARLY;BYYEARDAY={','.join(str(n) for n in range(100, 300))}\r\n",
        "RRULE:FREQ=WEEKLY;BYSETPOS=900\r\n",
    ],
)  # fmt: skip
def test_a_rule_without_measure_is_refused(ask, more):
    answer = ask("PUT", "calendars/agenda/a@phone.ics", event(more=more))
    assert answer.status_code == 403
    assert "valid-calendar-data" in answer.text
    assert not Series.objects.exists()


def test_a_rule_stops_at_the_bound_of_its_days(ask, monkeypatch):
    monkeypatch.setattr("pavillon.agenda.ical.MOST_TIMES", 3)
    path = "calendars/agenda/a@phone.ics"
    assert ask("PUT", path, event(more="RRULE:FREQ=DAILY\r\n")).status_code == 403
    assert ask("PUT", path, event(more="RRULE:FREQ=DAILY;COUNT=3\r\n")).status_code == 201


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DTSTART:20270302T090000Z\r\n", ""),
        ("DTEND:20270302T100000Z", "DURATION:P999999999D"),
        ("Z\r\nDTEND", "X\r\nDTEND"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(ask, old, new):
    answer = ask("PUT", "calendars/agenda/a@phone.ics", event().replace(old, new))
    assert answer.status_code == 403
    assert "valid-calendar-data" in answer.text


def test_an_absence_is_not_rewritten_and_its_end_is_announced(ask, cast):
    away = actions.plan_absence(
        starts_on=datetime.date(2027, 3, 2), ends_on=datetime.date(2027, 3, 2), reason="rtt", by=fresh(cast.nour)
    )
    path, heard = f"calendars/agenda/{away.uid}.ics", []

    def hear(signal, **told):
        heard.append(signal)

    absence_removed.connect(hear)
    entry_deleted.connect(hear)
    try:
        assert ask("PUT", path, event(uid=away.uid)).status_code == 403
        away.refresh_from_db()
        assert (away.kind, away.reason, heard) == ("absence", "rtt", [])
        assert ask("DELETE", path).status_code == 204
    finally:
        absence_removed.disconnect(hear)
        entry_deleted.disconnect(hear)
    assert heard == [entry_deleted, absence_removed]
    assert not Entry.objects.exists()


def test_who_takes_part_learns_of_a_move_and_the_trail_names_nobody(ask, cast):
    made = entry(cast.nour, day=2, hour=10, kind="meeting", title="Cession Le Gall")
    guest = actions.invite_participant(entry=made, email="gwenn@x.example", by=fresh(cast.nour))
    actions.answer_invitation(participant=guest, answer="accepted", by=None)
    path = f"calendars/agenda/{made.uid}.ics"
    before = InvitationLetter.objects.count()
    assert ask("PUT", path, event(uid=made.uid, start="20270302T093000Z")).status_code == 204
    assert InvitationLetter.objects.count() == before + 1
    assert ask("DELETE", path).status_code == 204
    told = str(list(Line.objects.filter(verb__startswith="agenda.").values_list("facts", "changes")))
    assert f"'participant': {guest.pk}" in told
    assert "gwenn" not in told
    assert "Le Gall" not in told


def weekly(ask, uid, more, hour="09"):
    body = event(uid=uid, start=f"20270302T{hour}0000Z", end=f"20270302T{hour}3000Z", more=more)
    return ask("PUT", f"calendars/agenda/{uid}.ics", body).status_code


def test_a_series_that_a_client_writes_anew_keeps_its_participants(ask, cast):
    """Three Tuesdays with a guest: moved by an hour he is told, left alone he is not, taken away he gets the end."""
    weekly(ask, "w@phone", "RRULE:FREQ=WEEKLY;COUNT=3\r\n")
    days = list(Entry.objects.filter(owner=cast.nour).order_by("starts_at"))
    for day in days:
        guest = actions.invite_participant(entry=day, email="gwenn@x.example", by=fresh(cast.nour))
        actions.answer_invitation(participant=guest, answer="accepted", by=None)
    actions.write_message(entry=days[0], text="Prévoir le devis", by=fresh(cast.nour))
    InvitationLetter.objects.all().delete()
    assert weekly(ask, "w@phone", "RRULE:FREQ=WEEKLY;COUNT=3\r\nCATEGORIES:X\r\n") == 204
    assert not InvitationLetter.objects.exists(), "nothing changed for him"
    assert weekly(ask, "w@phone", "RRULE:FREQ=WEEKLY;COUNT=2\r\n", hour="10") == 204
    kept = list(Entry.objects.filter(owner=cast.nour).order_by("starts_at"))
    assert [row.pk for row in kept] == [row.pk for row in days[:2]], "the same entries"
    assert [row.starts_at.hour for row in kept] == [10, 10]
    assert [row.participants.get().answer for row in kept] == ["accepted", "accepted"]
    assert kept[0].messages.count() == 1
    letters = [json.loads(letter.content)["calendar"] for letter in InvitationLetter.objects.order_by("pk")]
    told = [(icalendar.Calendar.from_ical(text)["METHOD"], text) for text in letters]
    assert sorted(method for method, _text in told) == ["CANCEL", "REQUEST", "REQUEST"]
    for day, method in zip(days, ("REQUEST", "REQUEST", "CANCEL"), strict=True):
        assert sum(f"entry-{day.pk}@pavillon" in text for kind, text in told if kind == method) == 1


def test_an_entry_with_a_guest_that_becomes_a_series_is_known_to_him_again(ask, cast):
    made = entry(cast.nour, day=2, hour=10, kind="meeting")
    actions.invite_participant(entry=made, email="gwenn@x.example", by=fresh(cast.nour))
    InvitationLetter.objects.all().delete()
    weekly(ask, made.uid, "RRULE:FREQ=WEEKLY;COUNT=2\r\n")
    made.refresh_from_db()
    assert made.series is not None
    assert made.participants.count() == 1
    told = sorted(InvitationLetter.objects.values_list("method", flat=True))
    assert told == ["CANCEL", "REQUEST"], "the former name ends, the new one begins"


def test_one_day_of_a_series_keeps_its_name_for_its_guest(ask, cast):
    weekly(ask, "w@phone", "RRULE:FREQ=WEEKLY;COUNT=2\r\n")
    day = Entry.objects.filter(owner=cast.nour).order_by("starts_at").first()
    actions.invite_participant(entry=day, email="gwenn@x.example", by=fresh(cast.nour))
    actions.change_entry(entry=day, by=fresh(cast.nour), place="Brest")
    names = {
        icalendar.Calendar.from_ical(json.loads(letter.content)["calendar"]).walk("VEVENT")[0]["UID"]
        for letter in InvitationLetter.objects.all()
    }
    assert names == {f"entry-{day.pk}@pavillon"}


def test_a_rule_that_matches_no_day_costs_the_years_that_are_asked_for(monkeypatch):
    """The library would walk on to the year 9999; what does match comes as the library says."""
    steps = []
    rebuild = _iterinfo.rebuild
    monkeypatch.setattr(_iterinfo, "rebuild", lambda *said: steps.append(said[1]) or rebuild(*said))
    start, until, zone = datetime.datetime(2027, 3, 1, 9), datetime.datetime(2028, 6, 1), datetime.UTC
    never = ("DAILY;BYMONTH=2;BYMONTHDAY=30", "DAILY;BYSETPOS=300", "YEARLY;BYWEEKNO=53;BYMONTH=6")
    for rule in (*never, "WEEKLY;BYYEARDAY=366;BYMONTH=3"):
        assert moments_of(f"FREQ={rule}", start, until, zone) == []
    assert len(steps) < 3_000
    assert max(steps) < 2100
    leap = "YEARLY;BYMONTHDAY=29;BYMONTH=2"
    for rule in ("DAILY", "WEEKLY;BYDAY=MO,WE", "MONTHLY;BYDAY=-1FR", "YEARLY;BYWEEKNO=1,22,53;BYDAY=MO", leap):
        found = list(rrulestr(f"FREQ={rule};UNTIL=20280601T000000", dtstart=start))
        assert moments_of(f"FREQ={rule}", start, until, zone) == found
        assert found
    with translation.override("en"), pytest.raises(NotACalendar, match="so far back"):
        moments_of("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", datetime.datetime(1, 1, 1), until, zone)
