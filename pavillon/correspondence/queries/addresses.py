"""Whose an address for copies is."""

import hmac
import re
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import OuterRef, QuerySet

from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import lacks_second_factor
from pavillon.agenda.models import Participant
from pavillon.agenda.queries.meetings import participant_by_reply
from pavillon.core.fields import blind_index
from pavillon.correspondence.models import CopyAddress, record_token
from pavillon.crm.models.leads import LEAD_WORKERS

PERSONAL = re.compile(r"copie\.([a-z2-7]{26})")
OF_A_RECORD = re.compile(r"([de])-([0-9]{6,12})\.([a-z2-7]{26})")


@dataclass(frozen=True)
class Place:
    """What an address of ours is for: an adviser's copies, perhaps of one request or company, or one invitation."""

    copy: CopyAddress | None = None
    lead: int | None = None
    company: int | None = None
    participant: Participant | None = None

    @property
    def owner(self) -> User | None:
        return self.copy.owner if self.copy else None


def account_of(address: str) -> User | None:
    """The person of an address that was confirmed, as long as he may sign in; None for everybody else."""
    rows = EmailAddress.objects.filter(email__iexact=address.strip(), verified=True).select_related("user")
    found = rows.first()
    user = found.user if found else None
    if user is None or not user.is_active or user.is_suspended or lacks_second_factor(user):
        return None
    return user


def place_of(address: str, sender: str) -> Place | None:
    """What `address` is for when `sender` writes to it; None when it is nobody's, or not the sender's."""
    name, _sign, domain = address.strip().lower().rpartition("@")
    if domain != settings.MAIL_COPY_DOMAIN or not domain:
        return None
    if name.startswith("r-"):
        participant = participant_by_reply(name)
        return Place(participant=participant) if participant else None
    owner = account_of(sender)
    return _of_owner(name, owner) if owner else None


def _of_owner(name: str, owner: User) -> Place | None:
    mine = CopyAddress.objects.valid().filter(owner=owner).select_related("owner", "organisation")
    if found := PERSONAL.fullmatch(name):
        copy = mine.filter(secret_index=blind_index(CopyAddress, "secret_index", found[1])).first()
        return _in_role(Place(copy)) if copy else None
    if found := OF_A_RECORD.fullmatch(name):
        record, number = f"{found[1]}-{found[2]}", int(found[2])
        for copy in mine:
            if hmac.compare_digest(record_token(copy.secret, record), found[3]):
                is_lead = found[1] == "d"
                return _in_role(Place(copy, lead=number if is_lead else None, company=None if is_lead else number))
    return None


def _in_role(place: Place) -> Place | None:
    """Its owner acts for the organisation of the address; None when he no longer works there."""
    assert place.copy is not None
    return place if in_role(place.copy.owner, place.copy.organisation) else None


def in_role(owner: User, organisation: Organisation) -> bool:
    """Somebody acts for an organisation from here on; False when he no longer works there."""
    roles = owner.memberships.current().filter(organisation=organisation, role__in=LEAD_WORKERS)
    membership = roles.select_related("organisation").order_by("-is_default", "pk").first()
    if membership is None:
        return False
    owner.acting = membership
    return True


def roles_of_owner() -> QuerySet[Membership]:
    """The roles of `in_role`, of the owner and the organisation of an outer row: for `Exists`."""
    mine = Membership.objects.current().filter(user=OuterRef("owner"), organisation=OuterRef("organisation"))
    return mine.filter(role__in=LEAD_WORKERS)


def copy_address_of(user: User) -> CopyAddress | None:
    """The address that somebody has in the role of now."""
    return CopyAddress.objects.visible_to(user).valid().first()
