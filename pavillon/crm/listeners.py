from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from pavillon.accounts.models import User
from pavillon.crm import actions, tasks
from pavillon.crm.actions.merging import move_dedicated_contacts, move_referents
from pavillon.crm.actions.telling import tell_closing
from pavillon.crm.events import interaction_logged, lead_closed, lead_treated
from pavillon.crm.models import CompanyProfile, DedicatedContact, Detection, Interaction, Lead, ProposedMatch, Referent
from pavillon.curation.queries import add_portfolio
from pavillon.directory.events import (
    companies_changed,
    companies_merged,
    companies_parted,
    company_changed,
    company_closed,
    company_created,
)
from pavillon.directory.models import Company
from pavillon.directory.models.references import moved_by, moves_with, stays

moves_with(Lead, "company")
moves_with(Lead, "contact")
moves_with(Interaction, "company")
moves_with(Interaction, "contact")
moves_with(ProposedMatch, "company", taken="drop")
moved_by(Referent, "company", move_referents)
moved_by(DedicatedContact, "company", move_dedicated_contacts)


@receiver(companies_merged)
@receiver(companies_parted)
def show_merged_company(kept: Company, **event: Any) -> None:
    actions.show_merged_company(kept=kept)


stays(CompanyProfile, "company", why="derived: computed again for the record that is kept")
moves_with(Detection, "company")


@receiver(company_created)
@receiver(company_changed)
def a_company_gets_its_profile(company: Company, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=company.pk)


@receiver(companies_changed)
def companies_get_their_profiles(companies: list[Company], **event: Any) -> None:
    values: list[Any] = [{"company_id": company.pk} for company in companies]
    tasks.compute_profile.batch_defer(*values)


@receiver(company_closed)
def a_closing_is_told(company: Company, **event: Any) -> None:
    tell_closing(company)


@receiver(companies_merged)
def a_merged_company_gets_its_profile(kept: Company, removed: Company, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=kept.pk)
    tasks.compute_profile.defer(company_id=removed.pk)


@receiver(interaction_logged)
def an_exchange_changes_the_profile(interaction: Any, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=interaction.company_id)


@receiver(lead_treated)
@receiver(lead_closed)
def a_service_changes_the_profile(lead: Any, **event: Any) -> None:
    if lead.company_id:
        tasks.compute_profile.defer(company_id=lead.company_id)


@add_portfolio
def companies_answered_for(user: User) -> QuerySet[Referent, Any]:
    """Whose referent somebody is today: his part of the records to complete."""
    return Referent.objects.current().filter(adviser=user).values("company")
