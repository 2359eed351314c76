"""What is done to a company of the shared base."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.channels import domain_of
from pavillon.directory.events import company_changed, company_created
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.names import match_name
from pavillon.directory.queries import check_siren, find_register_unit
from pavillon.reference.models import Activity, Commune, LegalCategory, WorkforceBand


class SirenTaken(Exception):
    """The shared base already has a company with this SIREN: it is in `company`."""

    def __init__(self, company: Company) -> None:
        self.company = company
        super().__init__(
            _("SIREN %(siren)s belongs to %(name)s, which is already in the base.")
            % {"siren": company.siren, "name": company.name}
        )


class AlreadyMerged(Exception):
    """The company was merged into another before."""


@transaction.atomic
def create_company(*, name: str, by: User | None, siren: str | None = None, **fields: Any) -> Company:
    """Add a company to the shared base.

    `fields` are columns of `Company`. Raises WrongSiren when the number is not one, and SirenTaken, with the company,
    when the base has it already: never a second one.
    """
    siren = check_siren(siren) if siren else None
    if siren:
        known = Company.objects.select_for_update().filter(siren=siren).first()
        if known:
            raise SirenTaken(forwarded(known))
    company = Company(name=name.strip(), siren=siren, **fields)
    _derive(company)
    company.save()
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
    unit = find_register_unit(siren)
    try:
        return create_company(siren=siren, by=by, **(register_values(unit) | fields))
    except SirenTaken as error:
        return error.company


def create_from_register(*, siren: str, by: User | None, **fields: Any) -> Company:
    """A new company filled from the register; `fields` win over what the register says.

    Raises WrongSiren (length, digits, check digit, unknown, closed) and SirenTaken with the existing company.
    """
    return create_company(siren=siren, by=by, **(register_values(find_register_unit(siren)) | fields))


def register_values(unit: RegisterUnit) -> dict[str, Any]:
    """The columns of `Company` that the register knows. A partial diffusion gives neither person nor address."""
    commune = Commune.objects.filter(pk=unit.commune_code).select_related("region").first()
    return {
        "name": str(unit.public_name),
        "legal_name": unit.legal_name if unit.shows_its_name else "",
        "activity": Activity.objects.filter(revision=2, code=unit.activity_code).first(),
        "legal_category": _legal_category(unit.legal_category_code),
        "workforce_band": WorkforceBand.objects.filter(pk=unit.workforce_band_code).first(),
        "size": unit.size,
        "address": unit.public_address,
        "postal_code": unit.postal_code,
        "commune": commune,
        "town": commune.name if commune else "",
        "region": commune.region if commune else None,
    }


def _legal_category(code: str) -> LegalCategory | None:
    """The category itself, or the wider one that is known: 5710, else 57, else 5."""
    known = LegalCategory.objects.in_bulk([code, code[:2], code[:1]]) if code else {}
    return known.get(code) or known.get(code[:2]) or known.get(code[:1])


def forwarded(company: Company) -> Company:
    """Follow the forwarding addresses of merged companies to the one that stands."""
    while company.merged_into is not None:
        company = company.merged_into
    return company


@transaction.atomic
def change_company(*, company: Company, by: User | None, **fields: Any) -> Changes:
    """Change columns of a company; returns what changed. Raises SirenTaken, WrongSiren, AlreadyMerged."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if company.is_merged:
        raise AlreadyMerged(company.name)
    before = snapshot(company)
    if fields.get("siren"):
        fields["siren"] = check_siren(fields["siren"])
        other = Company.objects.filter(siren=fields["siren"]).exclude(pk=company.pk).first()
        if other:
            raise SirenTaken(forwarded(other))
    for name, value in fields.items():
        setattr(company, name, value)
    _derive(company)
    changes = changes_since(before, company)
    if changes:
        company.save()
        record("directory.company_changed", company, by=by, changes=changes)
        company_changed.send(sender=Company, company=company, changes=changes, by=by)
    return changes


def _derive(company: Company) -> None:
    """Columns that follow from others."""
    company.match_name = match_name(company.name)
    company.domain = domain_of(company.website)
    if company.commune_id and company.commune:
        company.town = company.commune.name
        company.region_id = company.commune.region_id


@transaction.atomic
def own_company(*, company: Company, organisation: Any, by: User | None) -> None:
    """Tie the company to the organisation whose members speak for it."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    before = snapshot(company)
    company.organisation = organisation
    company.save(update_fields=["organisation", "changed_at"])
    record("directory.company_owned", company, by=by, changes=changes_since(before, company))
