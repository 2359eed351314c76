from typing import Any

from django.dispatch import receiver

from pavillon.crm import actions
from pavillon.crm.actions.merging import move_dedicated_contacts, move_referents
from pavillon.crm.models import DedicatedContact, Interaction, Lead, ProposedMatch, Referent
from pavillon.directory.events import companies_merged, companies_parted
from pavillon.directory.models import Company
from pavillon.directory.models.references import moved_by, moves_with

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
