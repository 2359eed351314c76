"""Many new records of one source at once, each as `create_company` and `add_contact` would write it.

A fixed number of statements for a batch, and one more for each national or VAT number, which is asked for by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record_births
from pavillon.directory.actions.companies import SirenTaken, check_numbers, forwarded
from pavillon.directory.actions.deriving import derive
from pavillon.directory.channels import domain_of
from pavillon.directory.enums import ChannelKind
from pavillon.directory.events import companies_created, contacts_added
from pavillon.directory.models import Channel, Company, Contact, ContactRole, Source, SourceRecord
from pavillon.directory.queries import check_siren
from pavillon.directory.zones import zone_of

# Two who bring one new company at the same moment: the second waits here, then finds it. In one order, so that no two
# batches wait for each other.
_LOCK = """
SELECT count(pg_advisory_xact_lock(hashtext(said))) FROM (
    SELECT said FROM unnest(%s::text[]) AS said ORDER BY hashtext(said)
) AS numbers
"""


@transaction.atomic
def create_companies(
    *, rows: Sequence[Mapping[str, Any]], source: Source, observed_on: date, by: User | None
) -> list[Company]:
    """Add companies that a source brings; `rows` are columns of `Company`, each with its name. In their order.

    What a source says of a company that it brings is on its card from the first day, and its own word.
    Raises WrongSiren and WrongNumber for numbers that are none, SirenTaken and NumberTaken with the company that the
    base has already: then none is written.
    """
    sirens = [check_siren(row["siren"]) for row in rows if row.get("siren")]
    if sirens:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [[f"siren {siren}" for siren in sirens]])
        known = Company.objects.select_for_update().filter(siren__in=sirens).first()
        if known:
            raise SirenTaken(forwarded(known))
    companies = []
    for row in rows:
        company = Company()
        for name, value in row.items():
            is_key = company._meta.get_field(name).is_relation and not isinstance(value, Model)
            setattr(company, f"{name}_id" if is_key else name, value)
        company.name = company.name.strip()
        check_numbers(company)
        company.origin, company.sourced_on = source, observed_on
        derive(company)
        companies.append(company)
    Company.objects.bulk_create(companies)
    lines = [((one,), {"name": one.name, "siren": one.siren or ""}) for one in companies]
    record_births("directory.company_created", lines, by=by)
    companies_created.send(sender=Company, companies=companies, by=by)
    return companies


@transaction.atomic
def add_contacts(
    *, people: Sequence[Mapping[str, Any]], source: Source, observed_on: date, by: User | None
) -> list[Contact]:
    """Add people that a source brings, columns of `Contact` each, to their companies. In their order.

    That company is the main role, e-mail and phone are the preferred channels.
    """
    contacts, today = [], timezone.localdate()
    for said in people:
        contact = Contact(origin=source, sourced_on=observed_on, **said)
        contact.time_zone = zone_of(contact.company.country_id, contact.company.region_id)
        derive(contact)
        contacts.append(contact)
    Contact.objects.bulk_create(contacts)
    ContactRole.objects.bulk_create(
        ContactRole(
            contact=contact,
            company=contact.company,
            function=contact.job_title,
            is_decision_maker=contact.is_decision_maker,
            is_main=True,
        )
        for contact in contacts
    )
    Channel.objects.bulk_create(
        Channel(
            contact=contact,
            kind=kind,
            value=value,
            domain=domain_of(value) if kind == ChannelKind.EMAIL else "",
            is_preferred=True,
            valid_from=today,
        )
        for contact in contacts
        for kind, value in ((ChannelKind.EMAIL, contact.email), (ChannelKind.PHONE, contact.phone))
        if value
    )
    lines: list[tuple[tuple[Model, ...], dict[str, Any]]] = [((one, one.company), {}) for one in contacts]
    record_births("directory.contact_added", lines, by=by)
    contacts_added.send(sender=Contact, contacts=contacts, by=by)
    return contacts


def note_new_records(
    *, records: Sequence[Company | Contact], keys: Sequence[str], source: Source, seen_on: date
) -> list[SourceRecord]:
    """Remember that records which were just made are those of a source; `keys` are its numbers of them, or ""."""
    return SourceRecord.objects.bulk_create(
        SourceRecord(
            source=source,
            key=key,
            first_seen_on=seen_on,
            last_seen_on=seen_on,
            **{"contact" if isinstance(known, Contact) else "company": known},
        )
        for known, key in zip(records, keys, strict=True)
    )
