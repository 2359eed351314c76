"""What a person may choose, as the page of choices shows it: with an account, or by a signed link without one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

from pavillon.accounts.models import User
from pavillon.privacy.enums import OPT_IN, Kind
from pavillon.privacy.models import Consent, Purpose, Question
from pavillon.privacy.queries.people import card_of
from pavillon.privacy.queries.uses import Verdict, may_use

SALT_OF_LINKS = "pavillon.privacy.person"
# A link of a letter serves a year; a new letter brings a new one.
LINK_SECONDS = 366 * 24 * 3600


@dataclass(frozen=True)
class Choice:
    """One line of the page: a purpose, the text in force, where it stands and what the person can still say."""

    purpose: Purpose
    verdict: Verdict
    is_asked: bool
    scope: str = ""
    recipient: str = ""

    @property
    def answers(self) -> bool:
        """Whether the person's word changes anything: not where a contract or the law is the basis."""
        return not self.purpose.is_essential


def token_of(key: str) -> str:
    """What a link carries to name a person without telling who."""
    return signing.dumps(key, salt=SALT_OF_LINKS, compress=False)


def key_of_token(token: str) -> str:
    """The person's key, "" for a link that was altered or is too old."""
    try:
        return str(signing.loads(token, salt=SALT_OF_LINKS, max_age=LINK_SECONDS))
    except signing.BadSignature:
        return ""


def choices_of(person: object) -> list[Choice]:
    """Every purpose that is asked of people, then every recipient that this person answered about."""
    purposes = Purpose.objects.filter(kind=Kind.PERSON, current__isnull=False).select_related("current")
    lines = [
        Choice(purpose, may_use(person, purpose.pk), purpose.legal_basis in OPT_IN)
        for purpose in purposes
        if not purpose.is_per_recipient
    ]
    keys: Sequence[str] = card_of(person).keys
    answered = Consent.objects.standing().exclude(scope="").filter(person_key__in=keys)
    for consent in answered.select_related("purpose__current"):
        verdict = may_use(person, consent.purpose_id, scope=consent.scope)
        recipient = str(consent.proof.get("recipient", ""))
        lines.append(Choice(consent.purpose, verdict, True, consent.scope, recipient))
    return lines


def open_questions_to(user: User) -> list[Question]:
    """The recipients about whom somebody waits for this person's answer."""
    return list(Question.objects.filter(user=user).open().select_related("purpose__current", "asked_by"))
