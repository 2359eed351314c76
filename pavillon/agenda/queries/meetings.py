"""What the page of an entry shows."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from pavillon.accounts.models import User
from pavillon.agenda.enums import Answer, EntryKind
from pavillon.agenda.models import Entry, MeetingMessage, Participant
from pavillon.agenda.queries.calendar import clashes_of
from pavillon.agenda.queries.origins import words_of
from pavillon.core.fields import blind_index
from pavillon.directory.models import Contact


def page_of(entry: Entry, reader: User) -> dict[str, Any]:
    """An entry with who takes part, its thread, and what else its owner has to do at that time."""
    rows = Participant.objects.visible_to(reader).filter(entry=entry)
    participants = list(rows.select_related("person", "person__office", "person__country", "contact"))
    mine = next((each for each in participants if each.person_id == reader.pk), None)
    is_own = entry.owner_id == reader.pk
    is_meeting = bool(participants) or entry.kind in (EntryKind.MEETING, EntryKind.ONE_TO_ONE) or bool(entry.video_url)
    messages = MeetingMessage.objects.visible_to(reader).filter(entry=entry).select_related("author")
    return {
        "entry": entry,
        "is_own": is_own,
        "participants": participants,
        "mine": mine,
        "answers": [(answer.value, answer.label) for answer in Answer if answer != Answer.WAITING],
        "has_thread": is_meeting and (is_own or mine is not None),
        "thread": messages if is_meeting else [],
        "clashes": clashes_of(reader, entry.starts_at, entry.ends_at, but=entry.pk) if is_own and entry.is_busy else [],
        "words": words_of([entry], reader).get(entry.pk, ""),
    }


def person_of(email: str) -> User | None:
    """The colleague of the team, of whatever organisation, who has that address."""
    return User.objects.working().of_the_team().filter(email__iexact=email).first()


def contact_of(email: str, reader: User) -> Contact | None:
    """The contact of the shared base who has that address, among those that the inviting person may see."""
    return (
        Contact.objects.visible_to(reader)
        .filter(email_index=blind_index(Contact, "email_index", email))
        .order_by("pk")
        .first()
    )


def invitation_by(secret: str) -> Participant | None:
    """What the link of a letter leads to."""
    return (
        Participant.objects.filter(secret=secret).select_related("entry", "entry__owner", "entry__organisation").first()
    )


REPLY_NAME = re.compile(r"r-([0-9]{1,18})\.([a-z2-7]{26})")


def reply_address(participant: Participant) -> str:
    """Where this guest's calendar sends its answer, known to it alone; "" where no mail is received."""
    if not settings.MAIL_COPY_DOMAIN:
        return ""
    return f"r-{participant.pk}.{_reply_token(participant)}@{settings.MAIL_COPY_DOMAIN}"


def _reply_token(participant: Participant) -> str:
    """130 bits of the invitation's own secret, in letters that no mail server changes."""
    digest = hmac.digest(participant.secret.encode(), b"reply", hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:26]


def participant_by_reply(name: str) -> Participant | None:
    """Whose answer comes to the name of an address ("r-12.abc…")."""
    found = REPLY_NAME.fullmatch(name)
    rows = Participant.objects.select_related("entry__owner", "entry__organisation")
    participant = rows.filter(pk=int(found[1])).first() if found else None
    if participant is None or found is None or not hmac.compare_digest(_reply_token(participant), found[2]):
        return None
    return participant


def new_video_url() -> str:
    """The address of a room of the video service that nobody guesses: `settings.VIDEO_ROOMS` and 128 random bits."""
    return settings.VIDEO_ROOMS.rstrip("/") + "/" + secrets.token_hex(16)


def invitations_of(person: Any) -> QuerySet[Participant, Any]:
    """Where somebody is invited, by account, as a contact or by one of his addresses (`privacy.queries.Person`)."""
    digests = [blind_index(Participant, "email_index", email) for email in person.emails]
    mine = Q(person__in=person.users) | Q(contact__in=person.contacts) | Q(email_index__in=digests)
    return Participant.objects.filter(mine)
