"""Who does what in which organisation, and from when to when."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import ROLES_OF_KIND, Network, Role
from pavillon.accounts.events import address_verified, membership_added, membership_ended
from pavillon.accounts.models import Membership, Organisation, Unit, User
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record


class WrongRole(Exception):
    """An organisation of this kind has nobody in this role."""


class AlreadyMember(Exception):
    """The person holds this role in this organisation over part of the period already."""


def forget_roles_of(user: User) -> None:
    """Let a person object in hand look its roles up again."""
    vars(user).pop("acting", None)
    vars(user).pop("roles_today", None)


def check_role(organisation: Organisation, role: str) -> None:
    """Raises WrongRole when an organisation of this kind has no such role."""
    if role not in ROLES_OF_KIND[organisation.kind]:
        raise WrongRole(
            _("“%(role)s” is not a role of an organisation of type “%(kind)s”.")
            % {"role": Role(role).label, "kind": organisation.get_kind_display()}
        )


@transaction.atomic
def add_membership(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    by: User | None,
    network: str = "",
    unit: Unit | None = None,
    starts_on: date | None = None,
    is_default: bool = False,
    covers: Any = None,
    is_confirmed: bool = True,
) -> Membership:
    """Give a person a role in an organisation, beside those that the person has.

    `covers` is the region whose team a person of a national organisation belongs to. The first membership
    is the one used at sign-in. Raises WrongRole, AlreadyMember.
    """
    check_role(organisation, role)
    starts_on = starts_on or timezone.localdate()
    # Locks the person, so that two administrators cannot add the same role at the same moment.
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    held = Membership.objects.filter(user=user)
    if held.filter(organisation=organisation, role=role).exclude(ends_on__lt=starts_on).exists():
        raise AlreadyMember(
            _("%(person)s is already “%(role)s” in %(organisation)s.")
            % {"person": user, "role": Role(role).label, "organisation": organisation}
        )
    if is_default:
        held.filter(is_default=True).update(is_default=False)
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        network=network if role == Role.ADVISER else Network.NONE,
        unit=unit,
        covers=covers,
        starts_on=starts_on,
        is_confirmed=is_confirmed,
        is_default=is_default or not held.filter(is_default=True).exists(),
    )
    # What the person acts as was computed before this membership existed.
    forget_roles_of(user)
    record("accounts.membership_added", membership, user, organisation, by=by, role=role, starts_on=starts_on)
    membership_added.send(sender=Membership, membership=membership, by=by)
    return membership


@transaction.atomic
def confirm_membership(*, membership: Membership, by: User | None, reason: str) -> bool:
    """Say that a person belongs where he entered by himself. `reason` says who or what knew it.

    Returns whether anything changed: confirming twice changes nothing.
    """
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(
        pk=membership.pk
    )  # fmt: skip
    if membership.is_confirmed:
        return False
    before = snapshot(membership)
    membership.is_confirmed = True
    membership.save(update_fields=["is_confirmed", "changed_at"])
    record(
        "accounts.membership_confirmed",
        membership,
        membership.user,
        membership.organisation,
        by=by,
        changes=changes_since(before, membership),
        reason=reason,
    )
    return True


def note_address_verified(*, user: User) -> None:
    """The person holds the mailbox of the account: what waited for that may follow."""
    record("accounts.address_verified", user, by=user)
    address_verified.send(sender=User, user=user)


@transaction.atomic
def change_membership(*, membership: Membership, network: str, unit: Unit | None, covers: Any, by: User) -> Membership:
    """Change where a person stands in the organisation. A new role is a new membership: the old one has an end."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    before = snapshot(membership)
    membership.network = network if membership.role == Role.ADVISER else Network.NONE
    membership.unit, membership.covers = unit, covers
    changes = changes_since(before, membership)
    if changes:
        membership.save()
        record(
            "accounts.membership_changed",
            membership,
            membership.user,
            membership.organisation,
            by=by,
            changes=changes,
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, last_day: date | None = None) -> None:
    """End a role, by default with yesterday as its last day: it stops at once.

    A membership that would end before it began is taken away; the trail keeps that it was given.
    """
    membership = Membership.objects.select_for_update(of=("self",)).select_related("user", "organisation").get(
        pk=membership.pk
    )  # fmt: skip
    before = snapshot(membership)
    last_day = last_day or timezone.localdate() - timedelta(days=1)
    if membership.ends_on and membership.ends_on <= last_day:
        return
    was_default = membership.is_default
    membership.ends_on, membership.is_default = last_day, False
    record(
        "accounts.membership_ended",
        membership,
        membership.user,
        membership.organisation,
        by=by,
        changes=changes_since(before, membership),
        role=membership.role,
    )
    membership_ended.send(sender=Membership, membership=membership, by=by)
    if last_day < membership.starts_on:
        membership.delete()
    else:
        membership.save()
    if was_default:
        following = membership.user.memberships.current().order_by("pk").first()
        if following:
            following.is_default = True
            following.save(update_fields=["is_default", "changed_at"])


@transaction.atomic
def switch_membership(*, membership: Membership, by: User, is_default: bool = False) -> None:
    """Act from now on in another of one's own roles; with `is_default`, also at the next sign-in."""
    if is_default and not membership.is_default:
        Membership.objects.filter(user=by, is_default=True).update(is_default=False)
        membership.is_default = True
        membership.save(update_fields=["is_default", "changed_at"])
    record("accounts.membership_switched", membership, by, by=by, role=membership.role)
