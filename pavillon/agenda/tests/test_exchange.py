"""Feeds, files, subscribed calendars."""

import contextlib
import datetime
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from pavillon.accounts.actions import deactivate_user
from pavillon.agenda import actions, fetching, tasks
from pavillon.agenda.models import AgendaKey, Entry, Subscription
from pavillon.agenda.tests.factories import at, entry, fresh
from pavillon.ui import outgoing

OTHER = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Another//EN
BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:single@other
DTSTAMP:20270101T000000Z
DTSTART:20270302T130000Z
DTEND:20270302T140000Z
SUMMARY:Dentiste
CLASS:PRIVATE
END:VEVENT
BEGIN:VEVENT
UID:weekly@other
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Paris:20270322T090000
DTEND;TZID=Europe/Paris:20270322T093000
RRULE:FREQ=WEEKLY;COUNT=3
EXDATE;TZID=Europe/Paris:20270329T090000
SUMMARY:Chorale
END:VEVENT
BEGIN:VEVENT
UID:day@other
DTSTAMP:20270101T000000Z
DTSTART;VALUE=DATE:20270304
DTEND;VALUE=DATE:20270306
TRANSP:TRANSPARENT
SUMMARY:Salon
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def new_key(client, kind="feed"):
    """What the page shows once: the address, or the password."""
    page = client.post(reverse("agenda:create_key"), {"kind": kind, "name": "Outlook"}).text
    return page.partition('<code id="secret">')[2].partition("</code>")[0]


@pytest.mark.covers("AGD-07")
def test_a_calendar_client_that_subscribes_reads_the_same_events(cast, client, sign_in, now_is):
    """The feed, read as any client does by its secret address alone, holds the entries with their moments."""
    entry(cast.nour, day=2, hour=14, minutes=90, title="Visite; chai, n° 2", place="Quimper", company=cast.atelier)
    entry(cast.nour, day=3, hour=9, title="Privé", sight="busy")
    actions.plan_absence(starts_on=at(4).date(), ends_on=at(5).date(), reason="leave", by=fresh(cast.nour))
    first = entry(cast.nour, day=22, title="Revue", repeat="weekly", repeat_until=datetime.date(2027, 4, 5))
    shared = entry(cast.nina, day=2, hour=10, title="À deux", kind="meeting")
    actions.invite_participant(entry=shared, email=cast.nour.email, by=fresh(cast.nina))
    entry(cast.nina, day=2, hour=16, title="À Nina seule")
    address = new_key(sign_in(cast.nour))
    client.logout()
    answer = client.get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    events = {
        (str(e["SUMMARY"]), e.decoded("DTSTART")): e
        for e in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    }
    assert sorted(title for title, _start in events) == [
        "Congés", "Privé", "Revue", "Revue", "Revue", "Visite; chai, n° 2", "À deux",
    ]  # fmt: skip
    visit = events["Visite; chai, n° 2", at(2, 14)]
    assert visit.decoded("DTEND") == at(2, 15, 30)
    assert events["Privé", at(3, 9)]["CLASS"] == "PRIVATE"
    away = events["Congés", datetime.date(2027, 3, 4)]
    assert away.decoded("DTEND") == datetime.date(2027, 3, 6)
    assert ("Revue", first.starts_at) in events
    assert len({str(event["UID"]) for event in events.values()}) == 7


def test_a_revoked_address_opens_nothing(cast, client, sign_in, now_is):
    address = new_key(sign_in(cast.nour))
    key = AgendaKey.objects.get()
    assert address.rpartition("/")[2].removesuffix(".ics") not in key.digest, "the secret itself is not kept"
    assert sign_in(cast.nina).post(reverse("agenda:revoke_key", args=[key.pk])).status_code == 404
    assert client.get(address).status_code == 200
    sign_in(cast.nour).post(reverse("agenda:revoke_key", args=[key.pk]))
    client.logout()
    assert client.get(address).status_code == 404
    other = new_key(sign_in(cast.nour))
    assert client.get(other).status_code == 200
    deactivate_user(user=fresh(cast.nour), by=None)
    assert client.get(other).status_code == 404, "who left takes his addresses along"


def test_a_feed_costs_the_same_for_many_entries(cast, client, sign_in, now_is, django_assert_max_num_queries):
    address = new_key(sign_in(cast.nour))
    client.logout()
    client.get(address)
    for day in range(1, 28):
        entry(cast.nour, day=day)
    with django_assert_max_num_queries(12):
        assert client.get(address).text.count("BEGIN:VEVENT") == 27


@pytest.mark.covers("AGD-07")
def test_a_file_is_taken_over_once(cast, sign_in, now_is):
    """Repeated events come day by day at the hour of their place; read again, nothing doubles, changes follow."""
    upload = lambda content: {"file": SimpleUploadedFile("a.ics", content)}  # noqa: E731
    client = sign_in(cast.nour)
    assert "5 events" not in client.get(reverse("agenda:exchange")).text
    assert (
        "4 events came in, 0 were changed"
        in client.post(reverse("agenda:import_calendar"), upload(OTHER), follow=True).text
    )
    found = {(e.title, e.starts_at): e for e in Entry.objects.all()}
    assert set(found) == {
        ("Dentiste", at(2, 14)),
        ("Chorale", at(22, 9)),
        ("Chorale", at(22, 9) + datetime.timedelta(days=14)),
        ("Salon", at(4, 0)),
    }
    assert found["Dentiste", at(2, 14)].sight == "busy"
    salon = found["Salon", at(4, 0)]
    assert (salon.all_day, salon.is_busy, salon.last_day) == (True, False, datetime.date(2027, 3, 5))
    moved = OTHER.replace(b"SUMMARY:Dentiste", b"SUMMARY:Orthodontiste")
    assert (
        "0 events came in, 1 were changed"
        in client.post(reverse("agenda:import_calendar"), upload(moved), follow=True).text
    )
    # What our own feed told, brought back by a file, is no second event.
    entry(cast.nour, day=3, hour=10, title="Export")
    entry(cast.nour, day=5, hour=10, title="Point", repeat="weekly", repeat_until=datetime.date(2027, 4, 5))
    actions.keep_origin(origin="crm.lead:1", person=fresh(cast.nour), starts_at=at(4, 15), title="D-1", by=None)
    shared = entry(cast.nina, day=2, hour=10, title="À deux", kind="meeting")
    actions.invite_participant(entry=shared, email=cast.nour.email, by=fresh(cast.nina))
    before = Entry.objects.count()
    fed = client.get(new_key(sign_in(cast.nour))).content
    again = client.post(reverse("agenda:import_calendar"), upload(fed), follow=True).text
    assert "0 events came in, 0 were changed" in again
    assert "stood here already" in again
    assert Entry.objects.count() == before
    wrong = client.post(reverse("agenda:import_calendar"), upload(b"Bonjour"))
    assert wrong.status_code == 422
    assert "This is no calendar file" in wrong.text


def test_a_file_that_repeats_without_measure_is_refused(cast, sign_in, now_is, monkeypatch):
    client = sign_in(cast.nour)

    def told(content):
        answer = client.post(reverse("agenda:import_calendar"), {"file": SimpleUploadedFile("a.ics", content)})
        assert answer.status_code == 422
        return answer.text

    assert "every hour or more often" in told(OTHER.replace(b"FREQ=WEEKLY;COUNT=3", b"FREQ=SECONDLY"))
    told(OTHER.replace(b"DTEND:20270302T140000Z", b"DURATION:P999999999D"))
    monkeypatch.setattr("pavillon.agenda.ical.MOST_TIMES", 2)
    assert "more than 2 times" in told(OTHER)
    assert not Entry.objects.exists()


@pytest.fixture
def elsewhere(monkeypatch):
    """A server on this machine that hands out a calendar; `hands.append` says what next, a text or a status."""
    hands = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", "http://10.0.0.7/secret")
                self.end_headers()
                return
            self.send_response(200 if hands else 503)
            self.end_headers()
            self.wfile.write(hands[-1] if hands else b"")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(fetching, "PORTS", {80, 443, server.server_port})
    yield f"http://calendar.example:{server.server_port}/a.ics", hands
    server.shutdown()


@pytest.mark.covers("AGD-07")
def test_another_calendar_is_read_again_and_again(cast, sign_in, now_is, elsewhere, monkeypatch):
    """Its errors are told on its line; its events bear its name, are changed there, and stand once."""
    url, hands = elsewhere
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1" if host == "calendar.example" else host, *a, **k)
    )
    monkeypatch.setattr(outgoing, "is_outside", lambda address: address == "127.0.0.1")
    client = sign_in(cast.nour)
    client.post(reverse("agenda:subscribe_calendar"), {"name": "Perso", "url": url})
    assert client.post(reverse("agenda:subscribe_calendar"), {"name": "Perso", "url": url}).status_code == 422
    subscription = Subscription.objects.get()
    tasks.read_subscription(subscription.pk)
    assert "The server answered 503" in client.get(reverse("agenda:exchange")).text
    hands.append(OTHER)
    tasks.read_subscription(subscription.pk)
    tasks.read_subscription(subscription.pk)
    assert Entry.objects.filter(subscription=subscription).count() == 4
    row = Entry.objects.get(title="Dentiste")
    assert sign_in(cast.nour).post(reverse("agenda:delete_entry", args=[row.pk])).status_code == 403, "changed there"
    colleague = sign_in(cast.nina).get("/agenda/", {"who": cast.nour.pk, "on": "2027-03-02"}).text
    assert "Dentiste" not in colleague
    assert "–15:00" in colleague
    mine = sign_in(cast.nour)
    assert "another calendar: changed there" in mine.get(row.get_absolute_url()).text
    assert "Perso" in mine.get("/agenda/", {"on": "2027-03-02"}).text
    # Taken over from a file too, or read from a second address: still once.
    file = SimpleUploadedFile("a.ics", OTHER)
    assert "4 stood here already" in mine.post(reverse("agenda:import_calendar"), {"file": file}, follow=True).text
    mine.post(reverse("agenda:subscribe_calendar"), {"name": "Double", "url": f"{url}?2"})
    tasks.read_subscription(Subscription.objects.get(name="Double").pk)
    assert Entry.objects.count() == 4
    mine.post(reverse("agenda:unsubscribe_calendar", args=[Subscription.objects.get(name="Double").pk]))
    hands.append(OTHER.replace(b"SUMMARY:Dentiste", b"SUMMARY:Gare"))
    tasks.read_subscription(subscription.pk)
    assert Entry.objects.filter(title="Gare").count() == 1
    sign_in(cast.nour).post(reverse("agenda:unsubscribe_calendar", args=[subscription.pk]))
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1", "fd00::1",
     "fe80::1", "::ffff:127.0.0.1", "224.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",
     "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1", "fec0::1", "5f00::1"],
)  # fmt: skip
def test_no_request_leaves_for_our_own_network(address):
    assert not outgoing.is_outside(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(fetching.CannotFetch, match=r"réseau privé|injoignable"):
        fetching.fetch_calendar(f"http://{host}/a.ics")


def test_public_addresses_are_outside_in_either_writing():
    for address in (
        "93.184.216.34",
        "2606:2800:220:1:248:1893:25c8:1946",
        "64:ff9b::5db8:d822",
        "::ffff:93.184.216.34",
    ):
        assert outgoing.is_outside(address), address


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_only_the_ports_of_the_web_are_asked(port, monkeypatch):
    monkeypatch.setattr(outgoing, "is_outside", lambda address: True)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("a request left"))
    with pytest.raises(fetching.CannotFetch, match=str(port)):
        fetching.fetch_calendar(f"http://127.0.0.1:{port}/a.ics")


@pytest.mark.parametrize("drop", [b"HTTP/1.1 200 OK\r\n\r\n", b"X"])
def test_a_server_that_answers_drop_by_drop_is_cut_off(drop, monkeypatch):
    """One time for everything: neither a body without end nor a line that never ends holds the worker."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def dribble():
        wire, _where = server.accept()
        with wire, contextlib.suppress(OSError):
            wire.sendall(drop)
            while not over.wait(0.02):
                wire.sendall(b"x")

    threading.Thread(target=dribble, daemon=True).start()
    port = server.getsockname()[1]
    monkeypatch.setattr(outgoing, "is_outside", lambda address: True)
    monkeypatch.setattr(fetching, "PORTS", {port})
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    try:
        with pytest.raises(fetching.CannotFetch, match=r"longer|plus de"):
            fetching.fetch_calendar(f"http://127.0.0.1:{port}/a.ics")
    finally:
        over.set()
        server.close()


def test_a_redirection_into_our_own_network_is_refused(elsewhere, monkeypatch):
    url, _hands = elsewhere
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1" if host == "calendar.example" else host, *a, **k)
    )
    outside = outgoing.is_outside
    monkeypatch.setattr(outgoing, "is_outside", lambda address: address == "127.0.0.1" or outside(address))
    with pytest.raises(fetching.CannotFetch, match=r"10\.0\.0\.7"):
        fetching.fetch_calendar(url.replace("a.ics", "away"))
    for wrong in ("file:///etc/passwd", "ftp://a.example/x", "https://user:secret@a.example/", "https://"):
        with pytest.raises(fetching.CannotFetch):
            fetching.fetch_calendar(wrong)
