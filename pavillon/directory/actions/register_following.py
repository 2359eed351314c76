"""Companies of the base follow the register: values, sites, closures, and what may no longer be shown."""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from pavillon.directory import register_sql as sql
from pavillon.directory.actions.companies import change_company, values_of_units
from pavillon.directory.actions.establishments import keep_many
from pavillon.directory.actions.offering import offer_many
from pavillon.directory.actions.register_progress import Progress
from pavillon.directory.actions.sources import built_in_source
from pavillon.directory.enums import RegisterFileKind, RunState, SourceKind
from pavillon.directory.events import company_closed
from pavillon.directory.models import Company, CompanyValue, RegisterEstablishment, RegisterRun, RegisterUnit
from pavillon.directory.names import readable
from pavillon.directory.precedence import MASTERED
from pavillon.directory.queries import register_date
from pavillon.reference.models import Activity, Commune, WorkforceBand

BATCH = 500


def follow_register(run: RegisterRun, progress: Progress) -> None:
    """Companies of the base take what a run brought, a batch and its place in one commit."""
    if run.created + run.changed + run.closed == 0:
        return
    keys = _followers(run)
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        with transaction.atomic():
            companies = list(Company.objects.filter(pk__in=batch).order_by("pk"))
            if run.kind == RegisterFileKind.UNITS:
                _follow_units(companies)
            else:
                _follow_establishments(companies)
            run.followed_up_to, run.followed = batch[-1], run.followed + len(companies)
            run.save(update_fields=["followed_up_to", "followed"])
        progress.share(RunState.FOLLOWING, (start + len(batch)) / len(keys))


def _followers(run: RegisterRun) -> "array[int]":
    """The companies of the base that shall take something and have not yet, asked for once."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Without statistics of a young base the planner reads the register once a company: hashes are never far off.
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        cursor.execute(sql.FOLLOWERS[RegisterFileKind(run.kind)], {"run": run.pk, "after": run.followed_up_to})
        keys = array("q", (pk for (pk,) in cursor.fetchall()))
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")
        return keys


def _follow_units(companies: Sequence[Company]) -> None:
    """The register rules its fields: it offers them; a day of closing is told to those who follow the company."""
    units = RegisterUnit.objects.in_bulk([company.siren for company in companies if company.siren])
    said, day = values_of_units(list(units.values())), register_date()
    offers = []
    for company in companies:
        unit = units[company.siren or ""]
        values = {name: value for name, value in said[unit.siren].items() if name in MASTERED - {"address"}}
        if not unit.is_active:
            values["closed_on"] = unit.closed_on or day
        offers.append((company, values))
    was_open = {company.pk for company in companies if company.closed_on is None}
    offer_many(offers, source=built_in_source(SourceKind.REGISTER), observed_on=day, by=None)
    for company in Company.objects.filter(pk__in=[company.pk for company in companies], closed_on__isnull=False):
        unit = units[company.siren or ""]
        if company.pk in was_open:
            company_closed.send(sender=Company, company=company)
        elif unit.is_active:
            # A source never empties a field, but a unit may be active again.
            change_company(company=company, by=None, closed_on=None)


def _follow_establishments(companies: Sequence[Company]) -> None:
    """Sites of companies as the register has them; the head office's address is the company's."""
    source, day = built_in_source(SourceKind.REGISTER), register_date()
    take_establishments(companies)
    units = RegisterUnit.objects.in_bulk([company.siren for company in companies if company.siren])
    said, offers = values_of_units(list(units.values())), []
    for company in companies:
        values = said.get(company.siren or "", {"address": ""})
        if values["address"]:
            told = {name: values[name] for name in ("address", "postal_code", "commune", "town", "region")}
            offers.append((company, told))
    if offers:
        offer_many(offers, source=source, observed_on=day, by=None)


def take_establishments(companies: Sequence[Company]) -> None:
    """Give companies the sites that the register has under their SIREN."""
    offices = RegisterEstablishment.objects.of_units([company.siren for company in companies if company.siren])
    activities = {code: pk for pk, code in _activities(offices)}
    communes = Commune.objects.in_bulk({office.commune_code for office in offices})
    bands = WorkforceBand.objects.in_bulk({office.workforce_band_code for office in offices})
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for office in offices:
        rows[office.siren].append(
            {
                "siret": office.siret,
                "name": office.name,
                "is_head_office": office.is_head_office,
                "address": office.address,
                "postal_code": office.postal_code,
                "commune_id": office.commune_code if office.commune_code in communes else None,
                "town": communes[office.commune_code].name if office.commune_code in communes else office.town,
                "activity_id": activities.get(office.activity_code),
                "workforce_band_id": office.workforce_band_code if office.workforce_band_code in bands else None,
                "opened_on": _opened_on(office),
                "closed_on": None if office.is_active else office.closed_on or timezone.localdate(),
            }
        )
    kept = [(company, rows[company.siren or ""]) for company in companies if rows.get(company.siren or "")]
    keep_many(kept=kept, by=None)


def _activities(offices: Sequence[RegisterEstablishment]) -> Any:
    codes = {office.activity_code for office in offices}
    return Activity.objects.filter(revision=2, code__in=codes).values_list("pk", "code")


def _opened_on(office: RegisterEstablishment) -> Any:
    """The day of opening, unless the register says that it closed before."""
    if office.created_on and office.closed_on and office.closed_on < office.created_on:
        return None
    return office.created_on


def hide_people(hidden: Sequence[tuple[str, str, str]]) -> None:
    """Companies of the base that show a name or an address whose publication was withdrawn.

    `hidden`: (SIREN, name, address) as the register said before. What the register gave is forgotten where it is kept
    beside the card too.
    """
    former = {siren: (name, address) for siren, name, address in hidden}
    units = RegisterUnit.objects.in_bulk(list(former))
    for company in Company.objects.filter(siren__in=former, merged_into__isnull=True):
        unit, (name, address) = units[company.siren or ""], former[company.siren or ""]
        fields: dict[str, Any] = {}
        if address and company.address == address:
            fields["address"] = ""
        if not unit.shows_its_name:
            fields["legal_name"] = ""
            if company.name in (name, readable(name)):
                fields["name"] = str(unit.public_name)
        told = CompanyValue.objects.filter(company=company, source__kind=SourceKind.REGISTER)
        told.filter(field__in=["address"] if unit.shows_its_name else ["name", "legal_name", "address"]).delete()
        company.establishments.filter(is_from_register=True).update(address="", name="")
        if fields:
            change_company(company=company, by=None, **fields)
        if not unit.shows_its_name:
            # Whoever withdrew a name is not found by it either.
            company.former_names.all().delete()
