"""Reads over several tables that other rooms and pages ask for."""

from django.db.models import Q, QuerySet

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, ShopMember, User


def team_of_region(region: object) -> QuerySet[Membership]:
    """The single team of a region (a Region or its code): who sits there today for which organisation.

    Members of the region's own organisations and people of national ones who cover it, as long as their
    organisation has a seat in the one-stop shop (ledger IDN-11).
    """
    code = getattr(region, "pk", region)
    seated = ShopMember.objects.current().filter(shop=code).values("organisation")
    return (
        Membership.objects.current()
        .filter(organisation__in=seated, user__is_active=True)
        .filter(Q(covers=code) | Q(covers=None, organisation__region=code))
        .select_related("user", "user__office", "organisation", "unit")
        .order_by("organisation__name", "user__last_name", "user__first_name")
    )


def advisers_of(region_id: str) -> QuerySet[User]:
    """Active advisers who act in a regional organisation of that region, in stable order."""
    return User.objects.working().acting_in(organisation__region=region_id, role=Role.ADVISER).order_by("pk")
