"""A person's own word about the uses of her data: from an account, by a signed link, or told to an adviser."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.privacy.actions.consents import give_consent, refuse_consent, withdraw_consent
from pavillon.privacy.actions.letters import write_letter
from pavillon.privacy.enums import OPT_IN, Answer, Kind, LegalBasis
from pavillon.privacy.models import Consent, Letter, Purpose
from pavillon.privacy.queries.choices import token_of
from pavillon.privacy.queries.gathering import keys_of_all_records
from pavillon.privacy.queries.people import Card, card_of
from pavillon.privacy.queries.uses import may_use


class NotYours(Exception):
    """The purpose rests on a contract or on the law: the person's word does not change it."""


@transaction.atomic
def change_choice(
    *, person: Any, purpose: str, answer: bool, by: User | None, proof: Mapping[str, Any], scope: str = ""
) -> Consent | None:
    """Keep a yes or a no to one purpose; a no to what was accepted withdraws it. None when nothing changes.

    Raises NotYours where nobody is asked.
    """
    asked = Purpose.objects.get(pk=purpose)
    if asked.is_essential:
        raise NotYours(purpose)
    card = card_of(person)
    noes = []
    if answer and asked.legal_basis not in OPT_IN:
        noes = _noes_under(keys_of_all_records(card)[1:], purpose, scope)
    if bool(may_use(person, purpose, scope=scope)) == answer and not noes:
        return None
    kept = _recipient_of(card.keys, purpose, scope)
    keep = give_consent if answer else refuse_consent
    user = User.objects.filter(pk=card.user_id).first() if card.user_id else None
    consent = keep(purpose=purpose, person_key=card.key, user=user, proof={**kept, **proof}, scope=scope)
    if not answer:
        _stop_under_other_keys(card, asked, user, by, {**kept, **proof}, scope)
    for no in noes:
        # Under another key (an address, her record in the base) it would go on standing against the newer yes.
        if no.is_standing:
            Consent.objects.filter(pk=no.pk).update(ended_at=consent.answered_at)
        else:
            owner = None if no.person_key.startswith("address:") else user
            give_consent(purpose=purpose, person_key=no.person_key, user=owner, proof={**kept, **proof}, scope=scope)
    return consent


def _noes_under(keys: Iterable[str], purpose: str, scope: str) -> list[Consent]:
    """The last answers under these keys that stand for a no: a refusal, or a yes that was taken back."""
    rows = Consent.objects.filter(purpose=purpose, scope=scope, person_key__in=list(keys))
    last = {row.person_key: row for row in rows.order_by("answered_at", "pk")}
    return [row for row in last.values() if row.is_standing == (row.answer == Answer.REFUSED)]


def _stop_under_other_keys(
    card: Card, purpose: Purpose, user: User | None, by: User | None, proof: Mapping[str, Any], scope: str
) -> None:
    """A no holds for the whole person: what the account accepted ends when the contact refuses by a link."""
    others = Consent.objects.standing().filter(purpose=purpose, scope=scope, person_key__in=card.keys[1:])
    for given in others.filter(answer=Answer.GIVEN):
        withdraw_consent(consent=given, by=by)
    if purpose.legal_basis in OPT_IN:
        return
    for key in card.keys[1:]:
        owner = None if key.startswith("address:") else user
        refuse_consent(purpose=purpose.pk, person_key=key, user=owner, proof=proof, scope=scope)


def _recipient_of(keys: Iterable[str], purpose: str, scope: str) -> dict[str, Any]:
    """Who the recipient of a former answer was, with the data: a new one is about the same."""
    if not scope:
        return {}
    last = Consent.objects.filter(purpose=purpose, person_key__in=keys, scope=scope).order_by("answered_at").last()
    return {key: last.proof[key] for key in ("recipient", "data", "reason") if last and key in last.proof}


@transaction.atomic
def object_for(
    *, person: Any, by: User | None, proof: Mapping[str, Any], purposes: Iterable[str] | None = None
) -> list[Consent]:
    """Keep that a person objects, to some purposes or to all that one may object to (article 21 of the GDPR).

    The objection is kept under the person's key and under her address, so that a record made anew is held back too.
    """
    open_to_objection = Purpose.objects.filter(
        kind=Kind.PERSON,
        is_essential=False,
        current__isnull=False,
        legal_basis__in=[LegalBasis.LEGITIMATE_INTEREST, LegalBasis.PUBLIC_TASK],
    )
    if purposes is not None:
        open_to_objection = open_to_objection.filter(pk__in=list(purposes))
    card, kept = card_of(person), []
    user = User.objects.filter(pk=card.user_id).first() if card.user_id else None
    for purpose in open_to_objection:
        for key in card.keys:
            owner = None if key.startswith("address:") else user
            kept.append(refuse_consent(purpose=purpose.pk, person_key=key, user=owner, proof=proof))
    return kept


@transaction.atomic
def send_choices_link(*, person: Any, by: User | None) -> Letter:
    """Send a person the link to the page of her choices, in her language; no account is needed.

    Raises LookupError when she has no e-mail address.
    """
    card = card_of(person)
    if not card.email:
        raise LookupError("no e-mail address")
    with translation.override(card.language):
        address = settings.BASE_URL + reverse("privacy:choices", args=[token_of(card.key)])
    letter = write_letter(
        to=card.email,
        language=card.language,
        subject=_("Your choices about your personal data"),
        body=format_lazy(
            _(
                "Hello,\n\nThis page shows what the export team may do with your details, and lets you accept or "
                "refuse each use. It takes effect at once, and you may come back while the link serves (a year):\n\n"
                "{address}\n\nIf you did nothing of that kind, you need not answer."
            ),
            address=address,
        ),
        by=by,
    )
    record("privacy.choices_sent", letter, by=by, person=card.key)
    return letter
