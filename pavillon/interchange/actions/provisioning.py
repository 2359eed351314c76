"""A partner's system opens and closes the accounts of its people (SCIM), in the name of their administrator.

Everything goes through the doors that the administrator's screens use, with their permissions. Nobody's role in another
organisation is touched: whoever works elsewhere too loses the role here and keeps the account.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record
from pavillon.core.permissions import is_allowed, require
from pavillon.interchange.models import ProvisionedPerson
from pavillon.interchange.queries import is_of_organisation, roles_here, works_elsewhere

# The role of who is brought without one.
FIRST_ROLE = {
    Kind.AGENCY: Role.ADVISER,
    Kind.CHAMBER: Role.ADVISER,
    Kind.BANK: Role.ADVISER,
    Kind.REGION: Role.REGION_OFFICIAL,
    Kind.PARTNER: Role.PRIVATE_PARTNER,
    Kind.OPERATOR: Role.OPERATOR,
}


class UserNameTaken(Exception):
    """Somebody with this address is active in the organisation already, or the system's own number is taken."""


class Outdated(Exception):
    """The account changed since the caller read it."""


def _row(organisation: Organisation, user: User) -> ProvisionedPerson:
    return ProvisionedPerson.objects.select_for_update(of=("self",)).get_or_create(
        organisation=organisation, user=user
    )[0]


def _check_external_id(organisation: Organisation, user: User | None, external_id: str) -> None:
    same = ProvisionedPerson.objects.filter(organisation=organisation, external_id=external_id)
    if external_id and (same.exclude(user=user) if user else same).exists():
        raise UserNameTaken(external_id)


def _check_role(role: str) -> None:
    """Administrators are made by people."""
    if role == Role.ORGANISATION_ADMIN:
        raise accounts.WrongRole(role)


@transaction.atomic
def provision_user(
    *, organisation: Organisation, email: str, card: dict[str, Any], role: str, external_id: str, active: bool, by: User
) -> User:
    """Bring somebody: a new account with its invitation, or a role for who has an account already, whose card stands.

    `card`: first_name, last_name, language, phone. Raises UserNameTaken, WrongRole, PermissionDenied.
    """
    require(by, "accounts.invite_user", organisation)
    role = role or FIRST_ROLE[Kind(organisation.kind)]
    _check_role(role)
    known = User.objects.select_for_update(of=("self",)).filter(email=email.strip().lower()).first()
    _check_external_id(organisation, known, external_id)
    if known and known.is_active and roles_here(known, organisation):
        raise UserNameTaken(email)
    if known and not (active and known.is_active) and not is_of_organisation(known, organisation):
        # Of a stranger nothing is told without a role here, which he is told of; nor is his closed account opened.
        raise PermissionDenied("accounts.reactivate_user")
    user = known or accounts.create_user(email=email, by=by, **card)
    row = _row(organisation, user)
    row.external_id, row.role, row.removed_at = external_id, role, None
    row.save()
    record("interchange.person_provisioned", user, organisation, by=by, role=role)
    if active:
        _open(user, organisation, role, by)
        if known is None:
            accounts.send_invitation(user=user, by=by)
    elif known is None:
        accounts.deactivate_user(user=user, by=by)
    return User.objects.get(pk=user.pk)


def _open(user: User, organisation: Organisation, role: str, by: User) -> str:
    """Whoever comes back comes back without the role of administrator: a person gives it again, or does not.

    Returns the role that he is given where he has none.
    """
    administered = False
    for each in [] if user.is_active else roles_here(user, organisation):
        if each.role == Role.ORGANISATION_ADMIN:
            require(by, "accounts.end_membership", each)
            accounts.end_membership(membership=each, by=by)
            administered = True
    if role == Role.ORGANISATION_ADMIN:
        role, administered = FIRST_ROLE[Kind(organisation.kind)], True
    if not user.is_active:
        # Whoever closed an account that other organisations share decides about it.
        require(by, "accounts.reactivate_user", user)
        accounts.reactivate_user(user=user, by=by)
    if not roles_here(user, organisation):
        require(by, "accounts.add_membership", organisation)
        accounts.add_membership(user=user, organisation=organisation, role=role, by=by)
    if administered:
        record("interchange.administrator_reopened", user, organisation, by=by, role=Role.ORGANISATION_ADMIN)
        notify(
            User.objects.working().acting_in(organisation=organisation, role=Role.ORGANISATION_ADMIN),
            "interchange.accounts",
            title=gettext_lazy("An administrator came back without that role"),
            body=_("%(person)s: your directory opened the account again. Give the role again if it is right.")
            % {"person": user.full_name},
            url=reverse("accounts:user", args=[user.pk]),
        )
    return role


def _close(user: User, organisation: Organisation, by: User) -> None:
    """Sessions end with the account; with a role elsewhere the roles here end, which open nothing from now on."""
    roles = roles_here(user, organisation)
    if not works_elsewhere(user, organisation):
        if user.is_active:
            require(by, "accounts.deactivate_user", user)
            accounts.deactivate_user(user=user, by=by)
        return
    for role in roles:
        require(by, "accounts.end_membership", role)
        accounts.end_membership(membership=role, by=by)


def _set_role(user: User, organisation: Organisation, role: str, by: User) -> None:
    """Another role instead of the present ones."""
    _check_role(role)
    present = roles_here(user, organisation)
    if [each.role for each in present] == [role]:
        return
    if all(each.role != role for each in present):
        require(by, "accounts.add_membership", organisation)
        accounts.add_membership(user=user, organisation=organisation, role=role, by=by)
    for each in present:
        if each.role != role:
            require(by, "accounts.end_membership", each)
            accounts.end_membership(membership=each, by=by)


def _is_open(user: User, organisation: Organisation) -> bool:
    """Whether the account opens anything for this organisation."""
    return user.is_active and bool(roles_here(user, organisation))


@transaction.atomic
def change_provisioned(
    *,
    user: User,
    organisation: Organisation,
    by: User,
    active: bool | None = None,
    card: dict[str, str] | None = None,
    role: str = "",
    external_id: str | None = None,
    unless: Any = None,
) -> User:
    """Change what is given. The card of who works elsewhere too stays as it is: it is not this organisation's alone.

    `unless(user)`, asked under the lock, tells that the caller's picture is outdated. Raises Outdated, UserNameTaken,
    WrongRole, PermissionDenied.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if unless and unless(user):
        raise Outdated(str(user.pk))
    row = _row(organisation, user)
    was_open = _is_open(user, organisation)
    if external_id is not None and external_id != row.external_id:
        _check_external_id(organisation, user, external_id)
        row.external_id = external_id
    if was_open and not row.role:
        row.role = roles_here(user, organisation)[0].role
    if active is False and was_open:
        _close(user, organisation, by)
    elif active and not was_open:
        row.role = _open(user, organisation, role or row.role or FIRST_ROLE[Kind(organisation.kind)], by)
    fresh = User.objects.get(pk=user.pk)
    if role and _is_open(fresh, organisation):
        _set_role(fresh, organisation, role, by)
        row.role = role
    row.save()
    changed = {name: value for name, value in (card or {}).items() if getattr(fresh, name) != value}
    if changed and is_allowed(by, "accounts.change_user", fresh):
        accounts.change_user(user=fresh, by=by, **changed)
    record("interchange.person_changed", user, organisation, by=by, active=active)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def remove_provisioned(*, user: User, organisation: Organisation, by: User, unless: Any = None) -> None:
    """Let somebody go: the account is closed here as by `active: false`, and the system meets him no more.

    The account itself stays, since the trail names it. Raises Outdated, PermissionDenied.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if unless and unless(user):
        raise Outdated(str(user.pk))
    if user.pk == by.pk:
        raise PermissionDenied("accounts.deactivate_user")
    roles = roles_here(user, organisation)
    if _is_open(user, organisation):
        _close(user, organisation, by)
    row = _row(organisation, user)
    row.role, row.removed_at, row.external_id = roles[0].role if roles else row.role, timezone.now(), ""
    row.save()
    record("interchange.person_removed", user, organisation, by=by)


def forget_provisioned(row: ProvisionedPerson) -> None:
    """The system's own number for a person goes; it meets a stranger afterwards."""
    row.delete()
