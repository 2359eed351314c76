"""What a copied invitation does in the agenda, and what neither a guest nor a mistake brings about there."""

import datetime
import os
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.activity.models import Entry as TrailEntry
from pavillon.activity.models import Notification
from pavillon.agenda import actions as agenda
from pavillon.agenda.models import Entry, InvitationLetter
from pavillon.correspondence import actions
from pavillon.correspondence.actions import looking, nightly
from pavillon.correspondence.models import CopiedMail
from pavillon.correspondence.tests.factories import arrived, calendar, contact, copy_of, mail
from pavillon.crm.models import Interaction
from pavillon.crm.tests.factories import fresh
from pavillon.security.actions import sweeping

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
UNKNOWN = "x@nowhere.example"
STILL_WAITING = {"state": "waiting", "sorted_at": None, "company": None, "interaction": None, "filed_by": ""}


@pytest.fixture
def copied(cast):
    """`copied("one", to, METHOD, …)`: Nour copied a mail with a calendar, of a meeting to which she invited."""
    address = copy_of(cast.nour).address

    def take(number, to="alan@ponant.example", method="REQUEST", **event):
        said = {"organizer": cast.nour.email, **event}
        letter = mail(cast.nour.email, to, number=number, event=calendar(method, **said), method=method)
        return arrived(cast.nour, letter, address)

    return take


def test_an_invitation_that_waits_is_its_owners(cast, copied, sign_in):
    """Colleagues see a time taken until it is filed with a company; thrown away, its meeting goes with it."""
    waiting = copied("one", UNKNOWN)
    assert (waiting.state, Entry.objects.get().sight) == ("waiting", "busy")
    actions.file_mail(mail=waiting, company=cast.atelier, by=fresh(cast.nour))
    meeting = Entry.objects.get()
    assert (meeting.sight, meeting.company) == ("team", cast.atelier)
    newer = copied("two", sequence=1, start="20271202T090000Z", end="20271202T100000Z")
    assert (newer.interaction.kind, waiting.calendar_problem) == ("mail", ""), "a new version is no second meeting"
    kinds = Interaction.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["mail", "mail"], "it is to come"
    client = sign_in(cast.nour)
    assert client.post(reverse("correspondence:discard_mail", args=[newer.pk])).status_code == 302
    assert Entry.objects.exists(), "the first mail of it stays"
    lost = copied("lost", UNKNOWN, uid="other@calendar.example", start="20271203T090000Z", end="20271203T100000Z")
    assert Entry.objects.count() == 2
    assert client.post(reverse("correspondence:discard_mail", args=[lost.pk])).status_code == 302
    assert Entry.objects.get() == meeting


def test_a_calendar_does_not_change_ones_own_meetings(cast, copied):
    """Whose name its guests know: neither an invitation nor a cancellation of that name, however often it comes."""
    soon = timezone.now().replace(microsecond=0) + datetime.timedelta(days=3)
    when = {"starts_at": soon, "ends_at": soon + datetime.timedelta(hours=1)}
    own = agenda.create_entry(by=fresh(cast.nour), title="Point salon", kind="meeting", **when)
    for number, method in enumerate(["REQUEST", "CANCEL", "REQUEST", "CANCEL"]):
        kept = copied(f"forged-{number}", method=method, uid=own.uid, sequence=number + 5)
        assert "This meeting is your own" in kept.calendar_problem
        assert kept.state == "filed"
    own.refresh_from_db()
    assert (own.title, own.starts_at, own.company) == ("Point salon", soon, None)
    copied("theirs")
    theirs = Entry.objects.exclude(pk=own.pk).get()
    agenda.invite_participant(entry=theirs, email="alan@ponant.example", by=fresh(cast.nour))
    assert "This meeting is your own" in copied("moved", sequence=3).calendar_problem


def test_an_older_version_comes_too_late(cast, copied):
    """Neither does it cancel what stands, nor bring back what was cancelled."""
    copied("two", sequence=2)
    copied("gone-1", method="CANCEL", sequence=1)
    assert Entry.objects.exists()
    copied("gone-2", method="CANCEL", sequence=3)
    copied("one", sequence=1)
    assert not Entry.objects.exists()
    copied("four", sequence=4)
    assert Entry.objects.exists()


def test_a_crafted_calendar_is_taken_and_said(cast, copied):
    """It is not answered as a passing trouble: the mail is there, with what was wrong; so is what is no message."""
    assert copied("nul", title="Point\0export").calendar_problem == ""
    assert Entry.objects.get().title == "Pointexport"
    far = {"start": "99991231T233000Z", "end": "99991231T235900Z", "uid": "far@x.example"}
    assert "cannot be read" in copied("far", **far).calendar_problem
    published = copied("published", method="PUBLISH", uid="pub@x.example")
    assert [str(file) for file in published.files.all()] == ["2.ics"]
    assert Entry.objects.count() == 1
    event = calendar(uid="both@x.example", start="20271207T090000Z", end="20271207T100000Z")
    files = {"invite.ics": event.encode(), "salon.ics": calendar(uid="z@x.example").encode()}
    both = arrived(cast.nour, mail(cast.nour.email, number="both", event=event, files=files))
    assert [str(file) for file in both.files.all()] == ["salon.ics"], "the same one twice is once"


def test_what_was_filed_wrongly_is_put_right(cast, sign_in, copied):
    """Its owner moves the exchange and the meeting to another company, or throws the mail away."""
    kept = copied("one")
    page, again = kept.get_absolute_url(), reverse("correspondence:refile_mail", args=[kept.pk])
    assert "Filed with the wrong company?" not in sign_in(cast.nina).get(page).text
    assert sign_in(cast.nina).post(again, {"proposed": cast.southern.pk}).status_code == 403
    client = sign_in(cast.nour)
    assert "Filed with the wrong company?" in client.get(page).text
    assert client.post(again, {"name": "Nowhere"}).status_code == 422
    assert client.post(again, {"proposed": cast.southern.pk}).status_code == 302
    kept.refresh_from_db()
    exchange = Interaction.objects.get()
    assert (kept.company, kept.interaction, kept.filed_by) == (cast.southern, exchange, "hand")
    assert (exchange.company, exchange.contact) == (cast.southern, None)
    assert Entry.objects.get().company == cast.southern
    assert "Voici notre offre" in client.get(reverse("crm:view_timeline", args=[cast.southern.pk])).text
    assert "Voici notre offre" not in client.get(reverse("crm:view_timeline", args=[cast.atelier.pk])).text
    assert client.post(reverse("correspondence:discard_mail", args=[kept.pk])).status_code == 302
    kept.refresh_from_db()
    assert (kept.state, kept.words, kept.company) == ("discarded", "", None)
    assert not Interaction.objects.exists(), "no exchange without words stays behind"
    said = TrailEntry.objects.filter(subjects__contains=[f"crm.interaction:{exchange.pk}"]).values_list(
        "verb", flat=True
    )
    assert "crm.interaction_dropped" in said
    assert not Entry.objects.exists()
    assert client.post(again, {"proposed": cast.southern.pk}).status_code == 403


def test_a_version_that_nobody_proved_waits_for_its_owner(cast, copied, sign_in):
    """Another organizer than who invited, or one who did not send it himself: nothing moves before the press."""
    copied("one", organizer="alan@ponant.example")
    later = {"start": "20271202T090000Z", "end": "20271202T100000Z"}
    forged = copied("forged", sequence=1, organizer="mallory@x.example", **later)
    assert "names mallory@x.example as the one who invites" in forged.calendar_problem
    forwarded = copied("forwarded", sequence=2, organizer="alan@ponant.example", **later)
    assert "nobody proved that" in forwarded.calendar_problem
    assert {forged.state, forwarded.state} == {"waiting"}
    assert Entry.objects.get().starts_at.day == 1
    assert actions.look_again() == 0, "what is held is not filed by itself"
    client = sign_in(cast.nour)
    assert client.get(reverse("correspondence:mails")).text.count("Take it over into my agenda") == 2
    assert "nobody proved that" in client.get(forwarded.get_absolute_url()).text
    press = reverse("correspondence:accept_calendar", args=[forwarded.pk])
    assert sign_in(cast.nina).post(press).status_code == 404
    assert sign_in(cast.nour).post(press).status_code == 302
    forwarded.refresh_from_db()
    assert (forwarded.state, forwarded.company, forwarded.calendar_problem) == ("filed", cast.atelier, "")
    assert Entry.objects.get().starts_at.day == 2
    assert client.post(press).status_code == 403
    said = client.post(reverse("correspondence:accept_calendar", args=[forged.pk]), follow=True).text
    assert "a later version of this invitation came meanwhile" in said
    assert "Your agenda says what" not in said
    assert Entry.objects.get().starts_at.day == 2
    gone = copied("gone", method="CANCEL", sequence=3, organizer="alan@ponant.example")
    assert (gone.calendar_held, Entry.objects.count()) == (True, 1)
    Entry.objects.all().delete()
    said = client.post(reverse("correspondence:accept_calendar", args=[gone.pk]), follow=True).text
    assert "this meeting does not stand in it" in said


def test_a_meeting_counts_at_its_own_date(cast, copied, sign_in):
    """Once it has taken place, beside the mail that invited; what is cancelled never does."""
    soon = timezone.now().replace(microsecond=0)
    when = {"start": f"{soon - DAY:%Y%m%dT%H%M%SZ}", "end": f"{soon - DAY + HOUR:%Y%m%dT%H%M%SZ}"}
    past = copied("past", uid="past@x.example", **when)
    assert (past.meeting.kind, past.meeting.happened_at, past.meeting.contact) == ("meeting", soon - DAY, cast.alan)
    assert past.interaction.kind == "mail"
    assert not copied("past-2", uid="past@x.example", sequence=1, **when).meeting, "a new version is no second meeting"
    coming = copied("coming")
    copied("cancelled", uid="c@x.example", start="20271203T090000Z", end="20271203T100000Z")
    copied("cancel", method="CANCEL", uid="c@x.example", sequence=1)
    assert actions.count_meetings() == 0
    # Filed before meetings counted by themselves: the exchange of the mail was one.
    Interaction.objects.filter(pk=coming.interaction_id).update(kind="meeting")
    import_module("pavillon.correspondence.migrations.0005_filed_invitations_are_mails").exchanges_of_mails_are_mails(
        apps, None
    )
    held = {"starts_at": soon - 3 * DAY, "ends_at": soon - 3 * DAY + HOUR}
    Entry.objects.filter(uid=coming.calendar_uid).update(title="Point sur Alan", **held)
    assert (actions.count_meetings(), actions.count_meetings()) == (1, 0)
    coming.refresh_from_db()
    assert (coming.interaction.kind, coming.meeting.happened_at) == ("mail", soon - 3 * DAY)
    assert coming.meeting.summary == "Point export", "as it was called in the mail"
    client = sign_in(cast.nour)
    client.post(reverse("correspondence:refile_mail", args=[coming.pk]), {"proposed": cast.southern.pk})
    coming.refresh_from_db()
    assert coming.meeting.company == cast.southern
    client.post(reverse("correspondence:discard_mail", args=[coming.pk]))
    assert set(Interaction.objects.values_list("company", flat=True)) == {cast.atelier.pk}


def test_the_night_counts_what_it_can(cast, copied, monkeypatch):
    """What its owner hid is counted without its title; who left starves nobody; one that fails stops no other."""
    mails = [copied(each, uid=f"{each}@x.example", start=f"2027120{day}T090000Z", end=f"2027120{day}T100000Z")
             for day, each in enumerate(("left", "bad", "mine"), 1)]  # fmt: skip
    left, bad, mine = mails
    soon = timezone.now().replace(microsecond=0)
    Entry.objects.update(starts_at=soon - DAY, ends_at=soon - DAY + HOUR)
    Entry.objects.filter(uid=mine.calendar_uid).update(sight="busy", title="Entretien de Nour")
    CopiedMail.objects.filter(pk=left.pk).update(organisation=cast.theo.organisation)
    known = nightly.count_meeting

    def count(mail, by):
        if mail.pk == bad.pk:
            raise OSError("lost")
        # Thrown away between the reading of the night and its writing, then put back.
        CopiedMail.objects.filter(pk=mail.pk).update(state="discarded")
        assert known(mail=mail, by=by) is None
        CopiedMail.objects.filter(pk=mail.pk).update(state="filed")
        return known(mail=mail, by=by)

    monkeypatch.setattr(nightly, "count_meeting", count)
    monkeypatch.setattr(nightly, "MOST", 2)
    with pytest.raises(ExceptionGroup, match="beside 1 that"):
        actions.count_meetings()
    meeting = Interaction.objects.get(kind="meeting")
    with translation.override(cast.nour.language):
        words = meeting.get_kind_display()
    assert meeting.summary == words, "neither the title of the entry nor that of the mail"
    mine.refresh_from_db()
    assert mine.meeting == meeting


def test_guests_of_ones_own_invitation_answer(cast, copied, sign_in, mailoutbox):
    """Written in another calendar: they stand on the meeting; a copied reply says whether they come; no letter goes."""
    guests = {"guest": "alan@ponant.example", "params": ";CN=Alan"}
    copied("one", **guests)
    meeting = Entry.objects.get()
    guest = meeting.participants.get()
    assert (guest.contact, guest.answer, guest.invited_elsewhere) == (cast.alan, "waiting", True)
    copied("reply", method="REPLY", guest="alan@ponant.example", params=";PARTSTAT=DECLINED")
    page = sign_in(cast.nour).get(meeting.get_absolute_url()).text
    assert "Invited by another calendar" in page
    guest.refresh_from_db()
    assert guest.answer == "declined"
    assert guest.get_answer_display() in page
    told = Notification.objects.filter(kind="agenda.answered").get()
    assert "Point export" in told.title, "a reply tells her"
    two = "vera@verreries.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:zoe@nowhere.example"
    copied("two", sequence=1, guest=two, params=";PARTSTAT=ACCEPTED", start="20271201T093000Z")
    meeting.refresh_from_db()
    assert meeting.starts_at.minute == 30
    assert [guest.answer for guest in meeting.participants.all()] == ["accepted", "declined"]
    assert Notification.objects.get(kind="agenda.answered") == told, "she copied these answers herself"
    lines = TrailEntry.objects.filter(verb="agenda.invitation_answered").order_by("pk")
    assert [len(line.facts.get("participants", "1")) for line in lines] == [1, 2], "one line for all of them"
    assert not InvitationLetter.objects.exists()


def test_the_night_looks_again(cast, monkeypatch):
    """Mail whose company became known is filed with its owner's eyes; files without a mail go, young ones stay."""
    letter = mail(cast.nour.email, "zoe@nowhere.example", files={"a.pdf": b"%PDF-1.7\n1 0 obj\n"})
    waiting = arrived(cast.nour, letter)
    assert (waiting.state, actions.look_again()) == ("waiting", 0)
    contact(cast.atelier, "Zoe", "zoe@nowhere.example")
    bad = arrived(cast.nour, mail(cast.nour.email, "zoe@nowhere.example", number="bad"), copy_of(cast.nour).address)
    CopiedMail.objects.filter(pk=bad.pk).update(**STILL_WAITING)
    Interaction.objects.all().delete()
    known = looking.place_by_itself

    def place(row, *given, **more):
        if row.pk == bad.pk:
            raise OSError("lost")
        return known(row, *given, **more)

    monkeypatch.setattr(looking, "place_by_itself", place)
    with pytest.raises(ExceptionGroup, match="beside 1 that"):
        actions.look_again()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.company, waiting.filed_by) == ("filed", cast.atelier, "people")
    told = Notification.objects.get(recipient=cast.nour, kind="correspondence.filed")
    assert told.url == waiting.get_absolute_url()
    kept = waiting.files.get().file
    lost, young = (default_storage.save(f"correspondence/2026/11/{name}.bin", ContentFile(b"x")) for name in "ly")
    old = (timezone.now() - 2 * DAY).timestamp()
    for name in (lost, kept.name):
        os.utime(default_storage.path(name), (old, old))
    monkeypatch.setattr(sweeping, "MOST_LOST", 0)
    assert actions.sweep_files() == 0, "so many: that is no lost connection"
    monkeypatch.setattr(sweeping, "MOST_LOST", 1)
    # A mail is thrown away while the folder is read.
    known = sweeping._without_row
    gone = "correspondence/2026/11/gone.bin"
    monkeypatch.setattr(sweeping, "_without_row", lambda shelf, names: [*known(shelf, names), gone])
    assert (actions.sweep_files(), actions.sweep_files()) == (1, 0)
    monkeypatch.setattr(sweeping, "_without_row", known)
    assert [default_storage.exists(name) for name in (lost, young, kept.name)] == [False, True, True]
    assert TrailEntry.objects.get(verb="correspondence.files_swept").facts["files"] == 1
    # The right database is put back: its files are too, and open.
    row = waiting.files.create(name="b.bin", size=1, file=lost)
    assert (actions.sweep_files(), default_storage.open(lost).read()) == (0, b"x")
    row.delete()
    assert actions.sweep_files() == 1
    aside = Path(default_storage.path("correspondence-aside"))
    day = next(aside.rglob(Path(lost).name)).parents[2].name
    for days, stays in ((27, True), (29, False)):
        late = f"{timezone.localdate() - days * DAY}"
        (aside / day).rename(aside / late)
        actions.sweep_files()
        assert (aside / late).exists() is stays
        day = late
    assert TrailEntry.objects.get(verb="correspondence.files_deleted").facts["files"] == 1


def test_nobody_reads_the_secret_of_an_address(cast, sign_in):
    """Where it stands in a subject, a text, a quoted mail or a folded calendar, it is covered before it is kept."""
    secret = copy_of(cast.nour)
    said = f"Cc: {secret.address}\n\nLe lun. 3 mai 2027 à 10:00, Alan a écrit :\n> à {secret.address}"
    event = calendar(title=f"Avec {secret.address}").replace(
        secret.secret, f"{secret.secret[:9]}\r\n {secret.secret[9:]}"
    )
    letter = mail(cast.nour.email, subject=f"Tr: {secret.address}", text=said, event=event, number="covered")
    kept = arrived(cast.nour, letter, secret.address)
    texts = (kept.subject, kept.words, kept.history, kept.calendar, kept.interaction.summary, Entry.objects.get().title)
    assert not any(secret.secret[:9] in text for text in texts)
    assert "Avec …" in kept.interaction.summary


def test_each_role_keeps_its_own_copy(cast):
    """The same mail in another role is another mail; one that waits is filed when it comes to a company's address."""
    copy = copy_of(cast.nour)
    letter = mail(cast.nour.email, UNKNOWN)
    waiting = arrived(cast.nour, letter, copy.address)
    assert waiting.state == "waiting"
    again = arrived(cast.nour, letter, copy.of_record(f"e-{cast.atelier.pk:06d}"))
    assert (again, again.state, again.company, again.filed_by) == (waiting, "filed", cast.atelier, "address")
    CopiedMail.objects.filter(pk=again.pk).update(organisation=cast.theo.organisation)
    assert arrived(cast.nour, letter, copy.address) != waiting
