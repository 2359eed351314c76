"""The team, time zones, meetings and what is written there."""

import email
import json
import socket

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from pavillon.activity.models import Notification
from pavillon.agenda import actions, tasks
from pavillon.agenda.models import Entry, InvitationLetter, Participant
from pavillon.agenda.tests.factories import at, entry, fresh
from pavillon.directory.actions import add_contact

TEAM = "/agenda/team/"


def letters():
    """What the letters that wait say, in their order."""
    return [
        {**json.loads(letter.content), "method": letter.method, "id": letter.pk}
        for letter in InvitationLetter.objects.order_by("pk")
    ]


@pytest.mark.covers("IDN-04")
def test_a_tokyo_user_sees_a_paris_meeting_at_local_time(cast, sign_in, now_is):
    """Ten o’clock in Paris in March is six in the evening in Tokyo; the team’s page says what time it is where."""
    meeting = entry(cast.nour, day=2, hour=10, title="Point Japon", kind="meeting")
    actions.invite_participant(entry=meeting, email=cast.yuki.email, by=fresh(cast.nour))
    assert "–11:00" in sign_in(cast.nour).get("/agenda/", {"on": "2027-03-02"}).text
    page = sign_in(cast.yuki).get("/agenda/", {"on": "2027-03-02"}).text
    assert '18:00<span class="till">–19:00' in page
    assert "Point Japon" in page
    assert "Europe/Paris" in sign_in(cast.yuki).get(meeting.get_absolute_url()).text
    team = sign_in(cast.nour).get(TEAM, {"on": "2027-03-02", "email": cast.yuki.email}).text
    assert "Yuki Test" in team
    assert "17:00" in team, "nine in Paris"


def test_the_team_sees_who_is_free_and_the_follow_ups(cast, sign_in, now_is, django_assert_max_num_queries):
    """A follow-up of the crm stands in its adviser's agenda and is read by the team; others are busy or free."""
    actions.keep_origin(
        origin="crm.lead:7",
        person=fresh(cast.nour),
        starts_at=at(2, 15),
        title="D-000007",
        company=cast.atelier,
        url="/leads/7/",
        by=None,
    )
    entry(cast.nina, day=2, hour=9, title="Médecin", sight="busy")
    actions.plan_absence(starts_on=at(2).date(), ends_on=at(2).date(), reason="rtt", by=fresh(cast.manager))
    client = sign_in(cast.nina)
    client.get(TEAM)
    with django_assert_max_num_queries(16):
        page = client.get(TEAM, {"on": "2027-03-02"}).text
    assert "15:00 D-000007, Atelier du Ponant" in page
    assert ('href="?on=2027-03-01"' in page, 'href="?on=2027-03-03"' in page) == (True, True)
    whole = Entry.objects.get(origin="crm.lead:7")
    Entry.objects.filter(pk=whole.pk).update(all_day=True, title="Atelier du Ponant")
    page = client.get(TEAM, {"on": "2027-03-02"}).text
    assert ("All day Atelier du Ponant</a>" in page, "00:00 Atelier" in page) == (True, False)
    assert {client.get(TEAM, {"on": day}).status_code for day in ("0001-01-01", "9999-12-31")} == {200}
    seen = sign_in(cast.nour).get(TEAM, {"on": "2027-03-02"}).text
    assert "Médecin" not in seen
    assert seen.count('class="busy"') == 2
    assert seen.count('class="away"') == 13
    assert "RTT" not in seen
    assert "Nobody of the team has the address x@x.example" in client.get(TEAM, {"email": "x@x.example"}).text


@pytest.mark.covers("AGD-12")
def test_a_video_meeting_has_one_link_for_all_and_a_thread_between_two(cast, sign_in, now_is):
    form = {
        "title": "Revue",
        "day": "2027-03-02",
        "start": "10:00",
        "end": "11:00",
        "kind": "meeting",
        "sight": "team",
        "has_video": "on",
    }
    sign_in(cast.nour).post(reverse("agenda:create_entry"), form)
    meeting = Entry.objects.get()
    assert meeting.video_url.startswith(settings.VIDEO_ROOMS + "/")
    for person in (cast.yuki, cast.kim):
        sign_in(cast.nour).post(reverse("agenda:invite_participant", args=[meeting.pk]), {"email": person.email})
    write = reverse("agenda:write_message", args=[meeting.pk])
    for person, text in ((cast.nour, "Je partage l’écran"), (cast.yuki, "Bien reçu")):
        page = sign_in(person).get(meeting.get_absolute_url()).text
        assert meeting.video_url in page
        answer = sign_in(person).post(write, {"text": text}, headers={"HX-Request": "true"})
        assert text in answer.text
    page = sign_in(cast.nour).get(meeting.get_absolute_url()).text
    assert page.index("Je partage l’écran") < page.index("Bien reçu")
    assert "live:agenda.meeting" in page
    assert set(Notification.objects.filter(kind="agenda.message").values_list("recipient__first_name", flat=True)) == {
        "Nour",
        "Yuki",
        "Kim",
    }
    assert sign_in(cast.nina).post(write, {"text": "Et moi ?"}).status_code == 403, "who does not take part reads only"
    assert sign_in(cast.theo).get(meeting.get_absolute_url()).status_code == 404


def test_a_colleague_answers_in_his_agenda(cast, sign_in, now_is):
    meeting = entry(cast.nour, day=2, title="Revue", kind="meeting")
    guest = actions.invite_participant(entry=meeting, email=cast.yuki.email, by=fresh(cast.nour))
    url = reverse("agenda:answer_invitation", args=[guest.pk])
    assert sign_in(cast.nina).post(url, {"answer": "accepted"}).status_code == 403
    sign_in(cast.yuki).post(url, {"answer": "declined"})
    guest.refresh_from_db()
    assert guest.answer == "declined"
    assert "Revue" not in sign_in(cast.yuki).get("/agenda/", {"on": "2027-03-02"}).text
    assert "Yuki Test" in Notification.objects.get(kind="agenda.answered").title
    again = sign_in(cast.nour).post(reverse("agenda:invite_participant", args=[meeting.pk]), {"email": cast.yuki.email})
    assert again.status_code == 422
    sign_in(cast.nour).post(reverse("agenda:remove_participant", args=[guest.pk]))
    assert not Participant.objects.exists()


class Mailbox:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return "250 OK"


def test_a_contact_is_invited_by_a_letter_with_the_event_and_answers_by_its_link(cast, client, sign_in, now_is):
    """Through a real mail server: the letter carries the event, the link takes the answer, a move is told again."""
    contact = add_contact(
        company=cast.atelier, by=None, first_name="Gwenn", last_name="Le Gall", email="gwenn@ponant.example"
    )
    meeting = entry(cast.nour, day=2, title="Point export", place="Quimper", kind="meeting")
    sign_in(cast.nour).post(reverse("agenda:invite_participant", args=[meeting.pk]), {"email": "gwenn@ponant.example"})
    guest = Participant.objects.get()
    assert (guest.contact, guest.person) == (contact, None)
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        backend = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            tasks.send_invitation(letters()[0]["id"])
    finally:
        server.stop()
    ((to, letter),) = box.letters
    assert to == ["gwenn@ponant.example"]
    assert letter["Reply-To"] == cast.nour.email
    body, event = letter.get_payload()
    assert event.get_content_type() == "text/calendar"
    assert event.get_param("method") == "REQUEST"
    text = event.get_payload(decode=True).decode()
    assert "DTSTART:20270302T090000Z" in text
    assert "SUMMARY:Point export" in text
    link = next(line for line in body.get_payload(decode=True).decode().split() if "/agenda/answer/" in line)
    client.logout()
    path = link.removeprefix(settings.BASE_URL)
    page = client.get(path).text
    assert "Point export" in page
    assert client.post(path, {"answer": "accepted"}).status_code == 200
    guest.refresh_from_db()
    assert guest.answer == "accepted"
    assert client.get(reverse("agenda:answer_by_link", args=["nothing"])).status_code == 404
    actions.move_entry(entry=meeting, starts_at=at(3, 9), ends_at=at(3, 10), by=fresh(cast.nour))
    assert "DTSTART:20270303T080000Z" in letters()[-1]["calendar"]
    sign_in(cast.nour).post(reverse("agenda:delete_entry", args=[meeting.pk]))
    assert letters()[-1]["method"] == "CANCEL"
    tasks.send_invitation(letters()[-1]["id"])
    assert "Cancelled" in mail.outbox[-1].subject or "Annul" in mail.outbox[-1].subject
