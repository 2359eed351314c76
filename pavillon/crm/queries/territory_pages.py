"""What the pages of territories show: the map, the balance, what a plan changes, the coverage before and after."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.crm.models import Territory, TerritoryArea, TerritoryChange
from pavillon.crm.models.territories import NO_SECTOR
from pavillon.crm.queries.territory_areas import HeldArea, held_areas, lies_in
from pavillon.crm.queries.territory_figures import (
    Balance,
    Figures,
    Holder,
    added_up,
    balance_in_one,
    balance_of,
    figures_of,
    holders_today,
)
from pavillon.crm.queries.territory_plans import NEW, Plan
from pavillon.directory.models import Company
from pavillon.reference.models import Commune, Department, Region, Sector
from pavillon.ui import steady, together
from pavillon.ui.charts import Group, Table, areas
from pavillon.ui.words import number

# Companies named in a preview and on the page of a change.
NAMED = 20
# Shared communes named under a map.
SHARED = 12


@dataclass(frozen=True)
class Places:
    """Whose territories one may look at and in which regions, and where somebody looks `usual`ly first."""

    organisations: list[Organisation]
    regions: list[Region]
    usual: dict[str, Any]


def places_of(user: User) -> Places:
    """Organisations that have territories and one's own, the regions, and one's own place among them; one statement."""
    standing = Territory.objects.in_force()
    own = user.acting.organisation_id if user.acting else 0
    told = together.ask(
        standing=standing.order_by("organisation", "region").values_list("organisation", "region").distinct(),
        organisations=Organisation.objects.filter(Q(pk__in=standing.values("organisation")) | Q(pk=own)),
        regions=Region.objects.inhabited(),
    )
    usual = _usual_place(user, told["standing"], told["regions"])
    return Places(told["organisations"], told["regions"], usual)


def _usual_place(user: User, standing: Sequence[tuple[int, str]], regions: Sequence[Region]) -> dict[str, Any]:
    """His organisation and region, else where there is something to see; `standing` are (organisation, region)."""
    own = user.organisation.pk if user.organisation else None
    place = user.region_id or (user.acting.covers_id if user.acting else None)
    first = next((one for one in standing if not place or one[1] == place), None)
    mine = next((one for one in standing if one[0] == own), None)
    return {
        "organisation": own if mine else first[0] if first else own,
        "region": place or (mine or first or [None, regions[0].pk])[1],
    }


def balance_today(organisation: Organisation, region: Region, held: Sequence[HeldArea] | None = None) -> Balance:
    """The territories of an organisation in a region as they are; one statement, two where the areas are known."""
    if held is None:
        return balance_in_one(organisation, region)
    figures, outside = figures_of(organisation, region, [one.area for one in held])
    by_key = added_up([str(one.territory) for one in held], figures)
    return balance_of(holders_today(organisation, region), by_key, outside)


def map_of(
    title: Any, region: Region, holders: Sequence[Holder], places: Sequence[tuple[str, str]], *, linked: bool = True
) -> SafeString | str:
    """The map of some territories; `places` are (commune, key of its territory). "" without coordinates.

    A commune that several share (by postal codes or sectors) bears the colours of all, in stripes, and is named below.
    """
    held: dict[str, dict[str, None]] = {}
    for commune, key in places:
        held.setdefault(commune, {})[key] = None
    communes = Commune.objects.filter(region=region, latitude__isnull=False, longitude__isnull=False)
    rows = list(communes.order_by("code").values_list("longitude", "latitude", "code", "department", "name"))
    points = [
        ((float(lon or 0), float(lat or 0)), tuple(held.get(code, ())), inside)
        for lon, lat, code, inside, _name in rows
    ]
    if not points:
        return ""
    counts = Counter(key for keys in held.values() for key in keys)
    groups = [Group(one.key, one.name, _url_of(one.key) if linked else "") for one in holders]
    numbers = {group.key: n for n, group in enumerate(groups, 1)}
    shared = [
        f"{name} ({', '.join(str(numbers[key]) for key in held[code] if key in numbers)})"
        for _lon, _lat, code, _inside, name in rows
        if len(held.get(code, ())) > 1
    ]
    table = Table(
        [_("Territory"), _("Communes")],
        [[f"{n}. {one.name}", number(counts[one.key])] for n, one in enumerate(holders, 1)],
    )
    return areas(title, points, groups, table, note=_shared_words(shared))


def _shared_words(shared: Sequence[str]) -> str:
    """Which communes are striped; the first ones when they are many."""
    if not shared:
        return ""
    told = _("Striped, shared by several territories: %(names)s.") % {"names": ", ".join(sorted(shared)[:SHARED])}
    if len(shared) > SHARED:
        told = f"{told} {_('And %(n)s more.') % {'n': number(len(shared) - SHARED)}}"
    return told


def _url_of(key: str) -> str:
    return Territory(pk=int(key)).get_absolute_url() if key != NEW else ""


def overview_of(organisation: Organisation, region: Region) -> dict[str, Any]:
    """The page of an organisation's territories in a region."""
    held = held_areas(organisation, region)
    balance = balance_today(organisation, region, held)
    holders = [line.holder for line in balance.lines]
    places = [(one.area.commune, str(one.territory)) for one in held]
    return {
        "organisation": organisation,
        "region": region,
        "balance": balance,
        "drawing": map_of(_("Territories"), region, holders, places) if holders else "",
    }


@dataclass(frozen=True)
class Compared:
    """One territory before and after a plan; None when it does not exist then."""

    holder: Holder
    before: Figures | None
    after: Figures | None
    is_new: bool = False

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def compared(plan: Plan) -> list[Compared]:
    """Territory by territory, those that end last."""
    before = {line.holder.key: line for line in plan.before.lines}
    after = {line.holder.key: line for line in plan.after.lines}
    lines = [
        Compared(line.holder, before[key].figures if key in before else None, line.figures, key == NEW)
        for key, line in after.items()
    ]
    return lines + [Compared(line.holder, line.figures, None) for key, line in before.items() if key not in after]


def preview_of(plan: Plan, user: User) -> dict[str, Any]:
    """What a plan would do, for its page: figures, map, companies that pass (those that the reader may see)."""
    numbers = [one.company for one in plan.passing]
    companies = Company.objects.visible_to(user).filter(pk__in=numbers[:1000]).select_related("commune")
    holders = [line.holder for line in plan.after.lines]
    places = [(area.commune, key) for area, _before, key in plan.places if key]
    return {
        "plan": plan,
        "lines": compared(plan),
        "companies": list(companies.order_by("match_name", "pk")[:NAMED]),
        "more": max(0, len(numbers) - NAMED),
        "drawing": map_of(_("Territories after the change"), plan.region, holders, places, linked=False),
    }


def companies_in(territory: Territory, companies: QuerySet[Company]) -> QuerySet[Company]:
    """Those of some companies that lie in a territory."""
    standing = companies.filter(region=territory.region_id, merged_into__isnull=True, closed_on__isnull=True)
    return standing.filter(lies_in([territory.pk]))


def territories_of(company: Company) -> list[Territory]:
    """The territories in which a company lies, one for an organisation at most; one statement."""
    if company.commune_id is None:
        return []
    return _territories_at(company.commune_id, company.postal_code, company.sector_id or NO_SECTOR)


def _lying_at(commune: str, postal_code: str, sector: str) -> QuerySet[Territory]:
    areas = TerritoryArea.objects.standing().filter(
        commune=commune, postal_code__in=["", postal_code], sector__in=["", sector]
    )
    rows = Territory.objects.in_force().filter(pk__in=areas.values("territory"))
    return rows.with_names().order_by("organisation__name", "pk")


_territories_at = steady.Form(_lying_at, ("a commune", "a code", "a sector"), ("another", "its code", "its sector"))


@dataclass(frozen=True)
class Part:
    """A department of a territory: how many of its communes belong to it, whole or in part."""

    department: Department
    communes: int


def parts_of(territory: Territory) -> dict[str, Any]:
    """What a territory is made of: departments with their communes, postal codes, sectors."""
    rows = territory.areas.standing().order_by("commune__department", "commune__name")
    found = list(rows.values_list("commune", "commune__name", "commune__department", "postal_code", "sector"))
    by_department: dict[str, set[str]] = {}
    for commune, _name, department, _postal, _sector in found:
        by_department.setdefault(department, set()).add(commune)
    departments = Department.objects.in_bulk(by_department)
    sectors = Sector.objects.in_bulk({row[4] for row in found if row[4] not in ("", NO_SECTOR)})
    return {
        "parts": [Part(departments[code], len(communes)) for code, communes in sorted(by_department.items())],
        "postal_codes": sorted({row[3] for row in found if row[3]}),
        "sectors": [str(one) for one in sectors.values()],
        "communes": len({row[0] for row in found}),
    }


def territory_facts(territory: Territory) -> dict[str, Any]:
    """The page of one territory: its figures among the others, its map, what it is made of."""
    held = held_areas(territory.organisation, territory.region)
    balance = balance_today(territory.organisation, territory.region, held)
    own = next((line for line in balance.lines if line.holder.key == str(territory.pk)), None)
    places = [(one.area.commune, str(one.territory)) for one in held if one.territory == territory.pk]
    holders = [own.holder] if own else []
    drawing = map_of(territory.name, territory.region, holders, places, linked=False) if holders else ""
    return {"territory": territory, "line": own, "balance": balance, "drawing": drawing, **parts_of(territory)}


def changes_of(changes: QuerySet[TerritoryChange], organisation: Organisation, region: Region) -> Any:
    return changes.filter(organisation=organisation, region=region).select_related(
        "decided_by", "undoes", "undone_by", "organisation", "region"
    )


def change_facts(change: TerritoryChange, user: User) -> dict[str, Any]:
    """The page of a change: its figures before and after, the companies that passed."""
    before = {line["key"]: line for line in change.before.get("lines", [])}
    after = {line["key"]: line for line in change.after.get("lines", [])}
    keys = [*after, *(key for key in before if key not in after)]
    people = User.objects.in_bulk({line["adviser"] for line in [*before.values(), *after.values()]})
    lines = [
        {
            "name": (after.get(key) or before[key])["name"],
            "adviser": people.get((after.get(key) or before[key])["adviser"]),
            "before": before.get(key),
            "after": after.get(key),
        }
        for key in keys
    ]
    moves = change.moves.filter(company__in=Company.objects.visible_to(user)).select_related(
        "company", "from_adviser", "to_adviser"
    )
    return {
        "change": change,
        "lines": lines,
        "moves": list(moves.order_by(F("company__match_name"), "pk")[:NAMED]),
        "moved": change.moves.count(),
    }
