"""A mail is taken in: from whom it must be, kept once, its files through the house's one door, its place found."""

import logging
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_lazy

from pavillon.accounts.actions import spend_attempt
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.agenda import actions as agenda
from pavillon.agenda.queries.scheduling import CANCEL, REPLY, REQUEST, CalendarMessage, NotACalendar, read_message
from pavillon.core.wall import house
from pavillon.correspondence.actions.calendars import UNKEPT, follow_calendar
from pavillon.correspondence.actions.looking import place_by_itself
from pavillon.correspondence.enums import AddressRole, Checked
from pavillon.correspondence.models import CopiedMail, MailAddress, MailFile
from pavillon.correspondence.parsing import Attachment, Mail, Unreadable, read_mail
from pavillon.correspondence.proving import is_proven
from pavillon.correspondence.queries.addresses import Place, account_of
from pavillon.correspondence.queries.finding import Match
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.ui.limits import Rate
from pavillon.ui.uploads import CALENDAR, DOCUMENTS, MB, PICTURES, check_upload
from pavillon.ui.uploads import Refused as FileRefused

# An answer of a calendar is short.
MOST_BYTES, MOST_REPLY = 15 * MB, 1 * MB
log = logging.getLogger("pavillon.correspondence")
MOST_FILES, MOST_FILE = 20, 10 * MB
OLDEST = timedelta(days=3650)
# What one person may copy, what may come to one invitation, and how often a refusal is written down.
COPIES, REPLIES, TRACED = Rate(200, 3600), Rate(20, 3600), Rate(60, 3600)
TAKEN_KINDS = (*DOCUMENTS, *PICTURES, CALENDAR)


class Refused(Exception):
    """The mail is not taken: the code and the words for the mail server that brought it, `why` for the trail."""

    def __init__(self, why: str, words: str, code: str = "550 5.7.1") -> None:
        super().__init__(words)
        self.why, self.answer = why, f"{code} {words}"


NOT_HERE = "Not taken: unknown address, or a sender who may not write to it"


@dataclass(frozen=True)
class Arrival:
    """How a mail came: who the envelope says it is from, where to, and from this machine or not."""

    sender: str
    places: tuple[Place, ...]
    is_local: bool


def refuse_mail(*, sender: str, why: str, peer: str) -> None:
    """Write a refusal in the trail, so many an hour at most: whoever knocks without end does not fill it.

    Of the sender only his account is named, if he has one.
    """
    if spend_attempt(what="refused mail", who=peer, rate=TRACED) is None:
        user = account_of(sender) if sender else None
        facts: dict[str, Any] = {} if user else {"is_known": False}
        record("correspondence.mail_refused", *([user] if user else []), by=None, why=why, **facts)


@house()
def receive_mail(*, content: bytes, arrival: Arrival) -> CopiedMail | None:
    """Take a mail in; what it became, None for the answer to an invitation. Raises Refused."""
    if place := next((each for each in arrival.places if each.participant is not None), None):
        _take_reply(content, place)
        return None
    place = arrival.places[0]
    owner = place.owner
    assert owner is not None
    # Before anything looks into it: reading costs more than sending.
    _spend("copied mail", owner.pk, COPIES)
    mail = _parsed(content)
    checked = _check(mail, arrival, owner)
    _cover_addresses(mail)
    with translation.override(owner.language), timezone.override(owner.time_zone):
        known = CopiedMail.objects.filter(owner=owner, organisation=owner.organisation, key=mail.key).first()
        if known is not None:
            return _place_known(known, arrival, owner)
        saved: list[str] = []
        try:
            return _keep(mail, len(content), checked, arrival, owner, saved)
        except BaseException:
            _drop_files(saved)
            raise


def _drop_files(saved: list[str]) -> None:
    """What lies on the disk does not roll back by itself; a connection lost while it committed may have kept it."""
    connection.close_if_unusable_or_obsolete()
    with suppress(DatabaseError):
        kept = set(MailFile.objects.filter(file__in=saved).values_list("file", flat=True)) if saved else set()
        for name in set(saved) - kept:
            default_storage.delete(name)


def _spend(what: str, who: int, rate: Rate) -> None:
    if spend_attempt(what=what, who=str(who), rate=rate) is not None:
        raise Refused("too_many", "Too many messages, try again later", "451 4.7.1")


def _parsed(content: bytes) -> Mail:
    try:
        return read_mail(content)
    except Unreadable as error:
        raise Refused("unreadable", "Not taken: this message cannot be read", "550 5.6.0") from error


def _cover_addresses(mail: Mail) -> None:
    """Our own addresses are secrets: who reads the mail with its owner does not read them."""
    domain = re.escape(settings.MAIL_COPY_DOMAIN)
    if not domain:
        return
    mail.subject, mail.words, mail.history = (
        re.sub(rf"[\w.+-]+@{domain}", "…", text, flags=re.IGNORECASE)
        for text in (mail.subject, mail.words, mail.history)
    )
    # Long lines of a calendar are folded, within an address too.
    unfolded = re.sub(rb"\r?\n[ \t]", b"", mail.calendar)
    mail.calendar = re.sub(rb"[\w.+-]+@" + domain.encode(), "…".encode(), unfolded, flags=re.IGNORECASE)


def _check(mail: Mail, arrival: Arrival, owner: User) -> str:
    """How it was made sure that its owner sent it. Raises Refused."""
    if mail.is_automatic:
        raise Refused("automatic", "Not taken: automatic messages are not kept")
    writer = account_of(mail.sender)
    if writer is None or writer.pk != owner.pk or any(each.owner != owner for each in arrival.places):
        raise Refused("sender", NOT_HERE)
    if settings.MAIL_COPY_AUTHORITY and is_proven(mail.results, mail.sender, settings.MAIL_COPY_AUTHORITY):
        checked = Checked.RELAY
    elif settings.MAIL_COPY_TRUSTS_LOOPBACK and arrival.is_local:
        checked = Checked.LOOPBACK
    else:
        raise Refused("unproven", "Not taken: the sender's domain is not proven (DKIM, SPF or DMARC)")
    return checked


@transaction.atomic
def _keep(mail: Mail, size: int, checked: str, arrival: Arrival, owner: User, saved: list[str]) -> CopiedMail:
    told, problem = _calendar_of(mail)
    now = timezone.now()
    assert owner.organisation is not None
    kept, is_new = CopiedMail.objects.get_or_create(
        owner=owner,
        organisation=owner.organisation,
        key=mail.key,
        defaults={
            "checked": checked,
            "subject": mail.subject,
            "words": mail.words,
            "history": mail.history,
            "calendar": mail.calendar.decode(errors="replace") if told else "",
            "calendar_method": told.method[:10] if told else "",
            "calendar_uid": told.uid if told else "",
            "calendar_sequence": told.sequence if told else 0,
            "calendar_problem": problem,
            "sent_at": mail.sent_at if mail.sent_at and now - OLDEST < mail.sent_at < now else now,
            "received_at": now,
            "size": size,
        },
    )
    if not is_new:
        # The same mail came twice at the same moment.
        return kept
    record("correspondence.mail_received", kept, by=owner, checked=checked)
    _keep_addresses(mail, kept)
    is_message = told is not None and told.method in (REQUEST, CANCEL, REPLY)
    others = [] if is_message or not mail.calendar else [Attachment(mail.calendar_name, mail.calendar)]
    _keep_files([*others, *mail.attachments], kept, saved)
    if told:
        follow_calendar(kept, told, mail.calendar, owner, sender=mail.sender)
    _find_its_place(kept, arrival, owner)
    kept.refresh_from_db()
    return kept


def _calendar_of(mail: Mail) -> tuple[CalendarMessage | None, str]:
    if not mail.calendar:
        return None, ""
    try:
        return read_message(mail.calendar), ""
    except NotACalendar as error:
        return None, str(error)[:300]


def _keep_addresses(mail: Mail, kept: CopiedMail) -> None:
    own = f"@{settings.MAIL_COPY_DOMAIN}"
    found = [(AddressRole.SENDER, mail.sender_name, mail.sender)]
    found += [(AddressRole.RECIPIENT, name, email) for name, email in mail.recipients if not email.endswith(own)]
    found += [(AddressRole.MENTIONED, "", email) for email in mail.mentioned if not email.endswith(own)]
    MailAddress.objects.bulk_create(MailAddress(mail=kept, role=r, name=n, email=e) for r, n, e in found)


def _keep_files(attachments: list[Attachment], kept: CopiedMail, saved: list[str]) -> None:
    """Each file through the house's one door: what is refused leaves its name and the reason."""
    for number, attachment in enumerate(attachments):
        line = MailFile(mail=kept, name=attachment.name, size=len(attachment.content))
        file = ContentFile(attachment.content, name=attachment.name)
        try:
            if number >= MOST_FILES:
                raise FileRefused(gettext_lazy("A mail has at most 20 files: this one was not kept."), code="many")
            check_upload(file, takes=TAKEN_KINDS, most=MOST_FILE)
        except FileRefused as refused:
            if refused.code == "scanner_away":
                # The mail server brings it again later.
                raise Refused("scanner_away", "Files are not taken just now, try again later", "451 4.3.0") from refused
            line.refused = " ".join(refused.messages)[:300]
        else:
            line.file.save(f"{uuid.uuid4().hex}.bin", file, save=False)
            saved.append(str(line.file.name))
        line.save()


@transaction.atomic
def _place_known(known: CopiedMail, arrival: Arrival, owner: User) -> CopiedMail:
    """A mail that waits, copied once more to the address of a record, is filed there."""
    match = _place_named(arrival, owner) if known.is_waiting else None
    return (place_by_itself(known, owner, match) if match else None) or known


def _find_its_place(kept: CopiedMail, arrival: Arrival, owner: User) -> None:
    named = _place_named(arrival, owner)
    if not kept.calendar_held and place_by_itself(kept, owner, named):
        return
    # Without its subject, which is sealed and goes when the mail is thrown away.
    words = gettext("A copied mail waits to be sorted.")
    if kept.calendar_held:
        words = gettext("A new version of an invitation waits for your word.")
    notify([owner], "correspondence.waiting", title=words, url=kept.get_absolute_url(), email=False)
    wake("correspondence.mail", people=[owner.pk])


def _place_named(arrival: Arrival, owner: User) -> Match | None:
    """The request or the company whose own address the mail came to, as far as its owner may see it."""
    for place in arrival.places:
        if place.lead is not None:
            lead = Lead.objects.visible_to(owner).filter(pk=place.lead, company__isnull=False).first()
            if lead is not None and lead.company is not None:
                return Match(lead.company, is_sure=True, lead=lead)
        if place.company is not None:
            company = Company.objects.visible_to(owner).filter(pk=place.company).first()
            if company is not None:
                return Match(company, is_sure=True)
    return None


def _take_reply(content: bytes, place: Place) -> None:
    """The answer of a guest's calendar, proven by the address that it came to. Raises Refused."""
    participant = place.participant
    assert participant is not None
    if len(content) > MOST_REPLY:
        raise Refused("too_big", "Not taken: too large for an answer", "552 5.3.4")
    _spend("calendar reply", participant.pk, REPLIES)
    mail = _parsed(content)
    try:
        agenda.take_answer(content=mail.calendar, participant=participant)
    except (NotACalendar, agenda.NotInvited, *UNKEPT) as error:
        raise Refused("no_answer", "Not taken: this address takes answers of the invited calendar only") from error
