"""The layouts of the files that outside sources give, and what their rows mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pavillon.directory.enums import LegalStatus, PriorityZone, SourceKind
from pavillon.intake.columns import BadValue
from pavillon.intake.columns.parsing import is_nothing, plain, read_amount, read_date, read_text, read_year, unit_of
from pavillon.intake.enums import SignalKind

Cells = Mapping[str, str]


@dataclass(frozen=True)
class Fact:
    """One fact of a row: its number at the source, its day when the row says one, and the values for the card."""

    kind: SignalKind
    key: str
    facts: dict[str, Any]
    observed_on: date | None = None
    offers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Feed:
    """A kind of file: whose it is, by which right, its columns by their plain names, and how a row is read.

    `columns` are {our name: names of the column, plain}; those in `needed` must be there.
    """

    code: str
    name: str
    trust: int
    source_kind: SourceKind
    legal_status: LegalStatus
    columns: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    read: Callable[[Cells, Mapping[str, str]], list[Fact]]
    needs_approval: bool = False


SIREN = ("siren", "n siren", "numero siren", "siret", "siret siege")


def _patents(cells: Cells, _heads: Mapping[str, str]) -> list[Fact]:
    offices = sorted({office for office in plain(cells.get("offices", "")).upper().split() if len(office) == 2})
    facts = {"title": read_text(cells.get("title", ""), 300), "offices": offices}
    return [Fact(SignalKind.PATENT, read_text(cells["number"], 80), facts, read_date(cells["day"]))]


def _bank(cells: Cells, heads: Mapping[str, str]) -> list[Fact]:
    year = read_year(cells["year"])
    found = []
    if not is_nothing(cells.get("export_turnover", "")):
        amount = read_amount(cells["export_turnover"], unit_of(heads["export_turnover"]))
        facts = {"amount": str(amount), "year": year}
        offers = {"export_turnover": amount, "export_turnover_year": year}
        found.append(Fact(SignalKind.EXPORT_TURNOVER, str(year), facts, offers=offers))
    if not is_nothing(cells.get("product", "")):
        product = read_text(cells["product"], 120)
        found.append(Fact(SignalKind.FINANCE_PRODUCT, f"{year} {product}"[:80], {"product": product, "year": year}))
    if not found:
        raise BadValue(_("The row tells neither an export turnover nor a product."))
    return found


def _zones(cells: Cells, _heads: Mapping[str, str]) -> list[Fact]:
    known = {plain(name): zone for zone in PriorityZone for name in (zone.value, str(zone.label))} | {
        "zrr": PriorityZone.FRR
    }
    names = [name for name in cells["zone"].replace(",", ";").replace("/", ";").split(";") if not is_nothing(name)]
    unknown = [name.strip() for name in names if plain(name) not in known]
    if unknown:
        raise BadValue(
            _("“%(value)s” is no priority zone. Known are: %(zones)s.")
            % {"value": unknown[0], "zones": ", ".join(zone.value.upper() for zone in PriorityZone)}
        )
    zones = sorted({known[plain(name)].value for name in names})
    offers = {"priority_zones": zones} if zones else None
    return [Fact(SignalKind.ZONE, "zones", {"zones": zones}, offers=offers)]


def _customs(cells: Cells, heads: Mapping[str, str]) -> list[Fact]:
    year = read_year(cells["year"])
    amount = read_amount(cells["value"], unit_of(heads["value"]))
    country = read_text(cells.get("country", ""), 80)
    return [Fact(SignalKind.CUSTOMS, f"{year} {country}".strip(), {"amount": str(amount), "year": year})]


FEEDS: dict[str, Feed] = {
    "patents": Feed(
        "inpi",
        "INPI",
        75,
        SourceKind.SIGNAL,
        LegalStatus.OPEN,
        {
            "siren": SIREN,
            "number": ("publication", "numero de publication", "publication number", "brevet", "numero"),
            "day": ("date de depot", "depot", "filing date", "date", "date de publication"),
            "title": ("titre", "title", "intitule"),
            "offices": ("offices", "pays", "countries", "designations", "etats designes"),
        },
        frozenset({"siren", "number", "day"}),
        _patents,
    ),
    "bank": Feed(
        "bpifrance",
        "Bpifrance",
        75,
        SourceKind.PARTNER,
        LegalStatus.AGREEMENT,
        {
            "siren": SIREN,
            "year": ("annee", "exercice", "year"),
            "export_turnover": ("ca export", "chiffre d affaires export", "export turnover", "ca export k"),
            "product": ("produit", "product", "financement", "assurance"),
        },
        frozenset({"siren", "year"}),
        _bank,
    ),
    "zones": Feed(
        "cget",
        "CGET",
        85,
        SourceKind.STATE,
        LegalStatus.AGREEMENT,
        {"siren": SIREN, "zone": ("zone", "zones", "type de zone", "zonage", "priority zone")},
        frozenset({"siren", "zone"}),
        _zones,
    ),
    "customs": Feed(
        "douanes",
        "Douanes",
        85,
        SourceKind.STATE,
        LegalStatus.WAITING,
        {
            "siren": SIREN,
            "year": ("annee", "year"),
            "value": ("valeur", "value", "montant", "valeur export"),
            "country": ("pays", "country", "destination"),
        },
        frozenset({"siren", "year", "value"}),
        _customs,
        needs_approval=True,
    ),
}


def layouts() -> list[dict[str, Any]]:
    """What each file holds, for who prepares one: its columns by a usual name, those it must have first."""
    return [
        {
            "name": feed.name,
            "needed": [names[0] for ours, names in feed.columns.items() if ours in feed.needed],
            "more": [names[0] for ours, names in feed.columns.items() if ours not in feed.needed],
        }
        for feed in FEEDS.values()
    ]
