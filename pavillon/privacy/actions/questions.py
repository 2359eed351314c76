"""Consents asked for one named recipient: asked, answered, withdrawn like any other."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.privacy.actions.consents import give_consent, refuse_consent
from pavillon.privacy.models import Consent, Question
from pavillon.privacy.queries.consents import person_key


@transaction.atomic
def ask_consent(
    *,
    user: User,
    purpose: str,
    scope: str,
    recipient: str,
    data: Sequence[str],
    reason: str,
    by: User | None,
    tells: User | None = None,
) -> Question:
    """Ask a person whether named data may go to a recipient. Asked again before an answer, it is the same question.

    The trail says that `by` asked, nobody when the product asks by itself. `tells` learns of the answer, else `by`.
    """
    question, is_new = Question.objects.get_or_create(
        purpose_id=purpose,
        user=user,
        scope=scope,
        answered_at=None,
        defaults={"recipient": recipient, "data": list(data), "reason": reason, "asked_by": tells or by},
    )
    if is_new:
        record("privacy.consent_asked", question, by=by, recipient=recipient, data=list(data))
        notify(
            [user],
            "privacy.consent_asked",
            title=format_lazy(_("May your data go to {recipient}?"), recipient=recipient),
            body=reason,
            url=reverse("privacy:list_consents"),
        )
    return question


@transaction.atomic
def answer_question(*, question: Question, accepted: bool, by: User, proof: Mapping[str, Any]) -> Consent:
    """Keep the answer, with what was shown: the recipient, the reason and each datum. Whoever asked is told."""
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    question.answered_at = timezone.now()
    question.save(update_fields=["answered_at"])
    shown = {"recipient": question.recipient, "data": question.data, "reason": question.reason}
    keep = give_consent if accepted else refuse_consent
    consent = keep(
        purpose=question.purpose_id,
        person_key=person_key(question.user),
        user=question.user,
        scope=question.scope,
        proof={**shown, **proof},
    )
    if question.asked_by:
        title = _("{person} accepts: {recipient}") if accepted else _("{person} refuses: {recipient}")
        notify(
            [question.asked_by],
            "privacy.consent_answered",
            title=format_lazy(title, person=question.user.full_name, recipient=question.recipient),
            body=question.reason,
        )
    return consent


@transaction.atomic
def forget_question(question: Question) -> None:
    """An answer has its own proof; the question goes."""
    question.delete()
