from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from pavillon.accounts.events import membership_added, membership_ended
from pavillon.accounts.models import Membership, User
from pavillon.website import actions


@receiver(membership_added)
def give_the_pages_of_the_region(membership: Membership, by: User | None, **event: Any) -> None:
    actions.follow_memberships(user=membership.user, by=by)


@receiver(membership_ended)
def take_the_pages_back(membership: Membership, by: User | None, **event: Any) -> None:
    actions.follow_memberships(user=membership.user, by=by, ending=membership)


@receiver(page_published)
def follow_published_page(instance: Page, revision: Any = None, **event: Any) -> None:
    actions.follow_published_page(page=instance, by=getattr(revision, "user", None))


@receiver(page_unpublished)
def follow_unpublished_page(instance: Page, **event: Any) -> None:
    actions.follow_unpublished_page(page=instance, by=None)
