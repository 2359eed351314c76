"""The one door to the use of personal data: may this person's data serve this purpose, now? And if not, why.

Whoever writes to people, hands their data over or adds to them asks here first, in the transaction that acts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.privacy.enums import OPT_IN, Answer, LegalBasis
from pavillon.privacy.models import Consent, Purpose
from pavillon.privacy.queries.people import Card, card_of, cards_of
from pavillon.privacy.wording import PURPOSES
from pavillon.ui.words import day

MONTH_DAYS = 30.4375


class UseRefused(Exception):
    """The person's data may not serve that purpose; the message says why and what to do."""

    def __init__(self, verdict: "Verdict") -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


@dataclass(frozen=True)
class Verdict:
    """Whether a use is allowed; `code` is the reason and `on` the moment of the answer that it follows from."""

    is_allowed: bool
    code: str
    purpose: str
    on: datetime | None = None

    def __bool__(self) -> bool:
        return self.is_allowed

    @property
    def reason(self) -> str:
        """Why, in words of the reader's language, without the remedy."""
        return _reason(self.code) % {"on": day(timezone.localdate(self.on)) if self.on else ""}

    @property
    def told(self) -> str:
        """The same, as the person herself reads it."""
        own = {
            "never_asked": _("you were never asked."),
            "refused": _("you refused on %(on)s."),
            "objected": _("you objected on %(on)s."),
            "withdrawn": _("you withdrew your consent on %(on)s."),
            "older_wording": _("you agreed on %(on)s to an older wording."),
            "expired": _("your consent of %(on)s is too old."),
        }
        words = own.get(self.code) or _reason(self.code)
        return words % {"on": day(timezone.localdate(self.on)) if self.on else ""}

    @property
    def sentence(self) -> str:
        """Why, and what to do."""
        return f"{_('“%(purpose)s”: ') % {'purpose': self.purpose}}{self.reason} {_remedy(self.code)}".strip()


def _reason(code: str) -> str:
    return {
        "basis": _("allowed, on the legal basis of the purpose."),
        "given": _("accepted on %(on)s."),
        "never_asked": _("this person was never asked."),
        "refused": _("this person refused on %(on)s."),
        "objected": _("this person objected on %(on)s."),
        "withdrawn": _("this person withdrew the consent on %(on)s."),
        "older_wording": _("the consent of %(on)s was given to an older wording."),
        "expired": _("the consent of %(on)s is too old."),
    }[code]


def _remedy(code: str) -> str:
    return {
        "never_asked": _("Send the link to the choices, or ask the question in the person's space."),
        "refused": _("Leave this person out; only a new yes from the person changes it."),
        "objected": _("Leave this person out; only the person can allow it again."),
        "withdrawn": _("Leave this person out; only a new yes from the person changes it."),
        "older_wording": _("Send the link to the choices: the present wording has to be read."),
        "expired": _("Send the link to the choices, so that the person renews it."),
    }.get(code, "")


def may_use(person: Any, purpose: str, *, scope: str = "") -> Verdict:
    """Whether a person's data may serve a purpose now; `scope` names the recipient of what is asked for one.

    `person` is a row of a table that a room introduced (an account, a contact), or an e-mail address. Two statements.
    Raises LookupError for a purpose that does not exist: a misspelt one must never read as an answer.
    """
    return _judge([card_of(person)], purpose, scope)[0]


def judge_many(people: Sequence[Any], purpose: str, *, scope: str = "") -> list[Verdict]:
    """The verdict on each of many people of one table, or addresses, in their order; a fixed number of statements."""
    return _judge(cards_of(people), purpose, scope)


def require_use(person: Any, purpose: str, *, scope: str = "") -> None:
    """Raise UseRefused unless the use is allowed."""
    verdict = may_use(person, purpose, scope=scope)
    if not verdict:
        raise UseRefused(verdict)


# kin(number) -> the keys of every record of the person whose record has that number, as a query
Kin = Callable[[Any], QuerySet[Any]]


def _refused(purpose: str, prefix: str, kin: Kin | None = None) -> QuerySet[Consent]:
    """Answers under keys of one kind that stand for a no: a refusal, or a yes that was taken back and not renewed."""
    ours = Consent.objects.filter(purpose=purpose, scope="").order_by()
    rows = ours.filter(person_key__startswith=f"{prefix}:")
    newer = ours.filter(person_key=OuterRef("person_key"), answered_at__gt=OuterRef("answered_at"))
    taken_back = Q(Q(answer=Answer.GIVEN, ended_at__isnull=False) & ~Exists(newer))
    if kin is not None:
        rows = rows.annotate(number=_number(prefix))
        yes = ours.filter(answer=Answer.GIVEN, ended_at=None, answered_at__gt=OuterRef("ended_at"))
        taken_back = Q(taken_back & ~Exists(yes.filter(person_key__in=kin(OuterRef(OuterRef(OuterRef("number")))))))
    return rows.filter(Q(answer=Answer.REFUSED, ended_at__isnull=True) | taken_back)


def _number(prefix: str) -> Cast:
    return Cast(Substr("person_key", len(prefix) + 2), BigIntegerField())


def refused_numbers(purpose: str, prefix: str, kin: Kin | None = None) -> QuerySet[Any]:
    """The numbers of those who refuse a purpose under keys of one kind ("contact"): to be left out by a statement.

    `kin` knows the other records of a person, for a yes that was taken back under one and given anew under another
    before they were merged; its `number` refers to a query that lies outside of the one in which it stands.
    """
    return _refused(purpose, prefix, kin).values_list(_number(prefix), flat=True)


def refused_addresses(purpose: str) -> QuerySet[Any]:
    """Digests of the addresses under which a purpose is refused, as the column of `keep_addresses_in` holds them."""
    return _refused(purpose, "address").values_list(Substr("person_key", len("address:") + 1), flat=True)


def known_purpose(code: str) -> Purpose:
    """A purpose of the base, or of those that the product ships when none was loaded. Raises LookupError."""
    found = Purpose.objects.select_related("current").filter(pk=code).first()
    if found is not None:
        return found
    for ours in PURPOSES:
        if ours.code == code:
            return Purpose(code=code, legal_basis=ours.basis, name_fr=ours.names[0], name_en=ours.names[1])
    raise LookupError(f"No purpose is called {code}")


def _judge(cards: Sequence[Card], code: str, scope: str) -> list[Verdict]:
    purpose = known_purpose(code)
    answers = _last_answers(cards, purpose, scope)
    return [_verdict(purpose, [answers[key] for key in card.keys if key in answers]) for card in cards]


def _last_answers(cards: Sequence[Card], purpose: Purpose, scope: str) -> dict[str, Consent]:
    """The last answer kept under each key, ended or not."""
    keys = {key for card in cards for key in card.keys}
    rows = Consent.objects.filter(purpose=purpose.pk, scope=scope, person_key__in=keys).select_related("version")
    return {row.person_key: row for row in rows.order_by("answered_at", "pk")}


def _given_at(answer: Consent) -> tuple[datetime, int]:
    return answer.answered_at, answer.pk


def _is_no(answer: Consent, answers: list[Consent]) -> bool:
    """A refusal that stands, or a yes that was taken back and that no newer yes under another key replaces."""
    if answer.ended_at is None:
        return answer.answer == Answer.REFUSED
    if answer.answer == Answer.REFUSED:
        return False
    return not any(row.is_given and row.answered_at > answer.ended_at for row in answers)


def _verdict(purpose: Purpose, answers: list[Consent]) -> Verdict:
    name = purpose.name
    if purpose.legal_basis not in OPT_IN:
        may_refuse = purpose.legal_basis in (LegalBasis.LEGITIMATE_INTEREST, LegalBasis.PUBLIC_TASK)
        # A no under any key holds; a yes of the person ends them all (`actions.change_choice`).
        noes = [row for row in answers if _is_no(row, answers)] if may_refuse else []
        last_no = max(noes, key=_given_at, default=None)
        if last_no is not None:
            return Verdict(False, "objected", name, last_no.ended_at or last_no.answered_at)
        return Verdict(True, "basis", name)
    last = max(answers, key=_given_at, default=None)
    if last is None:
        return Verdict(False, "never_asked", name)
    if not last.is_standing:
        return Verdict(False, "withdrawn", name, last.ended_at)
    if last.answer == Answer.REFUSED:
        return Verdict(False, "refused", name, last.answered_at)
    if last.version_id != purpose.current_id:
        return Verdict(False, "older_wording", name, last.answered_at)
    if purpose.valid_months and last.answered_at < timezone.now() - timedelta(days=purpose.valid_months * MONTH_DAYS):
        return Verdict(False, "expired", name, last.answered_at)
    return Verdict(True, "given", name, last.answered_at)
