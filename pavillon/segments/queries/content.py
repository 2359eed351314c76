"""What stands in a file: the rows and columns that its author may see."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.directory.criteria import Column, columns_for
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.listing import CriteriaListing, companies_of, contacts_of
from pavillon.segments.enums import Layout, Subject
from pavillon.segments.models import ExportFile
from pavillon.segments.queries.parts import parts_for

# Every file begins with the record's own number and name.
FIRST = {
    Subject.COMPANIES: [
        Column("id", _("Number"), lambda c: c.pk, is_number=True),
        Column("name", _("Name"), lambda c: c.name, governed=((Company, "name"),)),
    ],
    Subject.CONTACTS: [
        Column("id", _("Number"), lambda c: c.pk, is_number=True),
        Column("last_name", _("Last name"), lambda c: c.last_name, governed=((Contact, "last_name"),)),
        Column("first_name", _("First name"), lambda c: c.first_name, governed=((Contact, "first_name"),)),
    ],
}


def listing_of_query(subject: str, query: str, user: User) -> CriteriaListing:
    """The list that an address asked for, without a browser."""
    request = HttpRequest()
    request.method, request.user = "GET", user  # type: ignore[assignment]
    request.GET = QueryDict(query)  # type: ignore[assignment]
    return (companies_of if subject == Subject.COMPANIES else contacts_of)(request)


def rows_of(listing: CriteriaListing, part: str, user: User) -> Any:
    """The rows of a list that may leave, or what hangs on them; to be counted."""
    return part_content(listing, part, user)[0] if part else listing.queryset.order_by().exportable()  # type: ignore[attr-defined]


def sentence_of_file(listing: CriteriaListing, part: str, user: User) -> str:
    """What leaves, in words: the rule of the list, or what belongs to no list."""
    exported = parts_for(user)[part] if part else None
    return str(exported.label) if exported is not None and exported.is_apart else listing.sentence


def content_of(export: ExportFile, user: User) -> tuple[Any, list[Column]]:
    """(rows, columns) of a file. Sensitive companies and their people are never among the rows."""
    listing = listing_of_query(export.subject, export.query, user)
    if export.part:
        return part_content(listing, export.part, user)
    rows: Any = listing.ordered()
    rows = listing.with_facts(rows).exportable() if listing.with_facts else rows.exportable()
    chosen = list(columns_for(listing.subject, user).values()) if export.layout == Layout.EXCHANGE else listing.columns
    first = [column for column in FIRST[Subject(export.subject)] if column.is_open_to(user)]
    return rows, [*first, *chosen]


def part_content(listing: CriteriaListing, part: str, user: User) -> tuple[Any, list[Column]]:
    """(rows, columns) of what hangs on the companies of a list."""
    exported = parts_for(user)[part]
    companies: Any = listing.queryset.order_by()
    rows = exported.rows(companies.exportable().values("pk"), user).order_by("pk")
    return rows, [column for column in exported.columns if column.is_open_to(user)]
