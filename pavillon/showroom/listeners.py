from typing import Any

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from pavillon.accounts.models import User
from pavillon.directory.events import companies_merged
from pavillon.directory.models import Company
from pavillon.showroom import actions


@receiver(companies_merged)
def follow_merged_company(kept: Company, removed: Company, by: User, **event: Any) -> None:
    actions.move_shop(kept=kept, removed=removed, by=by)


@receiver(email_confirmed)
def send_what_was_written_before(email_address: Any, **event: Any) -> None:
    actions.send_waiting_draft(user=email_address.user)
