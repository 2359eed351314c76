"""What is done to a company of the shared base."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.actions.deriving import derive
from pavillon.directory.actions.offering import note_hand, whole
from pavillon.directory.actions.sources import built_in_source, source_of_person
from pavillon.directory.enums import Family, SourceKind
from pavillon.directory.events import company_changed, company_created
from pavillon.directory.models import Company, Contact, FormerName, RegisterUnit
from pavillon.directory.models.sources import Source
from pavillon.directory.names import match_name, readable
from pavillon.directory.numbers import check_national_number, check_vat_number
from pavillon.directory.queries import check_siren, find_register_unit, known_number, put_head_offices, register_date
from pavillon.reference.models import Activity, Commune, LegalCategory, Sector, WorkforceBand
from pavillon.reference.queries import sector_of

R = TypeVar("R", Company, Contact)


class SirenTaken(Exception):
    """The shared base already has a company with this SIREN: it is in `company`."""

    def __init__(self, company: Company) -> None:
        self.company = company
        super().__init__(
            _("SIREN %(siren)s belongs to %(name)s, which is already in the base.")
            % {"siren": company.siren, "name": company.name}
        )


class NumberTaken(Exception):
    """Another company is known by this VAT or national number: it is in `company`."""

    def __init__(self, company: Company, number: str) -> None:
        self.company = company
        super().__init__(
            _("Number %(number)s belongs to %(name)s, which is already in the base.")
            % {"number": number, "name": company.name}
        )


class AlreadyMerged(Exception):
    """The company was merged into another before."""


@transaction.atomic
def create_company(
    *,
    name: str,
    by: User | None,
    siren: str | None = None,
    source: Source | None = None,
    observed_on: date | None = None,
    **fields: Any,
) -> Company:
    """Add a company to the shared base.

    `fields` are columns of `Company`; `source` says who brings it and `observed_on` when it knew (by default: the word
    of the person, today). Raises WrongSiren and WrongNumber for numbers that are none, SirenTaken and NumberTaken, with
    the company, when the base has it already: never a second one.
    """
    siren = check_siren(siren) if siren else None
    if siren:
        with connection.cursor() as cursor:
            # Two people who bring one new company at the same moment: the second waits here, then finds it.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"siren {siren}"])
        known = Company.objects.select_for_update().filter(siren=siren).first()
        if known:
            raise SirenTaken(forwarded(known))
    sectors = fields.pop("other_sectors", ())
    company = Company(name=name.strip(), siren=siren, **fields)
    check_numbers(company)
    company.origin = source or source_of_person(by)
    company.sourced_on = (observed_on or timezone.localdate()) if company.origin else None
    derive(company)
    company.save()
    company.other_sectors.set(sectors)
    record("directory.company_created", company, by=by, name=company.name, siren=siren or "")
    company_created.send(sender=Company, company=company, by=by)
    return company


@transaction.atomic
def adopt_register_unit(*, siren: str, by: User | None, **fields: Any) -> Company:
    """The company of a SIREN: the one of the base, or a new one filled from the register.

    Raises WrongSiren (length, digits, check digit, unknown, closed).
    """
    siren = check_siren(siren)
    known = Company.objects.filter(siren=siren).first()
    if known:
        return forwarded(known)
    try:
        return create_from_register(siren=siren, by=by, **fields)
    except SirenTaken as error:
        return error.company


@transaction.atomic
def create_from_register(
    *, siren: str, by: User | None, source: Source | None = None, observed_on: date | None = None, **fields: Any
) -> Company:
    """A new company filled from the register; `fields`, the word of `source` or of the person, win over it.

    Raises WrongSiren (length, digits, check digit, unknown, closed) and SirenTaken with the existing company.
    """
    found = register_values(find_register_unit(siren))
    registered = Company(siren=siren, **found)
    derive(registered)
    company = create_company(
        siren=siren, by=by, source=built_in_source(SourceKind.REGISTER), observed_on=register_date(), **(found | fields)
    )
    note_hand(company, whole(registered), by, source=source, observed_on=observed_on)
    return company


def register_values(unit: RegisterUnit) -> dict[str, Any]:
    """The columns of `Company` that the register knows. A partial diffusion gives neither person nor address."""
    return values_of_units([unit])[unit.siren]


def values_of_units(units: Sequence[RegisterUnit]) -> dict[str, dict[str, Any]]:
    """What `register_values` says of each unit, by SIREN; six statements for any number of them."""
    put_head_offices(units)
    codes = {unit.activity_code for unit in units}
    activities = {row.code: row for row in Activity.objects.filter(revision=2, code__in=codes)}
    sectors = {code: sector_of(code) for code in codes}
    forms = {code[:length] for code in (unit.legal_category_code for unit in units) for length in (1, 2, 4)}
    categories = LegalCategory.objects.in_bulk(forms)
    bands = WorkforceBand.objects.in_bulk({unit.workforce_band_code for unit in units})
    communes = Commune.objects.select_related("region").in_bulk({unit.commune_code for unit in units})
    values = {}
    for unit in units:
        commune, form = communes.get(unit.commune_code), unit.legal_category_code
        values[unit.siren] = {
            "name": readable(str(unit.public_name)),
            "legal_name": unit.legal_name if unit.shows_its_name else "",
            "activity": activities.get(unit.activity_code),
            "sector": sectors[unit.activity_code],
            # The category itself, or the wider one that is known: 5710, else 57, else 5.
            "legal_category": categories.get(form) or categories.get(form[:2]) or categories.get(form[:1]),
            "workforce_band": bands.get(unit.workforce_band_code),
            "size": unit.size,
            "address": unit.public_address,
            "postal_code": unit.postal_code,
            "commune": commune,
            "town": commune.name if commune else "",
            "region": commune.region if commune else None,
        }
    return values


def forwarded(record: R) -> R:
    """Follow the forwarding addresses of merged companies, or contacts, to the one that stands."""
    while record.merged_into is not None:
        record = record.merged_into
    return record


def check_numbers(company: Company) -> None:
    """Numbers in the form of their country, each of one company. Raises WrongNumber, NumberTaken."""
    if company.national_number:
        company.national_number = check_national_number(str(company.country_id), company.national_number)
    if company.vat_number:
        company.vat_number = check_vat_number(company.vat_number, country=str(company.country_id), siren=company.siren)
    if company.siren:
        company.family = Family.FRENCH
    for name in ("national_number", "vat_number"):
        other = known_number(company, name)
        if other:
            raise NumberTaken(forwarded(other), getattr(company, name))


@transaction.atomic
def change_company(
    *,
    company: Company,
    by: User | None,
    source: Source | None = None,
    observed_on: date | None = None,
    other_sectors: Iterable[Sector] | None = None,
    **fields: Any,
) -> Changes:
    """Change columns of a company; returns what changed. Raises SirenTaken, NumberTaken, WrongSiren, AlreadyMerged.

    What changes is noted as the word of `source`, or of the person: an adviser's word is locked (`offer_values` is the
    door of sources whose values are to be judged first).
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if company.is_merged:
        raise AlreadyMerged(company.name)
    before, said = snapshot(company), whole(company)
    if fields.get("siren"):
        fields["siren"] = check_siren(fields["siren"])
        other = Company.objects.filter(siren=fields["siren"]).exclude(pk=company.pk).first()
        if other:
            raise SirenTaken(forwarded(other))
    for name, value in fields.items():
        setattr(company, name, value)
    check_numbers(company)
    derive(company)
    changes = changes_since(before, company) | _change_sectors(company, other_sectors)
    if changes:
        company.save()
        note_hand(company, said, by, source=source, observed_on=observed_on)
        record("directory.company_changed", company, by=by, changes=changes)
        company_changed.send(sender=Company, company=company, changes=changes, by=by)
    return changes


def _change_sectors(company: Company, sectors: Iterable[Sector] | None) -> Changes:
    """Set the further sectors of a company; None leaves them."""
    if sectors is None:
        return {}
    old = sorted(company.other_sectors.values_list("pk", flat=True))
    company.other_sectors.set([sector for sector in sectors if sector.pk != company.sector_id])
    new = sorted(company.other_sectors.values_list("pk", flat=True))
    return {"other_sectors": [old, new]} if old != new else {}


@transaction.atomic
def own_company(*, company: Company, organisation: Any, by: User | None) -> None:
    """Tie the company to the organisation whose members speak for it."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    before = snapshot(company)
    company.organisation = organisation
    company.save(update_fields=["organisation", "changed_at"])
    record("directory.company_owned", company, by=by, changes=changes_since(before, company))


@transaction.atomic
def keep_former_names(borne: Mapping[Company, Iterable[str]]) -> int:
    """Remember names that companies no longer bear, {company: names}; returns how many. Three statements at most.

    A name that only signs tell from the present one, or from the present legal name, is not kept; one that a company
    bears again is no former name any more.
    """
    if not borne:
        return 0
    today = timezone.localdate()
    worn = {company: {company.match_name, match_name(company.legal_name)} - {""} for company in borne}
    FormerName.objects.filter(
        pk__in=[
            row.pk
            for row in FormerName.objects.filter(company__in=list(borne)).select_related("company")
            if row.match_name in worn[row.company]
        ]
    ).delete()
    former = {
        (company.pk, wanted): FormerName(company=company, name=name, match_name=wanted, until=today)
        for company, names in borne.items()
        for name in names
        if (wanted := match_name(name)) and wanted not in worn[company]
    }
    FormerName.objects.bulk_create(
        former.values(),
        update_conflicts=True,
        unique_fields=["company", "match_name"],
        update_fields=["name", "until"],
        batch_size=1000,
    )
    return len(former)
