"""What is done to the markets of a company."""

from datetime import date
from typing import Any

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.enums import Maturity
from pavillon.directory.models import Company, Market
from pavillon.reference.models import Country, Sector


class MarketKnown(Exception):
    """The company has this market already: change it instead."""


@transaction.atomic
def add_market(
    *,
    company: Company,
    country: Country,
    by: User | None,
    sector: Sector | None = None,
    maturity: Maturity = Maturity.CONSIDERED,
    since: date | None = None,
    note: str = "",
) -> Market:
    """Add a market of a company. Raises MarketKnown when it has this country for this sector."""
    Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if Market.objects.filter(company=company, country=country, sector=sector).exists():
        raise MarketKnown(str(country))
    market = Market.objects.create(
        company=company, country=country, sector=sector, maturity=maturity, since=since, note=note
    )
    record("directory.market_added", company, by=by, market=str(market), maturity=maturity)
    return market


@transaction.atomic
def change_market(*, market: Market, by: User | None, **fields: Any) -> Changes:
    """Change how far a company has come in a market, since when, or the note."""
    market = Market.objects.select_for_update(of=("self",)).select_related("company", "country").get(pk=market.pk)
    before = snapshot(market)
    for name, value in fields.items():
        setattr(market, name, value)
    changes = changes_since(before, market)
    if changes:
        market.save()
        record("directory.market_changed", market.company, by=by, changes=changes, market=str(market))
    return changes


@transaction.atomic
def remove_market(*, market: Market, by: User | None) -> None:
    """Take back a market that was entered by mistake; one that a company left is changed to "left"."""
    record("directory.market_removed", market.company, by=by, market=str(market), maturity=market.maturity)
    market.delete()
