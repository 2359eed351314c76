from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from pavillon.accounts.enums import SECOND_FACTOR_ROLES
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import lacks_second_factor
from pavillon.interchange.models import Key, ProvisionedPerson, digest_of


def memberships_for_keys(user: User) -> QuerySet[Membership]:
    """In whose name a person may make a key: his own roles, without those that demand a second factor.

    A key is a secret in a file: whoever makes one for a colleague would read as that colleague.
    """
    return Membership.objects.current().filter(user=user).exclude(role__in=SECOND_FACTOR_ROLES)


def key_in_force(secret: str) -> Key | None:
    """The key of that secret while it, its maker's account and the role that it speaks for stand.

    None too while security holds the account back, or while its maker owes a second factor.
    """
    key = (
        Key.objects.in_force()
        .select_related("membership__user", "membership__organisation")
        .filter(digest=digest_of(secret), membership__user__is_active=True)
        .first()
    )
    if key is None or key.membership.user.is_shut_out:
        return None
    if not key.membership.user.memberships.current().filter(pk=key.membership_id).exists():
        return None
    key.membership.user.acting = key.membership
    return None if lacks_second_factor(key.membership.user) else key


def provisioned_people(organisation: Organisation) -> QuerySet[User]:
    """Whom a partner's system may ask about: people with a role in the organisation, past or present, and those whom it
    brought, without those that it let go. In stable order.
    """
    members = Membership.objects.filter(user=OuterRef("pk"), organisation=organisation)
    brought = ProvisionedPerson.objects.filter(user=OuterRef("pk"), organisation=organisation)
    found = User.objects.filter(Exists(members) | Exists(brought)).exclude(Exists(brought.exclude(removed_at=None)))
    return found.order_by("pk")


def is_of_organisation(user: User, organisation: Organisation) -> bool:
    """Whether the person has or had a role in the organisation, or was brought by its system."""
    brought = ProvisionedPerson.objects.filter(user=user, organisation=organisation)
    return brought.exists() or Membership.objects.filter(user=user, organisation=organisation).exists()


def roles_here(user: User, organisation: Organisation) -> list[Membership]:
    """The person's roles of today in one organisation."""
    return list(user.memberships.current().filter(organisation=organisation).order_by("pk"))


def works_elsewhere(user: User, organisation: Organisation) -> bool:
    """Whether the person has a role of today in another organisation."""
    return user.memberships.current().exclude(organisation=organisation).exists()


def provisioned_matching(organisation: Organisation, name: str, value: object) -> QuerySet[User]:
    """Those of `provisioned_people` whose attribute of SCIM (lower case, "" for all) equals a value."""
    found = provisioned_people(organisation)
    if not name:
        return found
    text = str(value)
    if name == "id":
        return found.filter(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else found.none()
    if name == "externalid":
        rows = ProvisionedPerson.objects.filter(organisation=organisation, external_id=text).exclude(external_id="")
        return found.filter(pk__in=rows.values("user"))
    return found.filter(email=text.strip().lower())


@dataclass
class Standing:
    """Where somebody stands in one organisation: the roles of today, and what its system told of him."""

    roles: list[Membership] = field(default_factory=list)
    external_id: str = ""


def standings(people: Iterable[User], organisation: Organisation) -> dict[int, Standing]:
    """By the number of each person; two statements for all."""
    found = {person.pk: Standing() for person in people}
    for role in Membership.objects.current().filter(organisation=organisation, user__in=found).order_by("pk"):
        found[role.user_id].roles.append(role)
    for row in ProvisionedPerson.objects.filter(organisation=organisation, user__in=found):
        found[row.user_id].external_id = row.external_id
    return found
