"""Sites of companies by file."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pavillon.accounts.models import User
from pavillon.directory.actions import (
    RuledByRegister,
    SiretTaken,
    add_establishments,
    change_establishment,
    remove_establishment,
)
from pavillon.directory.models import Establishment
from pavillon.directory.queries import WrongNumber
from pavillon.intake.columns import parsing
from pavillon.intake.models.parts import Asked, Bringing, PartKind, code_of, date_of, part, text_of, yes_of
from pavillon.intake.queries.reading_rows import place_values
from pavillon.reference.models import Activity, Commune, Country, WorkforceBand


class Sites(PartKind):
    """A site is known by its SIRET; without one, by its company, name and town."""

    key = "sites"
    label = gettext_lazy("Sites of companies")
    model = Establishment
    compared = (
        "name", "is_head_office", "address", "postal_code", "commune", "town", "country", "activity",
        "workforce_band", "opened_on", "closed_on",
    )  # fmt: skip
    refusals = (SiretTaken, WrongNumber, RuledByRegister)
    columns = (
        part("siret", gettext_lazy("SIRET of the site"), lambda cell: parsing.read_siret(cell.text),
             ("site siret", "siret", "siret du site", "siret etablissement"), is_identity=True),
        part("name", gettext_lazy("name of the site"), text_of(250),
             ("site name", "nom du site", "nom etablissement", "etablissement", "site", "enseigne")),
        part("is_head_office", gettext_lazy("head office"), yes_of,
             ("site is head office", "siege", "est siege", "head office")),
        part("address", gettext_lazy("address of the site"), text_of(250),
             ("site address", "adresse du site", "adresse etablissement", "adresse", "address")),
        part("postal_code", gettext_lazy("postal code of the site"), text_of(12),
             ("site postal code", "code postal du site", "cp du site", "code postal", "cp")),
        part("commune", gettext_lazy("commune of the site (INSEE code)"), text_of(5),
             ("site commune", "code commune", "code insee", "insee", "commune insee")),
        part("town", gettext_lazy("town of the site"), text_of(120),
             ("site town", "ville du site", "ville etablissement", "ville", "commune")),
        part("country", gettext_lazy("country of the site"), code_of("countries", gettext_lazy("country")),
             ("site country", "pays du site", "pays etablissement")),
        part("activity", gettext_lazy("activity of the site (NAF code)"),
             code_of("activities", gettext_lazy("NAF code")),
             ("site activity", "activite du site", "naf du site", "ape du site", "naf", "ape")),
        part("workforce_band", gettext_lazy("headcount band of the site"),
             code_of("bands", gettext_lazy("headcount band")),
             ("site workforce band", "tranche d effectif du site", "tranche effectif")),
        part("opened_on", pgettext_lazy("of a site", "opened on"), date_of,
             ("site opened on", "ouvert le", "date d ouverture", "date creation")),
        part("closed_on", pgettext_lazy("of a site", "closed on"), date_of,
             ("site closed on", "ferme le", "date de fermeture", "date fermeture")),
    )  # fmt: skip

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        said = [one.values for one in asked]
        communes = Commune.objects.in_bulk([one["commune"] for one in said if "commune" in one])
        countries = Country.objects.in_bulk([one["country"] for one in said if "country" in one])
        bands = WorkforceBand.objects.in_bulk([one["workforce_band"] for one in said if "workforce_band" in one])
        codes = [one["activity"] for one in said if "activity" in one]
        activities = {one.code: one for one in Activity.objects.filter(revision=2, code__in=codes)}
        for one in asked:
            values = one.values
            for name, found in (("country", countries), ("workforce_band", bands), ("activity", activities)):
                if name in values:
                    values[name] = found[values[name]]
            self._place(one, communes)
            if not values.get("siret") and not values.get("name") and not values.get("town"):
                one.problem = _("A site needs a SIRET, a name or a town.")
            first, last = values.get("opened_on"), values.get("closed_on")
            if first and last and last < first:
                one.problem = _("The last day is before the first one.")

    def _place(self, one: Asked, communes: dict[Any, Commune]) -> None:
        """The commune that is named by its code, else the only one of this postal code and town."""
        values = one.values
        if "commune" in values:
            commune = communes.get(values["commune"])
            if commune is None:
                one.problem = _("“%(code)s” is the code of no commune.") % {"code": values["commune"]}
                return
            values |= {"commune": commune, "town": commune.name}
        elif "town" in values:
            country = values["country"].pk if "country" in values else "FR"
            found = place_values({"country": country, **{k: values.get(k, "") for k in ("postal_code", "town")}})
            if commune := found.get("commune"):
                values |= {"commune": commune, "town": commune.name}

    def mark(self, values: dict[str, Any]) -> Hashable:
        if values.get("siret"):
            return values["siret"]
        return (str(values.get("name", "")).casefold(), str(values.get("town", "")).casefold())

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        sirets = {one.values["siret"] for one in asked if one.values.get("siret")}
        rows = Establishment.objects.select_related("company", "commune", "country")
        by_siret = {row.siret: row for row in rows.filter(siret__in=sirets)}
        companies = {one.company.pk for one in asked if one.company and not one.values.get("siret")}
        by_name = {
            (row.company_id, row.name.casefold(), row.town.casefold()): row
            for row in rows.filter(company__in=companies, siret=None).order_by("-pk")
        }
        found: dict[int, Any] = {}
        for one in asked:
            assert one.company is not None
            name, town = (str(one.values.get(each, "")).casefold() for each in ("name", "town"))
            row = by_siret.get(one.values.get("siret", "")) or by_name.get((one.company.pk, name, town))
            if row is not None and row.company_id != one.company.pk:
                one.problem = str(SiretTaken(row))
            elif row is not None:
                found[one.line] = row
        return found

    def is_ruled(self, part: Any) -> str:
        told = _("The register rules this site: ask for a correction.")
        return told if part.is_from_register else ""

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        return add_establishments(rows=[{"company": one.company, **one.values} for one in asked], by=bringing.by)

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        change_establishment(establishment=part, by=bringing.by, siret=part.siret or "", **values)

    def remove(self, part: Any, by: User) -> None:
        remove_establishment(establishment=part, by=by)
