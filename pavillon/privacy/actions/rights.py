"""Requests of people about their data: received, proven, extended, answered, refused; each step told by a letter."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.privacy.actions.choices import object_for
from pavillon.privacy.actions.erasing import erase_person
from pavillon.privacy.actions.letters import write_letter
from pavillon.privacy.enums import PENDING, Identity, RequestState, Right
from pavillon.privacy.models import Erasure, RightsRequest
from pavillon.privacy.models.rights import DAYS_TO_FETCH, MONTHS_MORE, MONTHS_TO_ANSWER, months_later
from pavillon.privacy.queries.gathering import identities_of
from pavillon.privacy.queries.people import person_of
from pavillon.privacy.queries.rights import SALT_OF_RIGHTS

DAYS_TO_CONFIRM = 30
# Days before the deadline from which officers are warned.
WARNING_DAYS = 7


class WrongStep(Exception):
    """The request is no longer where this act begins; the message says where it is."""


class NotProven(Exception):
    """Nothing shows yet that the request comes from the person."""


def _locked(asked: RightsRequest, *states: str) -> RightsRequest:
    asked = RightsRequest.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if states and asked.state not in states:
        raise WrongStep(_("This request is already at “%(state)s”.") % {"state": asked.get_state_display()})
    return asked


def _officers() -> Iterable[User]:
    return User.objects.working().acting_in(role=Role.DATA_PROTECTION_OFFICER).distinct()


def _save(asked: RightsRequest, before: dict[str, Any], verb: str, by: User | None) -> RightsRequest:
    asked.save()
    record(verb, asked, by=by, changes=changes_since(before, asked))
    return asked


def _address(asked: RightsRequest, page: str) -> str:
    with translation.override(asked.language):
        return settings.BASE_URL + reverse(page, args=[signing.dumps(asked.pk, salt=SALT_OF_RIGHTS)])


def _write(asked: RightsRequest, subject: Any, body: Any, by: User | None = None, **values: Any) -> None:
    write_letter(
        to=asked.email,
        language=asked.language,
        subject=format_lazy("{reference} · {subject}", reference=asked.reference, subject=subject),
        body=format_lazy(
            gettext_lazy("Hello {name},\n\n{text}\n\nThe data-protection officer"),
            name=asked.name,
            text=format_lazy(body, **values) if values else body,
        ),
        by=by,
    )


@transaction.atomic
def ask_right(
    *, right: str, name: str, email: str, language: str, message: str = "", user: User | None = None,
    by: User | None = None,
) -> RightsRequest:  # fmt: skip
    """Receive a request. From an account the identity is shown, and one's own data are handed out at once.

    Without an account a letter goes to the address: its link proves that the request comes from there.
    """
    today = timezone.localdate()
    asked = RightsRequest.objects.create(
        right=right,
        name=name,
        email=email,
        language=language,
        message=message,
        user=user,
        received_on=today,
        due_on=months_later(today, MONTHS_TO_ANSWER),
    )
    record("privacy.right_asked", asked, by=by or user, right=right)
    if user is None:
        _write(
            asked,
            gettext_lazy("Confirm your request about your data"),
            gettext_lazy(
                "We received a request in your name: {right}. If it comes from you, confirm it here:\n\n{address}\n\n"
                "If not, do nothing: it lapses by itself."
            ),
            right=asked.get_right_display(),
            address=_address(asked, "privacy:confirm_request"),
        )
        return asked
    return _open(asked, Identity.ACCOUNT, user)


def _open(asked: RightsRequest, identity: Identity, by: User | None) -> RightsRequest:
    before = snapshot(asked)
    asked.state, asked.identity = RequestState.OPEN, identity
    found = identities_of(asked.email, asked.user)
    # Of several people behind one address the officer says which one it is; an account and its records are its owner's.
    sure = {f"user:{asked.user_id}"} if asked.user_id else set()
    asked.identities = [card.key for card in found if len(found) == 1 or sure & set(card.keys)]
    _save(asked, before, "privacy.right_opened", by)
    if asked.user is not None and asked.gives_data:
        return answer_request(asked=asked, answer=_("Handed out at once, to the account that asked."), by=None)
    _write(
        asked,
        gettext_lazy("Your request is received"),
        gettext_lazy("Your request ({right}) is received. You will have the answer before {day}.\n\n{address}"),
        right=asked.get_right_display(),
        day=asked.due_on.strftime("%d/%m/%Y"),
        address=_address(asked, "privacy:follow_request"),
    )
    notify(
        _officers(),
        "privacy.right_asked",
        title=format_lazy(gettext_lazy("Request {reference}: {right}"), reference=asked.reference,
                          right=Right(asked.right).label),
        url=asked.get_absolute_url(),
    )  # fmt: skip
    return asked


@transaction.atomic
def confirm_request(*, asked: RightsRequest) -> RightsRequest:
    """The link of the letter was followed: the request comes from that address. Raises WrongStep."""
    return _open(_locked(asked, RequestState.UNCONFIRMED), Identity.LINK, None)


@transaction.atomic
def enter_request(
    *, right: str, name: str, email: str, language: str, message: str, identity_note: str, by: User
) -> RightsRequest:
    """A request that came by post or by phone, entered by the officer, who says how he knows who asked."""
    today = timezone.localdate()
    asked = RightsRequest.objects.create(
        right=right, name=name, email=email, language=language, message=message, received_on=today,
        due_on=months_later(today, MONTHS_TO_ANSWER), identity_note=identity_note,
    )  # fmt: skip
    record("privacy.right_asked", asked, by=by, right=right)
    return _open(asked, Identity.DOCUMENT, by)


@transaction.atomic
def choose_identities(*, asked: RightsRequest, keys: Iterable[str], by: User) -> RightsRequest:
    """Say which records are this person's. Raises WrongStep."""
    asked = _locked(asked, *PENDING)
    before = snapshot(asked)
    asked.identities = list(keys)
    return _save(asked, before, "privacy.right_identities_chosen", by)


@transaction.atomic
def ask_document(*, asked: RightsRequest, why: str, by: User) -> RightsRequest:
    """A reasonable doubt about who asks (article 12(6)): the person is told why. Raises WrongStep."""
    asked = _locked(asked, RequestState.OPEN)
    before = snapshot(asked)
    asked.state, asked.officer = RequestState.DOUBT, by
    _save(asked, before, "privacy.right_document_asked", by)
    _write(
        asked,
        gettext_lazy("We need to be sure that it is you"),
        gettext_lazy(
            "Before we answer, we need a document that shows who you are: {why}\nAnswer this letter with it or come in "
            "person; black out the number and the picture. We look at it and keep no copy."
        ),
        by,
        why=why,
    )
    return asked


@transaction.atomic
def accept_identity(*, asked: RightsRequest, note: str, by: User) -> RightsRequest:
    """A document was looked at; `note` says which, no copy is kept. Raises WrongStep."""
    asked = _locked(asked, RequestState.DOUBT)
    before = snapshot(asked)
    asked.state, asked.identity, asked.identity_note = RequestState.OPEN, Identity.DOCUMENT, note
    return _save(asked, before, "privacy.right_identity_accepted", by)


@transaction.atomic
def extend_request(*, asked: RightsRequest, reason: str, by: User) -> RightsRequest:
    """Two more months, once, before the first is over; she reads why (article 12(3)). Raises WrongStep."""
    asked = _locked(asked, *PENDING)
    if asked.extended_on is not None or asked.days_left < 0:
        raise WrongStep(_("The delay may be extended once, before it is over."))
    before = snapshot(asked)
    asked.extended_on, asked.extension_reason = timezone.localdate(), reason
    asked.due_on = months_later(asked.received_on, MONTHS_TO_ANSWER + MONTHS_MORE)
    asked.warned_on = None
    _save(asked, before, "privacy.right_extended", by)
    _write(
        asked,
        gettext_lazy("We need more time"),
        gettext_lazy("You will have the answer before {day}. The reason: {reason}"),
        by,
        day=asked.due_on.strftime("%d/%m/%Y"),
        reason=reason,
    )
    return asked


def _close(asked: RightsRequest, state: RequestState, answer: str, verb: str, by: User | None) -> RightsRequest:
    before = snapshot(asked)
    asked.state, asked.answer, asked.closed_at = state, answer, timezone.now()
    asked.officer = by or asked.officer
    if asked.gives_data and state == RequestState.ANSWERED:
        asked.fetch_until = timezone.localdate() + timedelta(days=DAYS_TO_FETCH)
    return _save(asked, before, verb, by)


@transaction.atomic
def answer_request(*, asked: RightsRequest, answer: str, by: User | None) -> RightsRequest:
    """Answer access, portability and rectification: the data can be fetched, or what was corrected is told.

    Raises WrongStep, NotProven when no record and no address is known to be the person's.
    """
    asked = _locked(asked, RequestState.OPEN)
    if asked.identity == Identity.NONE:
        raise NotProven(_("Nothing shows yet that this request comes from the person."))
    _close(asked, RequestState.ANSWERED, answer, "privacy.right_answered", by)
    body = (
        gettext_lazy(
            "Your data are ready, to read and for machines. Fetch them here before {day}:\n\n{address}\n\n{text}"
        )
        if asked.gives_data
        else gettext_lazy("{text}\n\n{address}")
    )
    _write(
        asked, gettext_lazy("The answer to your request"), body, by, text=answer,
        day=asked.fetch_until.strftime("%d/%m/%Y") if asked.fetch_until else "",
        address=_address(asked, "privacy:follow_request"),
    )  # fmt: skip
    return asked


@transaction.atomic
def grant_objection(*, asked: RightsRequest, purposes: Iterable[str], by: User) -> RightsRequest:
    """Stop the uses that the person objects to, now. Raises WrongStep."""
    asked = _locked(asked, RequestState.OPEN)
    proof = {"page": "", "button": "request", "request": asked.reference}
    wanted = list(purposes)
    people: list[Any] = [row for key in asked.identities if (row := person_of(key)) is not None]
    for person in [*people, asked.email]:
        object_for(person=person, purposes=wanted, by=by, proof=proof)
    answer = _("The uses you object to have stopped.")
    _close(asked, RequestState.ANSWERED, answer, "privacy.right_answered", by)
    _write(asked, gettext_lazy("The answer to your request"),
           gettext_lazy("The uses you object to have stopped, as of now."), by)  # fmt: skip
    return asked


@transaction.atomic
def erase_on_request(*, asked: RightsRequest, by: User) -> Erasure:
    """Erase the person everywhere. Raises WrongStep, NotProven, WorksHere."""
    asked = _locked(asked, RequestState.OPEN)
    if asked.identity == Identity.NONE:
        raise NotProven(_("Nothing shows yet that this request comes from the person."))
    erasure = erase_person(
        keys=asked.identities, email=asked.email, why="request", by=by, proof={"request": asked.reference}
    )
    asked.refresh_from_db()
    answer = _("Erased: %(reference)s.") % {"reference": erasure.reference}
    _close(asked, RequestState.ANSWERED, answer, "privacy.right_answered", by)
    _write(
        asked,
        gettext_lazy("Your data are erased"),
        gettext_lazy(
            "What we held about you is erased ({reference}). Figures keep counting, without you. We keep this request "
            "for three years as a proof, and a digest of your address, from which it cannot be read, so that nobody "
            "brings your data back."
        ),
        by,
        reference=erasure.reference,
    )
    return erasure


@transaction.atomic
def refuse_request(*, asked: RightsRequest, reason: str, by: User) -> RightsRequest:
    """Refuse, with reasons and the way to complain (article 12(4)). Raises WrongStep."""
    asked = _locked(asked, *PENDING)
    _close(asked, RequestState.REFUSED, reason, "privacy.right_refused", by)
    _write(
        asked,
        gettext_lazy("The answer to your request"),
        gettext_lazy("We cannot do what you ask: {reason}\n\nYou may complain to the CNIL (cnil.fr) or go to court."),
        by,
        reason=reason,
    )
    return asked


@transaction.atomic
def note_fetch(*, asked: RightsRequest, digest: str, by: User | None) -> None:
    """Note that the answer was fetched, with the digest of the file (`queries.package_of`)."""
    record("privacy.data_fetched", asked, by=by, right=asked.right, digest=digest)


@transaction.atomic
def lapse_requests() -> int:
    """Requests whose address was never confirmed lapse after thirty days. Returns how many."""
    limit = timezone.localdate() - timedelta(days=DAYS_TO_CONFIRM)
    late = list(RightsRequest.objects.filter(state=RequestState.UNCONFIRMED, received_on__lt=limit))
    for asked in late:
        before = snapshot(asked)
        asked.state, asked.message = RequestState.LAPSED, ""
        _save(asked, before, "privacy.right_lapsed", None)
    return len(late)


@transaction.atomic
def warn_of_deadlines() -> int:
    """Tell the officers, once, of requests whose delay is nearly over. Returns how many."""
    near = RightsRequest.objects.pending().filter(
        due_on__lte=timezone.localdate() + timedelta(days=WARNING_DAYS), warned_on__isnull=True
    )
    told = list(near.select_for_update(of=("self",)))
    for asked in told:
        asked.warned_on = timezone.localdate()
        asked.save(update_fields=["warned_on", "changed_at"])
        notify(
            _officers(),
            "privacy.right_due",
            title=format_lazy(
                gettext_lazy("{reference} is to be answered in {days} days"),
                reference=asked.reference,
                days=asked.days_left,
            ),
            url=asked.get_absolute_url(),
        )
        record("privacy.right_warned", asked, by=None)
    return len(told)


@transaction.atomic
def forget_request(asked: RightsRequest) -> None:
    """Keep that a request was made and how it ended, lose whose it was."""
    asked.name, asked.email, asked.message, asked.user, asked.identities = "—", "", "", None, []
    asked.identity_note = ""
    asked.save()
