"""What a merge does with this room's rows, and what it does when others announce."""

from typing import Any

from django.dispatch import receiver

from pavillon.care import actions
from pavillon.care.models import Assessment, Criticism, Offer, RiskMark
from pavillon.crm.events import referent_set, referents_set
from pavillon.directory.events import companies_merged
from pavillon.directory.models.references import moves_with
from pavillon.services.events import survey_answered
from pavillon.solutions.events import diagnosis_claimed, diagnosis_finished

# Of two open marks the removed record keeps its own; the other takes over its level (`join_risks`).
moves_with(RiskMark, "company", taken="stay")
moves_with(Criticism, "company", taken="stay")
moves_with(Assessment, "company")
moves_with(Offer, "company")


@receiver(survey_answered)
def weigh_answer(sender: Any, survey: Any, **_more: Any) -> None:
    if survey.score is not None:
        actions.weigh_risk(company=survey.order.company)


@receiver(referent_set)
def follow_referent(sender: Any, referent: Any, by: Any, **_more: Any) -> None:
    actions.follow_referents(companies=[referent.company_id], by=by)


@receiver(referents_set)
def follow_referents(sender: Any, companies: Any, by: Any, **_more: Any) -> None:
    actions.follow_referents(companies=companies, by=by)


@receiver(companies_merged)
def join_marks(sender: Any, kept: Any, removed: Any, **_more: Any) -> None:
    actions.join_risks(kept=kept, removed=removed)


@receiver([diagnosis_finished, diagnosis_claimed])
def assess_diagnosis(sender: Any, diagnosis: Any, **_more: Any) -> None:
    actions.assess_from_diagnosis(diagnosis=diagnosis)
