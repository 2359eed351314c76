from typing import Any

from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from pavillon.directory.events import companies_merged, companies_parted
from pavillon.directory.models import Company
from pavillon.directory.models.references import moved_by
from pavillon.showroom import actions
from pavillon.showroom.actions.merging import move_shop
from pavillon.showroom.actions.telling import tell_who_follows
from pavillon.showroom.events import product_published, product_withdrawn
from pavillon.showroom.models import Product, Shop

moved_by(Shop, "company", move_shop)


@receiver(companies_merged)
@receiver(companies_parted)
def index_merged_shops(kept: Company, removed: Company, **event: Any) -> None:
    actions.index_merged_shops(kept=kept, removed=removed)


@receiver(product_published)
@receiver(product_withdrawn)
def followers_learn_of_a_sheet(product: Product, by: Any, signal: Any, **event: Any) -> None:
    tell_who_follows(product, by, is_published=signal is product_published)


@receiver(email_confirmed)
def send_what_was_written_before(email_address: Any, **event: Any) -> None:
    actions.send_waiting_draft(user=email_address.user)
