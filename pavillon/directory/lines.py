"""Lines of a list of the criteria language, drawn without a template: a page has some three hundred cells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext as _

from pavillon.core.policy import may_read, may_write, policy_of
from pavillon.directory.criteria import Column
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.listing import CriteriaListing
from pavillon.ui.templatetags.ui import badge, cell_text, field_link, icon, not_known, restricted, shown_value

Drawing = Callable[[Any], str]
# A number that stands for that of any record in an address.
ANY = 900_000_000_009
# The form of a cell takes the place of what the cell holds.
TARGET = 'hx-target="closest td"'


def draw_lines(listing: CriteriaListing, context: Any) -> SafeString:
    """The rows of a table's body: a box to tick, the record's name with its marks, and the chosen columns."""
    marks, link = MARKS[listing.subject], _linking(listing, context)
    tick = '<tr><td class="tick"><input type="checkbox" name="row" value="{}" form="bulk" aria-label="{}"></td>'
    select = escape(_("Select %(row)s"))
    cells = [_cell_of(listing, column) for column in listing.columns]
    lines = []
    for row in listing.rows:
        name = escape(str(row))
        lines += [
            tick.format(row.pk, select % {"row": name}),
            '<th scope="row">', link(row, name), *marks(row), "</th>",
        ]  # fmt: skip
        for cell in cells:
            lines += [cell.head, cell.edit_link(row, name) if cell.edit else "", cell.value(row), "</td>"]
        lines.append("</tr>\n")
    return mark_safe("".join(lines))  # noqa: S308  each part is escaped where it is made


def _linking(listing: CriteriaListing, context: Any) -> Callable[[Any, str], str]:
    """`field_link` of any record of the list, whose name is told in safe words: rights and address are one for all."""
    subject = listing.subject
    if policy_of(listing.user).has_owner_cells(subject) or not may_read(listing.user, subject, _name_of(subject)):
        return lambda row, _name: field_link(context, row)
    before, _number, behind = reverse(f"directory:{subject._meta.model_name}", args=[ANY]).partition(str(ANY))
    return lambda row, name: f'<a class="main" data-record href="{before}{row.pk}{behind}">{name}</a>'


def _name_of(subject: type[Model]) -> str:
    return "name" if subject is Company else "last_name"


@dataclass(frozen=True)
class _Cell:
    """A column as it is drawn on this page; `edit` are the words of the link that changes it, "" without one, and
    `sign` what it shows."""

    column: Column
    head: str
    value: Drawing
    edit: str
    # The address of that link, before and behind the number of the record.
    url: tuple[str, str]
    sign: str

    def edit_link(self, row: Any, name: str) -> str:
        """`name` is what the record is called, in safe words."""
        url = f"{self.url[0]}{row.pk}{self.url[1]}"
        words = self.edit % {"row": name}
        return f'<a class="cell-edit" href="{url}" hx-get="{url}" {TARGET} aria-label="{words}">{self.sign}</a>'


def _cell_of(listing: CriteriaListing, column: Column) -> _Cell:
    user, subject = listing.user, listing.subject
    edits = bool(column.edits) and listing.may_change and may_write(user, subject, column.edits)
    css = ' class="num"' if column.is_number else ""
    before, _number, behind = (
        reverse(f"directory:edit_{subject._meta.model_name}", args=[ANY, column.name]).partition(str(ANY))
        if edits
        else ("", "", "")
    )
    return _Cell(
        column,
        f'<td data-label="{conditional_escape(column.label)}"{css}>',
        _value_of(listing, column),
        _edit_words(column) if edits else "",
        (before, behind),
        icon("pencil") if edits else "",
    )


def _edit_words(column: Column) -> str:
    """Safe, with a blank for the record alone."""
    words = escape(_("Change %(label)s of %(row)s"))
    return words % {"label": escape(str(column.label)).replace("%", "%%"), "row": "%(row)s"}


def _value_of(listing: CriteriaListing, column: Column) -> Drawing:
    """How a column's value is drawn: a link, a field that the matrix governs, or a text."""
    read: Any = column.value
    if column.load is not None:
        read = _loaded(column.load(listing.rows, listing.user))
    if (link := column.link) is not None:
        return lambda row: _linked(link(row), read(row)) or _governed(listing, column, read)(row)
    return _governed(listing, column, read)


def _loaded(values: Mapping[int, Any]) -> Callable[[Any], Any]:
    return lambda row: values.get(row.pk)


def _governed(listing: CriteriaListing, column: Column, read: Callable[[Any], Any]) -> Drawing:
    name, user, subject = column.shown, listing.user, listing.subject
    if not name:
        return lambda row: _escaped(cell_text(read(row)) or "—")
    locked, missing = restricted(), not_known()
    shown = _shown(subject, name, missing)
    if policy_of(user).has_owner_cells(subject):
        return lambda row: shown(row) if may_read(user, row, name) else locked
    if not may_read(user, subject, name):
        return lambda row: locked
    return shown


def _shown(subject: type[Model], name: str, missing: str) -> Drawing:
    """A field's value in safe words. What is one of few things, a choice or another record, is told once a page."""
    field = next((each for each in subject._meta.concrete_fields if each.name == name), None)
    if field is None or not (field.choices or field.is_relation):
        return lambda row: _escaped(shown_value(row, name) or missing)
    told: dict[Any, str] = {}

    def tell(row: Any) -> str:
        value = getattr(row, field.attname)
        if (words := told.get(value)) is None:
            words = told[value] = _escaped(shown_value(row, name) or missing)
        return words

    return tell


def _linked(url: str, value: Any) -> str:
    return f'<a href="{escape(url)}">{_escaped(cell_text(value))}</a>' if url else ""


def _escaped(value: str) -> str:
    return value if isinstance(value, SafeData) else escape(value)


def _company_marks(row: Company) -> list[str]:
    marks = []
    if row.is_sensitive:
        marks += [" ", badge(_("sensitive"), "warn", "lock")]
    if row.is_accompanied:
        marks += [" ", badge(_("accompanied"), "brand")]
    if row.closed_on:
        marks += [" ", badge(_("closed"), "bad")]
    return marks


def _contact_marks(row: Contact) -> list[str]:
    return [" ", badge(_("decides"), "brand")] if row.is_decision_maker else []


# What a line says beside the name of its record.
MARKS: dict[type[Model], Callable[[Any], list[str]]] = {Company: _company_marks, Contact: _contact_marks}
