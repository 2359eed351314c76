"""Many new parts of cards at once, each as `add_establishment`, `add_market` and `add_role` would write it.

A fixed number of statements for a batch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record_each
from pavillon.directory.actions.establishments import SiretTaken, check_site
from pavillon.directory.actions.markets import MarketKnown
from pavillon.directory.models import Company, ContactRole, Establishment, Market


@transaction.atomic
def add_establishments(*, rows: Sequence[Mapping[str, Any]], by: User | None) -> list[Establishment]:
    """Add sites; `rows` are columns of `Establishment`, each with its company. In their order.

    Raises WrongNumber for a SIRET that is none or of another SIREN, SiretTaken when the base has one: none is written.
    """
    sites = []
    for row in rows:
        site = Establishment(**row)
        check_site(site)
        sites.append(site)
    sirets = [site.siret for site in sites if site.siret]
    known = Establishment.objects.filter(siret__in=sirets).select_related("company", "commune", "country").first()
    if known is not None:
        raise SiretTaken(known)
    Establishment.objects.bulk_create(sites)
    record_each(
        "directory.establishment_added", [((site, site.company), {}, {"place": site.place}) for site in sites], by=by
    )
    return sites


@transaction.atomic
def add_markets(*, rows: Sequence[Mapping[str, Any]], by: User | None) -> list[Market]:
    """Add markets; `rows` are columns of `Market`, each with its company. In their order.

    Raises MarketKnown when a company has one of them: none is written.
    """
    companies = sorted({row["company"].pk for row in rows})
    list(Company.objects.select_for_update(of=("self",)).filter(pk__in=companies).order_by("pk").values_list("pk"))
    known: set[tuple[int, str, str | None]] = set(
        Market.objects.filter(company__in=companies).values_list("company_id", "country_id", "sector_id")
    )
    markets = [Market(**row) for row in rows]
    for market in markets:
        place = (market.company_id, market.country_id, market.sector_id)
        if place in known:
            raise MarketKnown(str(market.country))
        known.add(place)
    Market.objects.bulk_create(markets)
    lines: list[Any] = [((one.company,), {}, {"market": str(one), "maturity": one.maturity}) for one in markets]
    record_each("directory.market_added", lines, by=by)
    return markets


@transaction.atomic
def add_roles(*, rows: Sequence[Mapping[str, Any]], by: User | None) -> list[ContactRole]:
    """Add further roles of people; `rows` are columns of `ContactRole`, none a main one. In their order."""
    roles = ContactRole.objects.bulk_create(ContactRole(**row, is_main=False) for row in rows)
    record_each("directory.role_added", [((one.contact, one.company), {}, {"role": str(one)}) for one in roles], by=by)
    return roles
