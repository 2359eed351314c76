"""What a company's own pages show, and what the register knows before an account is opened."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from pavillon.accounts.models import User
from pavillon.crm.queries.leads import requests_of
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.queries import candidates
from pavillon.reference.models import Activity, Commune, Region, WorkforceBand
from pavillon.solutions.models import JoinRequest


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
    """Companies of the base whose name is alike, in that town when it is told, by their register entry.

    Only what the register publishes is told: nothing of the base, nor whether a company has an account. Those that
    closed, and people who asked not to be published, are left out.
    """
    near = [each.company.siren for each in candidates(name=name, town=town, limit=2 * OFFERED) if each.company.siren]
    units = RegisterUnit.objects.filter(pk__in=near, is_active=True).in_bulk()
    shown = [units[siren] for siren in near if siren in units and units[siren].shows_its_name][:OFFERED]
    return [register_card(unit) for unit in shown]


def company_of(user: User) -> Company | None:
    """The company that a person acts for."""
    return Company.objects.visible_to(user).select_related("region", "activity", "commune", "workforce_band").first()


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
