"""Which people the rows of a file name, asked for many rows at once."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact, ContactRole, Source, SourceRecord
from pavillon.directory.queries import match_name
from pavillon.intake.queries.reading_rows import Read


def find_people(asked: Sequence[tuple[int, Company | None, Read]], *, source: Source, by: User) -> dict[int, Contact]:
    """The people of rows (line, company, what is read), by line; those that `by` may not see are found by nobody.

    The partner's number, then the e-mail, then the name among the people of the row's company, or of the main company
    that the row tells. Several people of one name, or of one e-mail outside the company, are nobody. Five statements.
    """
    seen = Contact.objects.visible_to(by).standing().select_related("company")
    by_key = _by_key(asked, source)
    emails = {line: blind_index(Contact, "email_index", read.contact["email"])
              for line, _c, read in asked if read.contact.get("email")}  # fmt: skip
    by_email: dict[str, list[Contact]] = defaultdict(list)
    for contact in seen.filter(email_index__in=set(emails.values())):
        by_email[contact.email_index].append(contact)
    roles = _held_roles([company.pk for _line, company, _read in asked if company])
    homes = _homes(asked, seen)
    found: dict[int, Contact] = {}
    for line, company, read in asked:
        person = by_key.get(read.contact.get("key", ""))
        if person is None and line in emails:
            person = _one(by_email[emails[line]], company)
        if person is None and (wanted := _name(read)):
            near = [*(roles[company.pk] if company else ()), *homes[_home(read)]]
            alike = {one.pk: one for one in near if match_name(str(one)) == wanted}
            person = next(iter(alike.values())) if len(alike) == 1 else None
        if person is not None:
            found[line] = person
    visible = set(seen.filter(pk__in={one.pk for one in found.values()}).values_list("pk", flat=True))
    return {line: one for line, one in found.items() if one.pk in visible}


def _by_key(asked: Sequence[tuple[int, Company | None, Read]], source: Source) -> dict[str, Contact]:
    keys = {read.contact["key"] for _line, _company, read in asked if read.contact.get("key")}
    rows = SourceRecord.objects.filter(source=source, key__in=keys, contact__isnull=False).select_related("contact")
    return {row.key: forwarded(row.contact) for row in rows if row.contact is not None}


def _one(people: Sequence[Contact], company: Company | None) -> Contact | None:
    """The only one of an address, or the only one of them in the company."""
    if len(people) > 1 and company is not None:
        people = [one for one in people if one.company_id == company.pk]
    return people[0] if len(people) == 1 else None


def _held_roles(companies: Sequence[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = defaultdict(list)
    rows = ContactRole.objects.filter(company__in=companies, contact__merged_into=None)
    for role in rows.select_related("contact__company").order_by("contact"):
        found[role.company_id].append(role.contact)
    return found


def _homes(asked: Sequence[tuple[int, Company | None, Read]], seen: QuerySet[Contact]) -> dict[str, list[Contact]]:
    """People by the SIREN or the name of their main company, where rows tell it."""
    told = {_home(read) for _line, _company, read in asked} - {""}
    found: dict[str, list[Contact]] = defaultdict(list)
    if told:
        for one in seen.filter(Q(company__siren__in=told) | Q(company__name__in=told)).order_by("pk"):
            for word in {one.company.siren or "", one.company.name} & told:
                found[word].append(one)
    return found


def _home(read: Read) -> str:
    return str(read.part.get("main_siren") or read.part.get("main_company") or "")


def _name(read: Read) -> str:
    said = read.contact
    return match_name(f"{said.get('first_name', '')} {said.get('last_name', '')}") if said.get("last_name") else ""
