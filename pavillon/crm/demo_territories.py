"""Territories of the demonstration: two at first, then the larger one split because its adviser could not cover it."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.enums import PortfolioChoice
from pavillon.crm.models import Territory
from pavillon.crm.queries.territory_areas import Choice
from pavillon.crm.queries.territory_plans import Asked, Handing
from pavillon.reference.models import Commune, Region

# (age in days, name, who, departments)
DRAWN = [(80, "Bretagne ouest", "erwan", ("29", "56")), (80, "Haute-Bretagne", "helene", ("22", "35"))]


def draw_territories(world: dict[str, Any], on_the_day: Callable[..., Any], moment: Callable[..., Any]) -> None:
    """Bruno draws them with nobody's portfolio changing, and splits one of them a month later."""
    region = Region.objects.filter(pk="53").first()
    chamber, bruno = world["organisations"]["cci_bretagne"], world["users"]["bruno"]
    if region is None or Territory.objects.exists() or not Commune.objects.filter(region=region).exists():
        return
    for age, name, who, departments in DRAWN:
        with on_the_day(moment(age)):
            actions.create_territory(
                organisation=chamber,
                region=region,
                asked=_asked(world["users"][who], name, choice=Choice(departments=departments)),
                reason="Premier découpage",
                by=bruno,
            )
    with on_the_day(moment(30)):
        actions.split_territory(
            territory=Territory.objects.get(name="Bretagne ouest"),
            asked=_asked(bruno, "Morbihan", choice=Choice(departments=("56",))),
            reason="Trop de comptes pour une seule personne : Bruno suit le Morbihan en attendant un renfort",
            by=bruno,
        )


def _asked(adviser: Any, name: str, *, choice: Choice) -> Asked:
    return Asked(Handing(adviser, None, timezone.localdate(), PortfolioChoice.NONE), choice, name=name)
