from typing import Any

from django.db.models import Model

# Wagtail saves by itself: no action of ours is there to announce it.
from django.db.models.signals import post_delete, post_save, pre_save  # noqa: TID251
from django.dispatch import receiver
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_unpublished

from pavillon.accounts.events import membership_added, membership_ended
from pavillon.accounts.models import Membership, User
from pavillon.core.changes import snapshot
from pavillon.website import actions
from pavillon.website.models import PublicPage

# What the editor changes in place, without a version of its own.
EDITED_IN_PLACE = frozenset(
    {"wagtailimages.image", "wagtaildocs.document", "wagtailcore.collection", "wagtailcore.site"}
)


def _is_edited_in_place(model: type[Model]) -> bool:
    """Not the tables that migrations fill: nobody edits there, and nothing to seal a line with is made yet."""
    return model._meta.label_lower in EDITED_IN_PLACE and model.__module__ != "__fake__"


@receiver(membership_added)
def give_the_pages_of_the_region(membership: Membership, by: User | None, **event: Any) -> None:
    actions.follow_memberships(user=membership.user, by=by)


@receiver(membership_ended)
def take_the_pages_back(membership: Membership, by: User | None, **event: Any) -> None:
    actions.follow_memberships(user=membership.user, by=by, ending=membership)


@receiver(page_published)
def follow_published_page(instance: Page, revision: Any = None, **event: Any) -> None:
    actions.follow_published_page(page=instance, by=getattr(revision, "user", None))


@receiver(post_save, sender=Revision)
def follow_revision(instance: Revision, created: bool, raw: bool = False, **event: Any) -> None:
    """However a page was saved in the editor: as a draft, published, sent back, or taken from an older version."""
    if created and not raw:
        actions.follow_revision(revision=instance)


@receiver(pre_save)
def remember_what_it_said(sender: type[Model], instance: Model, raw: bool = False, **event: Any) -> None:
    if _is_edited_in_place(sender) and not raw:
        found = sender._default_manager.filter(pk=instance.pk).first() if instance.pk else None
        instance._state.said = snapshot(found) if found else None  # type: ignore[attr-defined]


@receiver(post_save)
def follow_item(sender: type[Model], instance: Model, created: bool, raw: bool = False, **event: Any) -> None:
    if _is_edited_in_place(sender) and not raw:
        actions.follow_item(item=instance, before=getattr(instance._state, "said", None))


@receiver(post_delete)
def follow_lost_item(sender: type[Model], instance: Model, **event: Any) -> None:
    if _is_edited_in_place(sender) or issubclass(sender, PublicPage):
        actions.follow_lost_item(item=instance)


@receiver(page_unpublished)
def follow_unpublished_page(instance: Page, **event: Any) -> None:
    actions.follow_unpublished_page(page=instance, by=None)
