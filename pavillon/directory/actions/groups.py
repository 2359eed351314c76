"""Companies of one group."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.enums import LinkKind
from pavillon.directory.models import Company, GroupLink
from pavillon.directory.queries.groups import owners_of


class LoopInGroup(Exception):
    """The subsidiary already owns the parent, directly or through others."""


class AlreadyLinked(Exception):
    """These two companies are linked already."""


@transaction.atomic
def link_companies(
    *,
    parent: Company,
    subsidiary: Company,
    by: User | None,
    kind: LinkKind = LinkKind.OWNS,
    share: Decimal | None = None,
    since: date | None = None,
) -> GroupLink:
    """Say that two companies belong to one group. Raises AlreadyLinked, LoopInGroup, ValueError for itself."""
    if parent.pk == subsidiary.pk:
        raise ValueError("A company is not its own subsidiary")
    list(Company.objects.select_for_update(of=("self",)).filter(pk__in=[parent.pk, subsidiary.pk]).order_by("pk"))
    if GroupLink.objects.filter(parent__in=[parent, subsidiary], subsidiary__in=[parent, subsidiary]).exists():
        raise AlreadyLinked(
            _("%(one)s and %(other)s are linked already.") % {"one": parent.name, "other": subsidiary.name}
        )
    if kind == LinkKind.OWNS and subsidiary.pk in owners_of(parent):
        raise LoopInGroup(
            _("%(subsidiary)s already owns %(parent)s: it cannot be its subsidiary.")
            % {"subsidiary": subsidiary.name, "parent": parent.name}
        )
    link = GroupLink.objects.create(parent=parent, subsidiary=subsidiary, kind=kind, share=share, since=since)
    record("directory.companies_linked", parent, subsidiary, by=by, link=kind, share=str(share or ""))
    return link


@transaction.atomic
def unlink_companies(*, link: GroupLink, by: User | None) -> None:
    """Take a link back."""
    record("directory.companies_unlinked", link.parent, link.subsidiary, by=by, link=link.kind)
    link.delete()
