"""What hangs on companies and leaves with them: sites, markets, roles; rooms above add what they own.

The stable names of the columns are those by which the same file is taken in again (`intake`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.models import User
from pavillon.directory.criteria import Column
from pavillon.directory.models import Company, Contact, ContactRole, Establishment, Market


@dataclass(frozen=True)
class PartExport:
    """One kind of rows of companies. `rows(companies, user)` are those of these companies that the person may see.

    `companies` are their keys as a subquery. `opens` says who may take them out at all. What `is_apart` belongs to no
    company, and leaves whatever the list.
    """

    key: str
    label: Any
    rows: Callable[[Any, User], QuerySet[Any]]
    columns: Sequence[Column]
    opens: Callable[[User], bool] | None = None
    is_apart: bool = False


_parts: dict[str, PartExport] = {}


def add_part(part: PartExport) -> None:
    """Let this leave with the companies of a list."""
    if part.key in _parts:
        raise ValueError(f"{part.key} leaves already")
    _parts[part.key] = part


def parts_for(user: User) -> dict[str, PartExport]:
    """What one person may take out, by key."""
    return {key: part for key, part in _parts.items() if part.opens is None or part.opens(user)}


def company_columns() -> list[Column]:
    """What says which company a row is of."""

    def of(name: str, label: Any, value: Callable[[Company], Any], governed: str) -> Column:
        return Column(
            name,
            label,
            lambda row: value(row.company) if row.company_id else "",
            governed=((Company, governed),) if governed else (),
        )

    return [
        of("company_siren", _("SIREN"), lambda c: c.siren or "", "siren"),
        of("company_vat_number", _("VAT number"), lambda c: c.vat_number, "vat_number"),
        of("company_national_number", _("National number"), lambda c: c.national_number, "national_number"),
        of("company_name", _("Company"), lambda c: c.name, "name"),
        of("company_postal_code", _("Postal code"), lambda c: c.postal_code, "address"),
        of("company_town", _("Town"), lambda c: c.commune.name if c.commune else c.town, "address"),
        of("company_country", _("Country"), lambda c: str(c.country), "address"),
    ]


def person_columns() -> list[Column]:
    """What says which person a row is of."""

    def of(name: str, label: Any, field: str) -> Column:
        value = lambda row: getattr(row.contact, field) if row.contact_id else ""  # noqa: E731
        return Column(f"person_{name}", label, value, governed=((Contact, field),))

    return [
        of("first_name", _("First name"), "first_name"),
        of("last_name", _("Last name"), "last_name"),
        of("email", _("E-mail"), "email"),
    ]


COMPANY = ("company__commune", "company__country")

SITES = PartExport(
    "sites",
    _("Their sites"),
    lambda companies, user: (
        Establishment.objects.visible_to(user)
        .filter(company__in=companies)
        .select_related(*COMPANY, "commune", "country", "activity", "workforce_band")
    ),
    [
        *company_columns(),
        Column("site_siret", _("SIRET"), lambda s: s.siret or ""),
        Column("site_name", _("Name"), lambda s: s.name),
        Column("site_is_head_office", _("Head office"), lambda s: s.is_head_office),
        Column("site_address", _("Address"), lambda s: s.address),
        Column("site_postal_code", _("Postal code"), lambda s: s.postal_code),
        Column("site_commune", _("Commune"), lambda s: s.commune_id or ""),
        Column("site_town", _("Town"), lambda s: s.town),
        Column("site_country", _("Country"), lambda s: str(s.country)),
        Column("site_activity", _("Activity code (NAF)"), lambda s: s.activity.code if s.activity else ""),
        Column("site_workforce_band", _("Headcount band"), lambda s: str(s.workforce_band or "")),
        Column("site_opened_on", _("Opened on"), lambda s: s.opened_on),
        Column("site_closed_on", _("Closed on"), lambda s: s.closed_on),
    ],
)
MARKETS = PartExport(
    "markets",
    _("Their markets"),
    lambda companies, user: (
        Market.objects.visible_to(user).filter(company__in=companies).select_related(*COMPANY, "country", "sector")
    ),
    [
        *company_columns(),
        Column("market_country", _("Country"), lambda m: str(m.country)),
        Column("market_sector", _("Sector"), lambda m: str(m.sector or "")),
        Column("market_maturity", _("Maturity"), lambda m: m.get_maturity_display()),
        Column("market_since", pgettext_lazy("of a market", "since"), lambda m: m.since),
        Column("market_note", _("Note"), lambda m: m.note),
    ],
)
ROLES = PartExport(
    "roles",
    _("Roles of their people"),
    lambda companies, user: ContactRole.objects.visible_to(user)
    .filter(company__in=companies, contact__merged_into=None)
    .filter(contact__in=Contact.objects.visible_to(user).exportable().values("pk"))
    .select_related(*COMPANY, "contact__company"),
    [
        *company_columns(),
        *person_columns(),
        Column(
            "person_main_siren", _("SIREN of the main company"), lambda r: r.contact.company.siren or "",
            governed=((Company, "siren"),),
        ),
        Column("person_main_company", _("Main company"), lambda r: r.contact.company.name),
        Column("role_function", _("Function"), lambda r: r.function, governed=((Contact, "job_title"),)),
        Column(
            "role_decides", _("Decides"), lambda r: r.is_decision_maker, governed=((Contact, "is_decision_maker"),)
        ),
        Column("role_is_main", _("Main role"), lambda r: r.is_main),
        Column("role_starts_on", pgettext_lazy("of a role", "since"), lambda r: r.starts_on),
        Column("role_ends_on", pgettext_lazy("of a role", "until"), lambda r: r.ends_on),
    ],
)  # fmt: skip
for _part in (SITES, MARKETS, ROLES):
    add_part(_part)
