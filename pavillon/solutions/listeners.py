from typing import Any

from django.dispatch import receiver

from pavillon.directory.events import companies_merged
from pavillon.directory.models import Company
from pavillon.solutions.actions.accounts import move_company_accounts
from pavillon.solutions.actions.diagnosis import move_diagnoses


@receiver(companies_merged)
def follow_merged_company(kept: Company, removed: Company, **event: Any) -> None:
    move_diagnoses(kept=kept, removed=removed)
    move_company_accounts(kept=kept, removed=removed)
