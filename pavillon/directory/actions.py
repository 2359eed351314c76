"""What is done to companies and contacts."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.events import companies_merged, company_changed, company_created, contact_added
from pavillon.directory.models import Company, Contact, RegisterUnit
from pavillon.directory.names import match_name
from pavillon.directory.queries import check_siren, find_register_unit
from pavillon.metrics.actions import move_company
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


def register_values(unit: RegisterUnit) -> dict[str, Any]:
    """The columns of `Company` that the register knows. A partial diffusion gives neither person nor address."""
    commune = Commune.objects.filter(pk=unit.commune_code).select_related("region").first()
    is_public = unit.diffusion == "O"
    return {
        "name": unit.public_name,
        "legal_name": unit.legal_name if is_public else "",
        "activity": Activity.objects.filter(revision=2, code=unit.activity_code).first(),
        "legal_category": LegalCategory.objects.filter(pk=unit.legal_category_code).first(),
        "workforce_band": WorkforceBand.objects.filter(pk=unit.workforce_band_code).first(),
        "size": unit.size,
        "address": unit.address if is_public else "",
        "postal_code": unit.postal_code,
        "commune": commune,
        "town": commune.name if commune else "",
        "region": commune.region if commune else None,
    }


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
    if company.commune_id and company.commune:
        company.town = company.commune.name
        company.region_id = company.commune.region_id


@transaction.atomic
def merge_companies(*, kept: Company, removed: Company, by: User) -> None:
    """Keep one company of a pair of duplicates and leave a forwarding address.

    Every room moves its own rows when it hears `companies_merged`. Empty columns of the kept one are filled from the
    other. Raises AlreadyMerged, and ValueError for a company with itself.
    """
    if kept.pk == removed.pk:
        raise ValueError("A company cannot be merged with itself")
    pair = {c.pk: c for c in Company.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, removed.pk])}
    kept, removed = pair[kept.pk], pair[removed.pk]
    for company in (kept, removed):
        if company.is_merged:
            raise AlreadyMerged(company.name)
    before = snapshot(kept)
    siren, organisation = removed.siren, removed.organisation
    removed.siren, removed.organisation, removed.merged_into = None, None, kept
    removed.save()
    kept.siren = kept.siren or siren
    kept.organisation = kept.organisation or organisation
    for name in ("activity", "legal_category", "workforce_band", "commune", "region", "sector", "turnover"):
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(removed, name))
    for name in ("legal_name", "size", "address", "postal_code", "town", "website", "export_class"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(removed, name))
    kept.save()
    Contact.objects.filter(company=removed).update(company=kept)
    move_company(kept_id=kept.pk, removed_id=removed.pk)
    record(
        "directory.companies_merged", kept, removed, by=by, changes=changes_since(before, kept), removed=removed.name
    )
    companies_merged.send(sender=Company, kept=kept, removed=removed, by=by)


@transaction.atomic
def add_contact(
    *,
    company: Company,
    by: User | None,
    last_name: str,
    first_name: str = "",
    email: str = "",
    phone: str = "",
    job_title: str = "",
    language: str = "fr",
    user: User | None = None,
    is_decision_maker: bool = False,
) -> Contact:
    """Add a person to a company."""
    contact = Contact.objects.create(
        company=company,
        first_name=first_name,
        last_name=last_name,
        email=email.strip().lower(),
        phone=phone,
        job_title=job_title,
        language=language,
        user=user,
        is_decision_maker=is_decision_maker,
    )
    record("directory.contact_added", contact, company, by=by)
    contact_added.send(sender=Contact, contact=contact, by=by)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, by: User | None, **fields: Any) -> Changes:
    """Change columns of a contact; returns what changed (encrypted columns as ciphertext)."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact.pk)
    before = snapshot(contact)
    for name, value in fields.items():
        setattr(contact, name, value)
    changes = changes_since(before, contact)
    if changes:
        contact.save()
        record("directory.contact_changed", contact, contact.company, by=by, changes=changes)
    return changes


@transaction.atomic
def forget_contact(contact: Contact) -> None:
    """Keep the row that exchanges point at, lose the person."""
    contact.first_name, contact.last_name, contact.job_title = "", _("Erased person"), ""
    contact.email, contact.phone, contact.user = "", "", None
    contact.save()
    record("directory.contact_forgotten", contact, contact.company, by=None)


@transaction.atomic
def own_company(*, company: Company, organisation: Any, by: User | None) -> None:
    """Tie the company to the organisation whose members speak for it."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    before = snapshot(company)
    company.organisation = organisation
    company.save(update_fields=["organisation", "changed_at"])
    record("directory.company_owned", company, by=by, changes=changes_since(before, company))
