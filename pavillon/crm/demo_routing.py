"""The rules of the demonstration: the country's, those of a region, a version before, and a draft being prepared."""

from collections.abc import Callable
from typing import Any

from pavillon.crm import actions
from pavillon.crm.enums import Criterion
from pavillon.crm.models import RoutingVersion
from pavillon.directory.enums import ExportClass
from pavillon.reference.models import Country, Region


def write_rules(world: dict[str, Any], on_the_day: Callable[..., Any], moment: Callable[..., Any]) -> None:
    """Three months ago, as the story begins; the region added its second rule a month later."""
    if RoutingVersion.objects.exists():
        return
    places, users = world["organisations"], world["users"]
    henri, bruno = users["henri"], users["bruno"]
    countries = Country.objects.in_bulk(["JP", "KR", "DE"])
    bretagne = Region.objects.filter(pk="53").first()
    with on_the_day(moment(95)):
        national = actions.start_routing_draft(by=henri)
        _add(
            national,
            henri,
            name="Japon et Corée, entreprises qui exportent déjà",
            priority=20,
            country=[countries[code] for code in ("JP", "KR") if code in countries],
            export_class=ExportClass.REGULAR,
            organisation=places["agency"],
            adviser=users["yuki"],
            take_charge_hours=24,
        )
        _add(
            national,
            henri,
            name="Missions en Allemagne",
            priority=30,
            country=countries.get("DE"),
            kind="mission",
            organisation=places["partner"],
            adviser=users["lars"],
        )
        actions.activate_routing_draft(version=national, by=henri, note="Premières règles de l’équipe nationale")
    with on_the_day(moment(95)):
        regional = actions.start_routing_draft(region=bretagne, by=bruno)
        _add(
            regional,
            bruno,
            name="Financement en Bretagne",
            priority=10,
            region=bretagne,
            kind="financing",
            organisation=places["bank"],
        )
        actions.activate_routing_draft(version=regional, by=bruno, note="Les demandes de financement vont à la banque")
    with on_the_day(moment(92)):
        regional = actions.start_routing_draft(region=bretagne, by=bruno)
        _add(
            regional,
            bruno,
            name="Premiers pas à l’export en Bretagne",
            priority=40,
            region=bretagne,
            kind="request",
            origin="site",
            organisation=places["cci_bretagne"],
            adviser=users["helene"],
        )
        actions.activate_routing_draft(version=regional, by=bruno, note="Hélène accueille les nouveaux exportateurs")
    with on_the_day(moment(2)):
        draft = actions.start_routing_draft(region=bretagne, by=bruno)
        _add(
            draft,
            bruno,
            name="Suites des séminaires",
            priority=45,
            region=bretagne,
            origin="seminar",
            organisation=places["cci_bretagne"],
            adviser=users["erwan"],
            take_charge_hours=8,
        )
        _add(
            draft,
            bruno,
            name="Conseils à la chambre, sans débordement",
            priority=50,
            region=bretagne,
            kind="advice",
            organisation=places["cci_bretagne"],
            load_below=80,
        )


def _add(version: RoutingVersion, by: Any, **fields: Any) -> None:
    found = {name: fields.pop(name) for name in Criterion.values if name in fields}
    wanted = {name: value if isinstance(value, list) else [value] for name, value in found.items() if value}
    actions.create_routing_rule(version=version, by=by, wanted=wanted, **fields)
