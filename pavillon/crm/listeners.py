from typing import Any

from django.dispatch import receiver

from pavillon.accounts.models import User
from pavillon.crm import actions
from pavillon.directory.events import companies_merged
from pavillon.directory.models import Company


@receiver(companies_merged)
def follow_merged_company(kept: Company, removed: Company, by: User | None, **event: Any) -> None:
    actions.follow_merged_company(kept=kept, removed=removed, by=by)
