"""A mail is copied over SMTP and stands with its company; what anybody else sends is refused at the door."""

import datetime
import json
import smtplib
from email import policy

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry as TrailEntry
from pavillon.activity.models import Notification
from pavillon.agenda import actions as agenda
from pavillon.agenda.models import Entry, InvitationLetter
from pavillon.agenda.queries.meetings import reply_address
from pavillon.correspondence import actions, demo
from pavillon.correspondence.models import CopiedMail, CopyAddress, MailAddress, MailFile
from pavillon.correspondence.queries.mails import addresses_of_person, files_of_person, mails_of_person
from pavillon.correspondence.tests.factories import arrived, calendar, copy_of, mail
from pavillon.crm.models import Interaction
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.directory.actions import flag_company
from pavillon.privacy.queries import person_with
from pavillon.security.models import PolicyCell
from pavillon.ui.limits import Rate

SOON = timezone.now().replace(microsecond=0) + datetime.timedelta(days=3)
PDF = b"%PDF-1.7\n1 0 obj\n"
HTML = "<p>Bonjour,</p><script>alert(1)</script><img src=x onerror=alert(2)><p>Voici <b>notre</b> offre.</p>"


def send(port, sender, addresses, letter):
    """The codes and words of the server: of the whole, or of each refused address."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
        try:
            client.sendmail(sender, addresses, letter.as_bytes(policy=policy.SMTP))
        except smtplib.SMTPRecipientsRefused as refused:
            return next(iter(refused.recipients.values()))
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as refused:
            return refused.smtp_code, refused.smtp_error
    return 250, b""


def test_a_copied_mail_stands_in_the_timeline_of_its_company(cast, sign_in, over_smtp):
    """From a mail program to the page: found by its addressee, text only, files looked at; twice the same is once."""
    copy = copy_of(cast.nour)
    files = {"offre.pdf": PDF, "virus.pdf": b"MZ\0\0this is a program"}
    quoted = "Bonjour,\nVoici notre offre.\n\nLe lun. 3 mai 2027 à 10:00, Alan a écrit :\n> Que proposez-vous ?"
    letter = mail(cast.nour.email, text=quoted, markup=HTML, files=files)

    def talk(port):
        return [send(port, cast.nour.email, ["alan@ponant.example", copy.address][1:], letter) for _time in range(2)]

    assert [code for code, _words in over_smtp(talk)] == [250, 250]
    kept = CopiedMail.objects.get()
    assert (kept.state, kept.company, kept.filed_by, kept.checked) == ("filed", cast.atelier, "people", "loopback")
    assert kept.words == "Bonjour,\nVoici notre offre."
    assert "Que proposez-vous" in kept.history
    exchange = Interaction.objects.get()
    assert (exchange.kind, exchange.contact, exchange.visibility) == ("mail", cast.alan, "organisation")
    client = sign_in(cast.nour)
    timeline = client.get(reverse("crm:view_timeline", args=[cast.atelier.pk])).text
    assert "Voici notre offre." in timeline
    assert "The whole mail, 1 file" in timeline
    assert "Que proposez-vous" not in timeline
    page = client.get(kept.get_absolute_url()).text
    assert "Que proposez-vous" in page
    assert "holds something else than its name says" in page
    good, bad = MailFile.objects.order_by("pk")
    assert (bool(good.file), bool(bad.file)) == (True, False)
    answer = client.get(reverse("correspondence:read_file", args=[good.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]
    with open(good.file.path, "rb") as stored:
        assert PDF not in stored.read(), "sealed on the disk"
    assert sign_in(cast.nina).get(kept.get_absolute_url()).status_code == 200, "her organisation's exchange"
    assert sign_in(cast.theo).get(kept.get_absolute_url()).status_code == 404
    assert sign_in(cast.theo).get(reverse("correspondence:read_file", args=[good.pk])).status_code == 404


def test_a_mail_is_read_by_whom_the_words_of_its_exchange_are_for(cast, sign_in):
    """Neither whom the matrix keeps from what was said, nor whom a sensitive company is closed to; its owner is."""
    kept = arrived(cast.nour, mail(cast.nour.email, files={"offre.pdf": PDF}))
    page, file = kept.get_absolute_url(), reverse("correspondence:read_file", args=[kept.files.get().pk])
    cell = PolicyCell.objects.create(role="adviser", model="crm.interaction", field="summary", level=0)
    assert [sign_in(cast.nina).get(one).status_code for one in (page, file)] == [403, 403]
    assert [sign_in(cast.nour).get(one).status_code for one in (page, file)] == [200, 200]
    cell.field = "*"
    cell.save()
    assert [sign_in(cast.nina).get(one).status_code for one in (page, file)] == [404, 404]
    cell.delete()
    assert [sign_in(cast.nina).get(one).status_code for one in (page, file)] == [200, 200]
    known = {"by": fresh(cast.security), "reason": "Brevet", "state_service": "SISSE", "state_contact": "x"}
    flag_company(company=cast.atelier, organisations=[], people=[cast.nour], **known)
    assert [sign_in(cast.nina).get(one).status_code for one in (page, file)] == [404, 404]
    assert not MailAddress.objects.visible_to(fresh(cast.nina)).exists()


def test_who_is_not_its_owner_is_refused_at_the_door(cast, settings, over_smtp):
    """Another sender, another From, an unknown or renewed address, a machine's answer, an unproven domain: 550."""
    copy = copy_of(cast.nour)
    own, box = cast.nour.email, copy.address
    settings.MAIL_COPY_TRUSTS_LOOPBACK = False
    settings.MAIL_COPY_AUTHORITY = "mx.operator.example"
    passed = "mx.operator.example; dkim=pass header.d=example.example; spf=fail smtp.mailfrom=x"
    proven = {"Authentication-Results": passed}
    forged = {"Authentication-Results": "mx.attacker.example; dkim=pass header.d=example.example"}
    other = {"Authentication-Results": "mx.operator.example; dkim=pass header.d=attacker.example"}
    failed = {"Authentication-Results": "mx.operator.example (dkim=pass header.d=example.example); dkim=fail"}

    def talk(port):
        return [
            send(port, "attacker@example.example", [box], mail(own)),
            send(port, cast.nina.email, [box], mail(cast.nina.email)),
            send(port, own, [box], mail("attacker@example.example", headers=proven)),
            send(port, own, [box.replace("copie.", "copie.a")], mail(own, headers=proven)),
            send(port, own, ["somebody@elsewhere.example"], mail(own, headers=proven)),
            send(port, "", [box], mail(own, headers=proven)),
            send(port, own, [box], mail(own, headers={**proven, "Auto-Submitted": "auto-replied"})),
            send(port, own, [box], mail(own)),
            send(port, own, [box], mail(own, headers=forged)),
            send(port, own, [box], mail(own, headers=other)),
            send(port, own, [box], mail(own, headers=failed)),
            send(port, own, [box], mail(own, headers=proven)),
        ]

    answers = over_smtp(talk)
    assert [code for code, _words in answers] == [550] * 11 + [250]
    assert CopiedMail.objects.get().checked == "relay"
    whys = set(TrailEntry.objects.filter(verb="correspondence.mail_refused").values_list("facts__why", flat=True))
    assert whys == {"address", "sender", "automatic", "unproven"}
    copy_of(cast.nour)
    code, _words = over_smtp(lambda port: send(port, own, [box], mail(own, number="later", headers=proven)))
    assert code == 550, "renewed: the former address takes nothing"
    settings.MAIL_COPY_RELAYS = ["192.0.2.0/24"]
    with pytest.raises(smtplib.SMTPServerDisconnected):
        over_smtp(lambda port: send(port, own, [box], mail(own)))


def test_what_is_too_much_is_refused_before_it_is_read(cast, settings, over_smtp, monkeypatch):
    """Too many lines or, for an answer, too many bytes are not held; too many messages are not looked into."""
    copy, own = copy_of(cast.nour), cast.nour.email
    monkeypatch.setattr("pavillon.correspondence.receiver.MOST_LINES", 200)
    long, short = (mail(own, text="Bonjour\n" * lines, number=str(lines)) for lines in (300, 3))
    when = {"starts_at": SOON, "ends_at": SOON + datetime.timedelta(hours=1)}
    meeting = agenda.create_entry(by=fresh(cast.nour), title="Point salon", kind="meeting", **when)
    guest = reply_address(agenda.invite_participant(entry=meeting, email="alan@ponant.example", by=fresh(cast.nour)))
    big = mail("alan@ponant.example", guest, files={"x.txt": b"x" * 2_000})
    monkeypatch.setattr("pavillon.correspondence.actions.receiving.MOST_REPLY", 1_000)

    def talk(port):
        with smtplib.SMTP("127.0.0.1", port, timeout=60) as client:
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail(own, [copy.address], long.as_bytes(policy=policy.SMTP))
            # Who was refused is heard again: the next message comes by the same connection.
            taken_then = not client.sendmail(own, [copy.address], short.as_bytes(policy=policy.SMTP))
        return refused.value.smtp_code, taken_then, send(port, "alan@ponant.example", [guest], big)[0]

    assert over_smtp(talk) == (552, True, 552)
    monkeypatch.setattr("pavillon.correspondence.actions.receiving.COPIES", Rate(1, 3600))
    broken, own, copy = mail("nobody"), cast.nina.email, copy_of(cast.nina)
    codes = [code for code, _words in over_smtp(lambda port: [send(port, own, [copy.address], broken) for _ in "12"])]
    assert codes == [550, 451], "the second is not even read"


def test_an_invitation_is_a_meeting_of_the_agenda(cast, sign_in, over_smtp):
    """Copied, it stands there with its company; its new version moves it, an older one does not; cancelled, it goes."""
    copy = copy_of(cast.nour)

    def copied(number, method="REQUEST", **event):
        event = calendar(method, organizer=cast.nour.email, **event)
        letter = mail(cast.nour.email, number=number, event=event, method=method)
        code, _words = over_smtp(lambda port: send(port, cast.nour.email, [copy.address], letter))
        assert code == 250

    copied("one")
    meeting = Entry.objects.get()
    assert (meeting.owner, meeting.kind, meeting.company) == (cast.nour, "meeting", cast.atelier)
    exchange = Interaction.objects.get()
    assert exchange.kind == "mail", "it is to come"
    assert "Invitation: Point export" in exchange.summary
    day = sign_in(cast.nour).get(reverse("agenda:agenda"), {"on": "2027-12-01", "view": "day"}).text
    assert "Point export" in day
    copied("three", sequence=2, start="20271202T090000Z", end="20271202T100000Z")
    copied("two", sequence=1, start="20271209T090000Z", end="20271209T100000Z")
    meeting.refresh_from_db()
    assert meeting.starts_at.day == 2, "the second version came after the third"
    copied("gone", "CANCEL", sequence=3)
    assert not Entry.objects.exists()
    broken = mail(cast.nour.email, number="broken", event="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
    kept = arrived(cast.nour, broken)
    assert "is no invitation" in kept.calendar_problem
    assert kept.state == "filed"


@pytest.mark.parametrize("where", ["address", "subject", "company"])
def test_the_record_that_a_mail_names_wins(cast, where):
    """The secret address of a request or a company, or the number in the subject, as far as its owner may see it."""
    asked = taken(lead(cast.atelier))
    copy = copy_of(cast.nour)
    address = {
        "address": copy.of_record(f"d-{asked.pk:06d}"),
        "subject": copy.address,
        "company": copy.of_record(f"e-{cast.atelier.pk:06d}"),
    }[where]
    subject = f"Re: {asked.reference}" if where == "subject" else "Votre dossier"
    vera = "vera@verreries.example"
    to = "x@nowhere.example" if where == "subject" else vera
    kept = arrived(cast.nour, mail(cast.nour.email, to, subject=subject), address)
    assert (kept.company, kept.state) == (cast.atelier, "filed")
    assert kept.filed_by == ("subject" if where == "subject" else "address")
    assert kept.interaction.lead == (None if where == "company" else asked)
    assert TrailEntry.objects.about(kept).filter(verb="correspondence.mail_filed").exists()
    if where == "subject":
        other = arrived(cast.nour, mail(cast.nour.email, vera, subject=subject, number="other"), address)
        assert other.state == "waiting", "the subject is one company's, the address another's"


def test_what_is_not_clear_waits_on_the_desk(cast, sign_in, django_assert_max_num_queries):
    """Two companies or none: one press files it with what is proposed and why, or with a name; or throws it away."""
    both = "alan@ponant.example, vera@verreries.example"
    copy = copy_of(cast.nour)
    two = arrived(cast.nour, mail(cast.nour.email, both, number="two"), copy.address)
    told = "De : Alan <alan@ponant.example>\nObjet : Salon\nLe stand est pris."
    none = arrived(cast.nour, mail(cast.nour.email, copy.address, number="none", text=told), copy.address)
    lost = arrived(cast.nour, mail(cast.nour.email, "x@nowhere.example", number="lost"), copy.address)
    assert {two.state, none.state, lost.state} == {"waiting"}
    actions.refuse_mail(sender=cast.nour.email, why="address", peer="127.0.0.1")
    assert TrailEntry.objects.about(cast.nour).filter(verb="correspondence.mail_refused").exists()
    assert not Interaction.objects.exists()
    assert Notification.objects.filter(recipient=cast.nour, kind="correspondence.waiting").count() == 3
    client, listed = sign_in(cast.nour), reverse("correspondence:mails")
    client.get(listed)
    with django_assert_max_num_queries(20):
        page = client.get(listed).text
    assert "Alan Test (alan@ponant.example) works there." in page
    assert "The text names Alan Test (alan@ponant.example), who works there." in page
    assert "No address of this mail is known in the base." in page
    assert copy.secret not in page
    assert "Votre offre" in client.get(reverse("correspondence:desk_mails")).text
    assert sign_in(cast.nina).get(two.get_absolute_url()).status_code == 404, "nobody else's before it is filed"
    client = sign_in(cast.nour)
    filing = reverse("correspondence:file_mail", args=[two.pk])
    assert client.post(filing, {"name": "Nowhere"}).status_code == 422
    assert client.post(filing, {"proposed": cast.southern.pk}).status_code == 302
    two.refresh_from_db()
    assert (two.company, two.interaction.contact, two.filed_by) == (cast.southern, cast.vera, "hand")
    assert client.post(filing, {"proposed": cast.atelier.pk}).status_code == 403, "sorted once"
    filing = reverse("correspondence:file_mail", args=[none.pk])
    assert client.post(filing, {"name": "atelier du ponant"}).status_code == 302
    assert Interaction.objects.get(copied_mail=none).company == cast.atelier
    assert client.post(reverse("correspondence:discard_mail", args=[lost.pk])).status_code == 302
    lost.refresh_from_db()
    assert (lost.state, lost.words, lost.subject, lost.addresses.count()) == ("discarded", "", "", 0)
    again = arrived(cast.nour, mail(cast.nour.email, "x@nowhere.example", number="lost"))
    assert again.state == "discarded", "thrown away, it does not come back"
    assert "Nothing waits to be sorted" in client.get(listed).text


def test_a_person_has_an_address_of_his_own_in_each_role(cast, sign_in, settings):
    """Made and made anew on his page; on the page of a company and a request stands the one of the record."""
    client, page = sign_in(cast.nour), reverse("correspondence:view_copy_address")
    assert "You have none yet" in client.get(page).text
    assert client.post(reverse("correspondence:renew_copy_address")).status_code == 302
    first = client.get(page).context["copy"].address
    assert first in client.get(page).text
    client.post(reverse("correspondence:renew_copy_address"))
    assert client.get(page).context["copy"].address != first
    company = client.get(reverse("correspondence:company_address", args=[cast.atelier.pk])).text
    assert f"e-{cast.atelier.pk:06d}." in company
    asked = lead(cast.atelier)
    assert f"d-{asked.pk:06d}." in client.get(reverse("correspondence:lead_address", args=[asked.pk])).text
    assert sign_in(cast.claire).get(page).status_code == 403
    settings.MAIL_COPY_DOMAIN = ""
    assert "No mail is received" in sign_in(fresh(cast.nour)).get(page).text


def test_an_answer_of_a_calendar_answers_our_invitation(cast, over_smtp):
    """To the secret address that the invitation names; another guest, event or address is refused."""
    when = {"starts_at": SOON, "ends_at": SOON + datetime.timedelta(hours=1)}
    meeting = agenda.create_entry(by=fresh(cast.nour), title="Point salon", kind="meeting", **when)
    guest = agenda.invite_participant(entry=meeting, email="alan@ponant.example", by=fresh(cast.nour))
    told = str(InvitationLetter.objects.get().content)
    address = reply_address(guest)
    assert f"mailto:{address}" in json.loads(told)["calendar"].replace("\r\n ", "")

    def reply(answer="ACCEPTED", to=address, **more):
        said = {"uid": meeting.uid, "guest": "alan@ponant.example", "organizer": to, "params": f";PARTSTAT={answer}"}
        event = calendar("REPLY", **{**said, **more})
        letter = mail("alan@ponant.example", to, number=f"{answer}{more}", event=event, method="REPLY")
        code, _words = over_smtp(lambda port: send(port, "alan@ponant.example", [to], letter))
        guest.refresh_from_db()
        return code, guest.answer

    assert reply() == (250, "accepted")
    assert reply("TENTATIVE") == (250, "tentative")
    assert reply("DECLINED", guest="other@ponant.example") == (550, "tentative")
    assert reply("DECLINED", uid="another@pavillon") == (550, "tentative")
    assert reply("DECLINED", to=address.replace("@", "a@", 1)) == (550, "tentative")
    agenda.move_entry(entry=meeting, starts_at=SOON, ends_at=SOON + datetime.timedelta(hours=2), by=fresh(cast.nour))
    assert reply("DECLINED") == (250, "tentative"), "about the meeting before it was changed"
    assert reply("DECLINED", sequence=1) == (250, "declined")
    assert not CopiedMail.objects.exists()
    assert Notification.objects.filter(recipient=cast.nour, kind="agenda.answered").count() == 3
    # Out of the adviser's own mailbox, where an answer to an older invitation came.
    said = {"uid": meeting.uid, "guest": "alan@ponant.example", "sequence": 1, "params": ";PARTSTAT=ACCEPTED"}
    kept = arrived(cast.nour, mail(cast.nour.email, event=calendar("REPLY", **said), method="REPLY"))
    guest.refresh_from_db()
    assert (guest.answer, kept.calendar_problem) == ("accepted", "")


def test_a_person_who_is_erased_leaves_no_word(cast, sign_in):
    """Mail in which an address stands is emptied, with its files; the exchange stays without words."""
    kept = arrived(cast.nour, mail(cast.nour.email, files={"offre.pdf": PDF}))
    person = person_with([], "alan@ponant.example")
    assert set(mails_of_person(person)) == {kept}
    assert files_of_person(person).count() == 1
    actions.forget_mail_address(addresses_of_person(person).get())
    kept.refresh_from_db()
    assert (kept.words, kept.subject, kept.files.count(), kept.state) == ("", "", 0, "filed")
    assert kept.interaction.summary == "", "filing copied the words there"
    assert not MailAddress.objects.exists()
    other = arrived(cast.nour, mail(cast.nour.email, number="other", files={"offre.pdf": PDF}))
    actions.forget_mail_file(other.files.get())
    actions.forget_mail(other)
    actions.forget_copy_address(CopyAddress.objects.valid().get())
    assert not CopyAddress.objects.valid().exists()


def test_the_demonstration_has_mail_to_sort(cast, sign_in):
    """Filed and waiting mail of Helene; told once."""
    world = {"users": {"helene": cast.nour}}
    for _time in range(2):
        demo.seed(world)
    assert CopiedMail.objects.filter(state="waiting").count() == 2
    assert CopiedMail.objects.filter(state="filed").count() == 2
