"""People are invited, answer, and write to each other about a meeting."""

import json
from email.utils import formataddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.agenda.actions.entries import wake_agenda
from pavillon.agenda.enums import Answer
from pavillon.agenda.ical import invitation_text
from pavillon.agenda.models import Entry, InvitationLetter, MeetingMessage, Participant
from pavillon.agenda.queries.meetings import contact_of, person_of, reply_address
from pavillon.core.fields import blind_index
from pavillon.ui.words import moment


class AlreadyInvited(Exception):
    """The address takes part already."""


@transaction.atomic
def invite_participant(*, entry: Entry, email: str, by: User, name: str = "") -> Participant:
    """Invite an address by a letter; a colleague also finds it in his agenda and inbox. Raises AlreadyInvited."""
    email = email.strip().lower()
    if (
        email == entry.owner.email.lower()
        or entry.participants.filter(email_index=blind_index(Participant, "email_index", email)).exists()
    ):
        raise AlreadyInvited(_("%(email)s takes part already.") % {"email": email})
    person = person_of(email)
    contact = None if person else contact_of(email, by)
    known = person.full_name if person else str(contact or "")
    participant = Participant.objects.create(
        entry=entry, person=person, contact=contact, email=email, name=name.strip() or known
    )
    record("agenda.participant_invited", entry, by=by, participant=participant.pk)
    if person is not None:
        _tell(entry, [person], gettext_lazy("%(who)s invites you: %(title)s, %(moment)s"), "agenda.invited", by)
        wake_agenda(person)
    post_letter(participant, "REQUEST")
    return participant


@transaction.atomic
def remove_participant(*, participant: Participant, by: User) -> None:
    """Somebody no longer takes part, and is told."""
    entry = participant.entry
    record("agenda.participant_removed", entry, by=by, participant=participant.pk)
    post_letter(participant, "CANCEL")
    person = participant.person
    participant.delete()
    if person is not None:
        wake_agenda(person)


@transaction.atomic
def answer_invitation(*, participant: Participant, answer: str, by: User | None) -> Participant:
    """Whoever is invited says whether he comes: in his agenda, or by the link of the letter (`by` is None)."""
    participant = (
        Participant.objects.select_for_update(of=("self",)).select_related("entry__owner").get(pk=participant.pk)
    )
    if participant.answer != answer:
        before = participant.answer
        participant.answer, participant.answered_at = answer, timezone.now()
        participant.save(update_fields=["answer", "answered_at"])
        entry = participant.entry
        changes = {"answer": [before, answer]}
        record("agenda.invitation_answered", entry, by=by, changes=changes, participant=participant.pk)
        notify(
            [entry.owner],
            "agenda.answered",
            title=_told(participant),
            url=entry.get_absolute_url(),
        )
        wake_agenda(entry.owner, *([participant.person] if participant.person else []))
    return participant


def _told(participant: Participant) -> str:
    with translation.override(participant.entry.owner.language):
        words = {"who": participant, "answer": participant.get_answer_display(), "title": participant.entry.title}
        return _("%(who)s: %(answer)s (%(title)s)") % words


@transaction.atomic
def write_message(*, entry: Entry, text: str, by: User) -> MeetingMessage:
    """A message of the thread: those who take part and are not there find it in their inbox."""
    message = MeetingMessage.objects.create(entry=entry, author=by, text=text.strip())
    record("agenda.message_written", entry, by=by)
    people = people_of(entry)
    others = [person for person in people if person.pk != by.pk]
    _tell(entry, others, gettext_lazy("%(who)s writes: %(title)s, %(moment)s"), "agenda.message", by)
    wake("agenda.meeting", people=[person.pk for person in people], entry=entry.pk)
    return message


def people_of(entry: Entry) -> list[User]:
    """The owner and the colleagues who take part."""
    found = entry.participants.filter(person__isnull=False).exclude(answer=Answer.DECLINED).select_related("person")
    return [entry.owner, *(each.person for each in found if each.person)]


def _tell(entry: Entry, people: list[User], words: Any, kind: str, by: User) -> None:
    """In the inbox, in the language and on the clock of each."""
    for person in people:
        with translation.override(person.language), timezone.override(person.time_zone):
            title = str(words) % {"who": by.full_name, "title": entry.title, "moment": moment(entry.starts_at)}
        notify([person], kind, title=title, url=entry.get_absolute_url(), email=False)


def tell_change(entry: Entry, by: User) -> None:
    """An entry moved: each participant gets the new moment."""
    for participant in entry.participants.select_related("person"):
        post_letter(participant, "REQUEST")
        if participant.person is not None:
            wake_agenda(participant.person)


def tell_end(entry: Entry) -> None:
    """An entry is deleted: each participant who may still come is told."""
    if entry.ends_at > timezone.now():
        for participant in entry.participants.exclude(answer=Answer.DECLINED):
            post_letter(participant, "CANCEL")


def post_letter(participant: Participant, method: str) -> None:
    """Hand a letter with the event to the worker; what is past is no longer told, nor guests of another calendar."""
    if participant.invited_elsewhere:
        return
    entry = participant.entry
    person = participant.person
    owner = entry.owner
    language, zone = (person.language, person.time_zone) if person else (owner.language, owner.time_zone)
    with translation.override(language), timezone.override(zone):
        context = {
            "entry": entry,
            "participant": participant,
            "is_cancelled": method == "CANCEL",
            "zone": zone,
            "link": settings.BASE_URL + reverse("agenda:answer_by_link", args=[participant.secret]),
        }
        subject, _line, body = render_to_string("agenda/letters/invitation.txt", context).strip().partition("\n")
    content = {
        "to": formataddr((participant.name, participant.email)),
        "reply_to": owner.email,
        "subject": " ".join(subject.split())[:200],
        "body": body.strip() + "\n",
        "calendar": invitation_text(entry, participant, method, reply_address(participant)),
    }
    letter = InvitationLetter.objects.create(
        number=f"{participant.pk}-{entry.sequence}-{method.lower()}", method=method, content=json.dumps(content)
    )
    app.configure_task("agenda.send_invitation").defer(letter_id=letter.pk)


@transaction.atomic
def send_invitation(*, letter: InvitationLetter) -> None:
    """Send one letter with its event in it, as calendars of all makers read it (RFC 6047); it is not kept.

    Its own number is always the same, so that a mail server can drop the double of a power cut.
    """
    found = InvitationLetter.objects.select_for_update().filter(pk=letter.pk).first()
    if found is None:
        return
    told = json.loads(found.content)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    message = EmailMessage(
        subject=told["subject"],
        body=told["body"],
        to=[told["to"]],
        reply_to=[told["reply_to"]],
        headers={"Message-ID": f"<invitation-{found.number}@{host}>"},
    )
    kind = f"text/calendar; method={found.method}; charset=utf-8"
    message.attach("invitation.ics", told["calendar"].encode(), kind)
    message.send()
    record("agenda.invitation_sent", found, by=None, number=found.number, method=found.method)
    found.delete()
