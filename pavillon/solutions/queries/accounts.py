"""What a company's own pages show, and what the register knows before an account is opened."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pavillon.accounts.models import Membership, User
from pavillon.crm.queries.leads import requests_of
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.queries import candidates
from pavillon.directory.queries.register_names import units_named
from pavillon.reference.models import Activity, Commune, Region, WorkforceBand
from pavillon.solutions.models import AccountOpening, Diagnosis, JoinRequest


@dataclass(frozen=True)
class RegisterCard:
    """A register entry as its owner recognises it.

    A partial diffusion shows neither the person's name nor the address.
    """

    siren: str
    name: str
    activity: str
    workforce: str
    town: str
    is_partial: bool
    region: Region | None


def register_card(unit: RegisterUnit) -> RegisterCard:
    """The words of the register in the reader's language."""
    activity = Activity.objects.filter(revision=2, code=unit.activity_code).first()
    band = WorkforceBand.objects.filter(pk=unit.workforce_band_code).first()
    commune = Commune.objects.filter(pk=unit.commune_code).select_related("region").first()
    is_partial = unit.diffusion != "O"
    return RegisterCard(
        siren=unit.siren,
        name=str(unit.public_name),
        activity=str(activity) if activity else unit.activity_code,
        workforce=str(band) if band else "",
        town=commune.name if commune else "",
        is_partial=is_partial,
        region=commune.region if commune else None,
    )


# Companies offered to who has no SIREN at hand.
OFFERED = 6


def companies_named(name: str, town: str = "") -> list[RegisterCard]:
    """Companies whose name is alike, in that town when it is told, by their register entry.

    Those that the base knows too come first, so that their order hints at the base; then those that stand in the
    register only, whose name must begin so or be spelt nearly so. Of each, only what the register publishes is told: no
    value of the base, nor whether a company has an account. Those that closed, and people who asked not to be
    published, are left out; people in business are offered by their name only when the base knows them.
    """
    near = [each.company.siren for each in candidates(name=name, town=town, limit=2 * OFFERED) if each.company.siren]
    units = RegisterUnit.objects.filter(pk__in=near, is_active=True).in_bulk()
    shown = {siren: units[siren] for siren in near if siren in units and units[siren].shows_its_name}
    if len(shown) < OFFERED:
        shown |= {unit.siren: unit for unit in units_named(name, town=town, limit=OFFERED) if unit.siren not in shown}
    return [register_card(unit) for unit in list(shown.values())[:OFFERED]]


def company_of(user: User) -> Company | None:
    """The company that a person acts for."""
    return Company.objects.visible_to(user).select_related("region", "activity", "commune", "workforce_band").first()


def opened_accounts(user: User) -> QuerySet[AccountOpening]:
    """Accounts of the companies that a person of the team may open, each with `people` and `waiting` (to confirm)."""
    held = Membership.objects.current().filter(organisation=OuterRef("company__organisation")).order_by()
    counted = held.values("organisation").annotate(n=Count("pk")).values("n")
    return (
        AccountOpening.objects.filter(company__in=Company.objects.visible_to(user).standing().values("pk"))
        .select_related("company__commune", "company__country", "region")
        .annotate(
            people=Coalesce(Subquery(counted), 0),
            waiting=Exists(held.filter(is_confirmed=False)),
            is_diagnosed=Exists(Diagnosis.objects.filter(company=OuterRef("company"), finished_at__isnull=False)),
        )
    )


def join_requests_of(user: User) -> QuerySet[JoinRequest]:
    """Who asked to join the person's company, waiting ones first."""
    rows = JoinRequest.objects.visible_to(user).select_related("user", "company", "decided_by")
    return rows.order_by("decided_at", "-asked_at")


def own_join_request(user: User) -> JoinRequest | None:
    """The request of somebody who does not act for a company yet."""
    return JoinRequest.objects.filter(user=user).select_related("company").order_by("-asked_at").first()


def latest_requests(user: User) -> list[Any]:
    """The three latest requests of the company, as "my requests" tells them."""
    return list(islice(requests_of(user), 3))


def find_request(user: User, pk: int) -> Any:
    """A request of the person's company."""
    return next((lead for lead in requests_of(user) if lead.pk == pk), None)
