"""The cells of a row as values of the base, or as reasons to refuse it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from pavillon.directory.enums import Family
from pavillon.directory.queries import WrongNumber, check_national_number, check_vat_number
from pavillon.intake.columns import TARGETS, BadValue, Known, Target
from pavillon.intake.columns.parsing import is_nothing, plain, read_code
from pavillon.intake.columns.targets import Cell
from pavillon.reference.models import Activity, Commune, Country, Sector, WorkforceBand

LANGUAGES = {
    "fr": ("francais", "french"), "en": ("anglais", "english"), "de": ("allemand", "german", "deutsch"),
    "es": ("espagnol", "spanish"), "it": ("italien", "italian"), "pt": ("portugais", "portuguese"),
    "ja": ("japonais", "japanese"), "zh": ("chinois", "chinese"), "ar": ("arabe", "arabic"),
    "nl": ("neerlandais", "dutch"), "pl": ("polonais", "polish"),
}  # fmt: skip


@dataclass
class Read:
    """A row read: what it says of a company, of a person, of a part and of itself, and what could not be read.

    `problems` refuse the row; `warnings` are cells left out of an otherwise good row: (column, message).
    """

    company: dict[str, Any] = field(default_factory=dict)
    contact: dict[str, Any] = field(default_factory=dict)
    part: dict[str, Any] = field(default_factory=dict)
    row: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_company(self) -> bool:
        return bool(self.company)

    @property
    def has_contact(self) -> bool:
        return bool(self.contact.get("last_name") or self.contact.get("email") or self.contact.get("key"))


class RowReader:
    """Reads rows under one mapping; the reference data are loaded once.

    `stands_for_company` is the column of a part that may say whose a row is when no company does.
    """

    def __init__(
        self,
        mapping: Mapping[str, Mapping[str, str]],
        targets: Mapping[str, Target] = TARGETS,
        stands_for_company: str = "",
    ) -> None:
        self.stands_for_company = stands_for_company
        self.targets = {
            name: targets[chosen["target"]] for name, chosen in mapping.items() if chosen.get("target") in targets
        }
        self.column_of = {target.key: name for name, target in self.targets.items()}
        self.country_column = self.column_of.get("company.country", "")

    @cached_property
    def known(self) -> Known:
        countries: dict[str, str] = {}
        for row in Country.objects.all():
            for name in (row.pk, row.alpha3, row.name_fr, row.name_en):
                countries.setdefault(plain(name), row.pk)
        activities = {plain(code): code for code in Activity.objects.filter(revision=2).values_list("code", flat=True)}
        activities |= {name.replace(" ", ""): code for name, code in activities.items()}
        sectors: dict[str, str] = {}
        for sector in Sector.objects.all():
            sectors |= {plain(name): sector.pk for name in (sector.pk, sector.name_fr, sector.name_en)}
        bands: dict[str, str] = {}
        for band in WorkforceBand.objects.all():
            bands |= {plain(name): band.pk for name in (band.pk, band.name_fr, band.name_en)}
        languages = {name: code for code, names in LANGUAGES.items() for name in (code, *names)}
        return Known(countries, activities, sectors, bands, languages)

    @cached_property
    def activity_keys(self) -> dict[str, Any]:
        return dict(Activity.objects.filter(revision=2).values_list("code", "pk"))

    def read(self, cells: Mapping[str, str]) -> Read:
        """A row as values. An identity that cannot be read refuses the row; another cell is left out, and said."""
        result = Read()
        country = self._country(cells)
        for name, target in self.targets.items():
            text = cells.get(name, "")
            if is_nothing(text):
                continue
            try:
                value = target.read(Cell(text, name, country, self.known))
            except BadValue as error:
                is_vital = target.is_identity or target.key == "company.name"
                (result.problems if is_vital else result.warnings).append((name, str(error)))
                continue
            getattr(result, target.subject)[target.column] = value
        self._complete(result, country)
        return result

    def _country(self, cells: Mapping[str, str]) -> str:
        if not plain(cells.get(self.country_column, "")):
            return "FR"
        try:
            return read_code(cells.get(self.country_column, ""), self.known.countries, "")
        except BadValue:
            return "FR"

    def _complete(self, read: Read, country: str) -> None:
        full = read.contact.pop("full_name", "")
        if full and not read.contact.get("last_name"):
            read.contact |= split_name(full)
        if read.part.get("siret"):
            read.company.setdefault("siren", read.part["siret"][:9])
        if read.company.get("siren") and read.company.get("family") == Family.FOREIGN:
            del read.company["family"]
            read.warnings.append((self.column_of["company.family"], _("A company with a SIREN is a French one.")))
        if "activity" in read.company:
            read.company["activity"] = self.activity_keys[read.company["activity"]]
        self._check_numbers(read, country)
        if not read.company and not read.contact and not read.part:
            read.problems.append(("", _("The row says nothing under the columns that were chosen.")))
        elif not read.problems and not self._names_a_company(read):
            read.problems.append(
                ("", _("The row names no company: give a SIREN, the partner's own number, or a name."))
            )

    def _check_numbers(self, read: Read, country: str) -> None:
        """Numbers in the form of the row's country: what the base would refuse is told at the rehearsal."""
        said = read.company
        for name in ("vat_number", "national_number"):
            if not said.get(name):
                continue
            try:
                if name == "vat_number":
                    said[name] = check_vat_number(said[name], country=country, siren=said.get("siren"))
                else:
                    said[name] = check_national_number(country, said[name])
            except WrongNumber as error:
                read.problems.append((self.column_of[f"company.{name}"], str(error)))

    def _names_a_company(self, read: Read) -> bool:
        if any(read.company.get(name) for name in ("siren", "key", "vat_number", "national_number", "name")):
            return True
        # A town or a country alone is that of whoever asks.
        read.company.clear()
        return bool(read.part.get(self.stands_for_company))


def told_of(column: str, message: str) -> str:
    """A problem or warning as a line of the report."""
    return f"{column}: {message}" if column else message


def split_name(full: str) -> dict[str, str]:
    """First and last name of one cell: "KERBRAT Léa", "Léa KERBRAT", "Kerbrat, Léa" or "Léa Kerbrat"."""
    if "," in full:
        last, _comma, first = full.partition(",")
        return {"last_name": last.strip(), "first_name": first.strip()}
    words = full.split()
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        return {
            "last_name": " ".join(capitals),
            "first_name": " ".join(word for word in words if word not in capitals),
        }
    return {"last_name": " ".join(words[1:]) or words[0], "first_name": words[0] if len(words) > 1 else ""}


def place_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The commune and region of a French town and postal code, when exactly one fits; nothing otherwise."""
    town, code = plain(str(values.get("town", ""))), str(values.get("postal_code", ""))
    if values.get("country", "FR") != "FR" or not code:
        return {}
    found = [
        row
        for row in Commune.objects.filter(postal_codes__contains=[code]).select_related("region")
        if not town or plain(row.name) == town or (len(town) >= 4 and plain(row.name).startswith(town))
    ]
    return {"commune": found[0], "region": found[0].region} if len(found) == 1 else {}
