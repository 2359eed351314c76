"""Markets of companies by file: country, sector, maturity."""

from collections.abc import Hashable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pavillon.accounts.models import User
from pavillon.directory.actions import MarketKnown, add_markets, change_market, remove_market
from pavillon.directory.enums import Maturity
from pavillon.directory.models import Market
from pavillon.intake.models.parts import Asked, Bringing, PartKind, choice_of, code_of, date_of, part, text_of
from pavillon.reference.models import Country, Sector


class Markets(PartKind):
    """A market is known by its company, its country and its sector."""

    key = "markets"
    label = gettext_lazy("Markets of companies")
    model = Market
    compared = ("maturity", "since", "note")
    refusals = (MarketKnown,)
    columns = (
        part("country", gettext_lazy("country of the market"), code_of("countries", gettext_lazy("country")),
             ("market country", "pays du marche", "marche", "pays vise", "pays cible", "market"), is_identity=True),
        part("sector", gettext_lazy("sector of the market"), code_of("sectors", gettext_lazy("sector")),
             ("market sector", "secteur du marche", "secteur", "sector", "filiere"), is_identity=True),
        part("maturity", gettext_lazy("maturity"), choice_of(Maturity),
             ("market maturity", "maturite", "maturity", "avancement", "niveau")),
        part("since", pgettext_lazy("of a market", "since"), date_of, ("market since", "depuis", "since", "depuis le")),
        part("note", pgettext_lazy("of a market", "note"), text_of(200),
             ("market note", "note", "remarque", "commentaire")),
    )  # fmt: skip

    def complete(self, asked: Sequence[Asked], bringing: Bringing) -> None:
        countries = Country.objects.in_bulk([one.values["country"] for one in asked if "country" in one.values])
        sectors = Sector.objects.in_bulk([one.values["sector"] for one in asked if "sector" in one.values])
        for one in asked:
            one.values["country"] = countries.get(one.values.get("country", ""))
            one.values["sector"] = sectors.get(one.values.get("sector", ""))
            if one.values["country"] is None:
                one.problem = _("The row names no country: a market needs one.")
            elif one.values["country"].pk == "FR":
                one.problem = _("A market is abroad: France is none.")

    def mark(self, values: dict[str, Any]) -> Hashable:
        return str(values.get("country", "")), str(values.get("sector") or "")

    def known(self, asked: Sequence[Asked]) -> dict[int, Any]:
        companies = {one.company.pk for one in asked if one.company}
        rows = Market.objects.filter(company__in=companies).select_related("company", "country", "sector")
        by_place = {(row.company_id, row.country_id, row.sector_id): row for row in rows}
        found = {one.line: by_place.get(_place(one)) for one in asked}
        return {line: row for line, row in found.items() if row is not None}

    def add(self, asked: Sequence[Asked], bringing: Bringing) -> list[Any]:
        return add_markets(rows=[{"company": one.company, **one.values} for one in asked], by=bringing.by)

    def change(self, part: Any, values: dict[str, Any], bringing: Bringing) -> None:
        change_market(market=part, by=bringing.by, **values)

    def remove(self, part: Any, by: User) -> None:
        remove_market(market=part, by=by)


def _place(one: Asked) -> tuple[Any, Any, Any]:
    assert one.company is not None
    sector = one.values["sector"]
    return one.company.pk, one.values["country"].pk, sector.pk if sector else None
