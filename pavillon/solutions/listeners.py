"""What a merge does with this room's rows, and what follows once somebody proved the address."""

from typing import Any

from django.dispatch import receiver

from pavillon.accounts.events import address_verified
from pavillon.accounts.models import User
from pavillon.directory.models.references import moves_with
from pavillon.solutions.actions.accounts import settle_entries
from pavillon.solutions.models import AccountOpening, CompanyVisit, Diagnosis, JoinRequest

moves_with(Diagnosis, "company")
# A company opens its account once, the same person asks once, a company counts once a month in a region.
moves_with(AccountOpening, "company", taken="drop")
moves_with(JoinRequest, "company", taken="drop")
moves_with(CompanyVisit, "company", taken="drop")


@receiver(address_verified)
def settle_the_entries(user: User, **event: Any) -> None:
    settle_entries(user=user)
