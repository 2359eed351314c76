"""Asking, answering, withdrawing. Each answer is one row that is never rewritten, only ended."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.privacy.enums import Answer, Kind
from pavillon.privacy.events import consent_given, consent_refused, consent_withdrawn
from pavillon.privacy.models import Consent, Purpose, PurposeVersion
from pavillon.privacy.queries.consents import SALT


class NotAsked(Exception):
    """No wording of that purpose is in force, so nobody can answer it."""


@transaction.atomic
def publish_purpose(
    *,
    code: str,
    kind: str,
    legal_basis: str,
    names: tuple[str, str],
    texts: tuple[str, str],
    is_essential: bool = False,
    order: int = 0,
    is_per_recipient: bool = False,
    valid_months: int | None = None,
    by: User | None = None,
) -> Purpose:
    """Put a purpose in force; a new text makes a new version and asks people again. Names and texts are (fr, en)."""
    said = {
        "kind": kind,
        "legal_basis": legal_basis,
        "name_fr": names[0],
        "name_en": names[1],
        "is_essential": is_essential,
        "order": order,
        "is_per_recipient": is_per_recipient,
    }
    # How long a yes serves is the officer's to change: the product says it once.
    purpose, _new = Purpose.objects.update_or_create(
        pk=code, defaults=said, create_defaults={**said, "valid_months": valid_months}
    )
    current = purpose.current
    is_theirs = by is None and current is not None and current.published_by_id is not None
    if is_theirs or (current and (current.text_fr, current.text_en) == texts):
        # What the officer wrote stays in force when the product brings its own text again.
        return purpose
    return _put_in_force(purpose, texts, by)


def _put_in_force(purpose: Purpose, texts: tuple[str, str], by: User | None) -> Purpose:
    number = purpose.current.number + 1 if purpose.current else 1
    purpose.current = PurposeVersion.objects.create(
        purpose=purpose, number=number, text_fr=texts[0], text_en=texts[1], published_by=by
    )
    purpose.save(update_fields=["current"])
    record("privacy.purpose_published", purpose, by=by, number=number)
    return purpose


@transaction.atomic
def reword_purpose(*, purpose: Purpose, texts: tuple[str, str], valid_months: int | None, by: User) -> Purpose:
    """Publish a new wording (French, English) and how long a yes serves; consents to the former one no longer count."""
    purpose = Purpose.objects.select_for_update(of=("self",)).select_related("current").get(pk=purpose.pk)
    before = snapshot(purpose)
    purpose.valid_months = valid_months
    purpose.save(update_fields=["valid_months"])
    if changes := changes_since(before, purpose):
        record("privacy.purpose_changed", purpose, by=by, changes=changes)
    if purpose.current and (purpose.current.text_fr, purpose.current.text_en) == texts:
        return purpose
    return _put_in_force(purpose, texts, by)


def give_consent(
    *, purpose: str, person_key: str, user: User | None = None, proof: Mapping[str, Any], scope: str = ""
) -> Consent:
    """Keep a yes. `proof` says where and how it was given (page, language, wording of the button)."""
    consent = _answer(purpose, person_key, user, Answer.GIVEN, proof, scope)
    consent_given.send(sender=Consent, consent=consent)
    return consent


def refuse_consent(
    *, purpose: str, person_key: str, user: User | None = None, proof: Mapping[str, Any], scope: str = ""
) -> Consent:
    """Keep a no: it is proof too, and stops the question from being asked again."""
    consent = _answer(purpose, person_key, user, Answer.REFUSED, proof, scope)
    consent_refused.send(sender=Consent, consent=consent)
    return consent


@transaction.atomic
def _answer(
    purpose: str, person_key: str, user: User | None, answer: Answer, proof: Mapping[str, Any], scope: str
) -> Consent:
    asked = Purpose.objects.select_related("current").get(pk=purpose)
    if asked.current is None:
        raise NotAsked(purpose)
    with connection.cursor() as cursor:
        # Two clicks at once on one browser: the second waits and replaces the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"consent {purpose} {person_key} {scope}"])
    now = timezone.now()
    ended = list(Consent.objects.standing().filter(purpose=asked, person_key=person_key, scope=scope))
    Consent.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=now)
    consent = Consent.objects.create(
        purpose=asked,
        version=asked.current,
        legal_basis=asked.legal_basis,
        person_key=person_key,
        scope=scope,
        user=user,
        answer=answer,
        answered_at=now,
        proof={
            **proof,
            "version": asked.current.number,
            "text_fr": asked.current.text_fr,
            "text_en": asked.current.text_en,
        },
    )
    record(f"privacy.consent_{answer}", consent, by=user, purpose=purpose, version=asked.current.number)
    for row in ended:
        if row.answer == Answer.GIVEN and answer == Answer.REFUSED:
            consent_withdrawn.send(sender=Consent, consent=row, by=user)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, by: User | None) -> None:
    """End a consent now. The row stays: it proves what was allowed, and until when."""
    consent = Consent.objects.select_for_update().get(pk=consent.pk)
    if not consent.is_standing:
        return
    consent.ended_at = timezone.now()
    consent.save(update_fields=["ended_at"])
    record("privacy.consent_withdrawn", consent, by=by, purpose=consent.purpose_id)
    consent_withdrawn.send(sender=Consent, consent=consent, by=by)


@transaction.atomic
def answer_purposes(*, accepted: Iterable[str], by: User, proof: Mapping[str, Any]) -> None:
    """Keep a person's yes or no to each optional purpose that is asked of people."""
    wanted = set(accepted)
    for purpose in Purpose.objects.optional(Kind.PERSON):
        answer = give_consent if purpose.pk in wanted else refuse_consent
        answer(purpose=purpose.pk, person_key=f"user:{by.pk}", user=by, proof=proof)


@transaction.atomic
def choose_cookies(
    *, accepted: Iterable[str] | None, person_key: str, by: User | AnonymousUser, proof: Mapping[str, Any]
) -> str:
    """Keep a browser's choice by purpose (`None` accepts all) and return the value of its one functional cookie."""
    wanted = None if accepted is None else set(accepted)
    person_key = person_key or f"browser:{get_random_string(32)}"
    user = by if isinstance(by, User) else None
    answers = {}
    for purpose in Purpose.objects.optional(Kind.BROWSER):
        yes = wanted is None or purpose.pk in wanted
        answer = give_consent if yes else refuse_consent
        consent = answer(purpose=purpose.pk, person_key=person_key, user=user, proof=proof)
        answers[purpose.pk] = [consent.version.number, yes]
    return signing.dumps({"key": person_key, "answers": answers}, salt=SALT)


@transaction.atomic
def forget_consent(consent: Consent) -> None:
    """Keep that an answer existed, lose whose it was."""
    consent.user, consent.person_key = None, f"forgotten:{consent.pk}"
    consent.proof = {
        key: consent.proof[key] for key in ("version", "text_fr", "text_en", "recipient") if key in consent.proof
    }
    consent.ended_at = consent.ended_at or timezone.now()
    consent.save(update_fields=["user", "person_key", "proof", "ended_at"])
