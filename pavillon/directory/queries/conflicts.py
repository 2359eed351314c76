"""Values on which sources disagree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue
from pavillon.directory.precedence import COMPANY_GROUPS, CONTACT_GROUPS
from pavillon.directory.queries.card import label_of, shown_group, spoken
from pavillon.directory.queries.provenance import said


@dataclass(frozen=True)
class Dispute:
    """A disputed value beside what the card says."""

    row: CompanyValue
    label: str
    card: str
    other: str


def spell_out(rows: Sequence[CompanyValue], user: User) -> list[Dispute]:
    """Disputed values in the reader's words; those of fields that the reader may not see are left out.

    A statement for each table of names. `rows` come with their company and its facts.
    """
    rows = [row for row in rows if may_read(user, Company, COMPANY_GROUPS[row.field][0])]
    texts = spoken(Company(), {row.pk: (row.field, said(row)) for row in rows})
    return [
        Dispute(row, label_of(Company, row.field), shown_group(row.company, row.field), texts[row.pk]) for row in rows
    ]


@dataclass(frozen=True)
class PersonalDispute:
    """A disputed value of a person beside what the record says."""

    row: ContactValue
    label: str
    card: str
    other: str


def spell_out_people(rows: Sequence[ContactValue], user: User) -> list[PersonalDispute]:
    """The same for values of people. `rows` come with their contact; no statement."""
    rows = [row for row in rows if may_read(user, Contact, CONTACT_GROUPS[row.field][0])]
    texts = spoken(Contact(), {row.pk: (row.field, said(row)) for row in rows})
    return [
        PersonalDispute(row, label_of(Contact, row.field), shown_group(row.contact, row.field), texts[row.pk])
        for row in rows
    ]


def disputes_by_field(user: User, *, groups: Iterable[str] = COMPANY_GROUPS) -> list[tuple[str, str, int]]:
    """How many values are disputed, by field: [(group, label, how many)], most first. One statement."""
    seen = CompanyValue.objects.visible_to(user).disputed().filter(field__in=list(groups))
    counted = seen.order_by().values_list("field").annotate(n=Count("pk"))
    found = [
        (field, label_of(Company, field), n)
        for field, n in counted
        if may_read(user, Company, COMPANY_GROUPS[field][0])
    ]
    return sorted(found, key=lambda line: (-line[2], line[1]))
