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
from pavillon.privacy.enums import Answer, Kind
from pavillon.privacy.events import consent_given, consent_refused, consent_withdrawn
from pavillon.privacy.models import Consent, Purpose, PurposeVersion
from pavillon.privacy.queries import SALT


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
    by: User | None = None,
) -> Purpose:
    """Put a purpose in force; a new text makes a new version and asks people again. Names and texts are (fr, en)."""
    purpose, _new = Purpose.objects.update_or_create(
        pk=code,
        defaults={
            "kind": kind,
            "legal_basis": legal_basis,
            "name_fr": names[0],
            "name_en": names[1],
            "is_essential": is_essential,
            "order": order,
        },
    )
    current = purpose.current
    if current and (current.text_fr, current.text_en) == texts:
        return purpose
    number = current.number + 1 if current else 1
    purpose.current = PurposeVersion.objects.create(purpose=purpose, number=number, text_fr=texts[0], text_en=texts[1])
    purpose.save(update_fields=["current"])
    record("privacy.purpose_published", purpose, by=by, number=number)
    return purpose


def give_consent(*, purpose: str, person_key: str, user: User | None = None, proof: Mapping[str, Any]) -> Consent:
    """Keep a yes. `proof` says where and how it was given (page, language, wording of the button)."""
    consent = _answer(purpose, person_key, user, Answer.GIVEN, proof)
    consent_given.send(sender=Consent, consent=consent)
    return consent


def refuse_consent(*, purpose: str, person_key: str, user: User | None = None, proof: Mapping[str, Any]) -> Consent:
    """Keep a no: it is proof too, and stops the question from being asked again."""
    consent = _answer(purpose, person_key, user, Answer.REFUSED, proof)
    consent_refused.send(sender=Consent, consent=consent)
    return consent


@transaction.atomic
def _answer(purpose: str, person_key: str, user: User | None, answer: Answer, proof: Mapping[str, Any]) -> Consent:
    asked = Purpose.objects.select_related("current").get(pk=purpose)
    if asked.current is None:
        raise NotAsked(purpose)
    with connection.cursor() as cursor:
        # Two clicks at once on one browser: the second waits and replaces the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"consent {purpose} {person_key}"])
    now = timezone.now()
    ended = list(Consent.objects.standing().filter(purpose=asked, person_key=person_key))
    Consent.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=now)
    consent = Consent.objects.create(
        purpose=asked,
        version=asked.current,
        legal_basis=asked.legal_basis,
        person_key=person_key,
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
def withdraw_consent(*, consent: Consent, by: User) -> None:
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
    consent.proof = {key: consent.proof[key] for key in ("version", "text_fr", "text_en") if key in consent.proof}
    consent.ended_at = consent.ended_at or timezone.now()
    consent.save(update_fields=["user", "person_key", "proof", "ended_at"])
