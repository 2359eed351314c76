"""The list of campaigns beside each other: what it is sorted by, and its workbook."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.campaigns.queries.returns import Figures, Told, decimal_of
from pavillon.ui.exports import Column

# In a workbook a share stands with more places than on a page.
PLACES = Decimal("0.000001")

SORTS: dict[str, Sequence[Any]] = {
    "newest": ["-starts_on"],
    "name": ["name"],
    "organisation": ["organisation__name"],
}


def _known(told: Told | None) -> Fraction:
    return told.exact if told is not None else Fraction(-1)


# What is no column of the table. Amounts of several currencies stand apart: they are not compared.
FIGURES: dict[str, Callable[[Figures], Any]] = {
    "cost": lambda one: (one.campaign.currency, one.cost.spent if one.cost.spent is not None else Decimal(-1)),
    "requests": lambda one: one.requests.exact,
    "orders": lambda one: one.orders.exact,
    "per_request": lambda one: (one.campaign.currency, _known(one.cost_per_request)),
    "value": lambda one: _known(one.value_per_unit),
}


def sorts_of(lines: Sequence[Figures], sort: str) -> dict[str, Sequence[Any]]:
    """The sorts of the list; that of a figure by the place of each campaign among all of them."""
    wanted = sort.lstrip("-")
    figure = FIGURES.get(wanted)
    placed: Sequence[Any] = ["-starts_on"]
    if figure is not None:
        keys = [one.campaign.pk for one in sorted(lines, key=figure)]
        known = Value(keys, output_field=ArrayField(IntegerField()))
        placed = [Func(known, F("pk"), function="array_position", output_field=IntegerField())]
    return {**SORTS, **{name: ["-starts_on"] for name in FIGURES}, **({wanted: placed} if figure else {})}


def _cell(told: Told | None) -> Decimal | None:
    return decimal_of(told.exact, PLACES) if told is not None else None


def _amounts(found: list[tuple[str, Told]]) -> str:
    return "; ".join(f"{decimal_of(told.exact, PLACES).normalize():f} {currency}" for currency, told in found)


def columns_of(lines: dict[int, Figures], reads_money: bool) -> list[Column]:
    """The columns of the workbook, each figure from the campaign's line; those of money for who reads it."""

    def figure(label: Any, value: Callable[[Figures], Any]) -> Column:
        return Column(label, lambda campaign: value(lines[campaign.pk]))

    costs = [
        figure(pgettext_lazy("money", "Planned"), lambda one: one.cost.planned),
        figure(pgettext_lazy("money", "Spent"), lambda one: one.cost.spent),
        figure(_("Lines without an amount spent"), lambda one: one.cost.untold),
    ]
    returns = [
        figure(_("Cost of a request"), lambda one: _cell(one.cost_per_request)),
        figure(_("Cost of an order"), lambda one: _cell(one.cost_per_order)),
        figure(_("Attested value for 1 spent"), lambda one: _cell(one.value_per_unit)),
    ]
    return [
        Column(_("Campaign"), lambda campaign: campaign.name),
        Column(_("Code"), lambda campaign: campaign.code),
        Column(_("Organisation"), lambda campaign: str(campaign.organisation)),
        Column(_("Region"), lambda campaign: str(campaign.region or "")),
        Column(pgettext_lazy("day", "From"), lambda campaign: campaign.starts_on),
        Column(pgettext_lazy("day", "To"), lambda campaign: campaign.ends_on),
        Column(pgettext_lazy("campaign", "Step"), lambda campaign: str(campaign.phase.label)),
        Column(pgettext_lazy("money", "Currency"), lambda campaign: campaign.currency),
        *(costs if reads_money else []),
        figure(_("Credit"), lambda one: one.label),
        figure(_("Requests"), lambda one: _cell(one.requests)),
        figure(_("Orders"), lambda one: _cell(one.orders)),
        figure(_("Amount of orders without tax"), lambda one: _amounts(one.order_amounts)),
        figure(_("Export flows"), lambda one: _cell(one.flows)),
        figure(_("Amount of export flows"), lambda one: _amounts(one.flow_amounts)),
        *(returns if reads_money else []),
    ]
