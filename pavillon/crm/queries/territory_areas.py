"""Places as sets: what a choice of departments, communes, postal codes and sectors means in a region."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from pavillon.accounts.models import Organisation
from pavillon.crm.models import Territory, TerritoryArea
from pavillon.crm.models.territories import NO_SECTOR
from pavillon.directory.queries import plain
from pavillon.reference.models import Commune, Region, Sector


class Area(NamedTuple):
    """A place as `TerritoryArea` keeps it: "" is every postal code of the commune, "" every sector."""

    commune: str
    postal_code: str = ""
    sector: str = ""

    def meets(self, other: "Area") -> bool:
        """Whether a company could lie in both."""
        return (
            self.commune == other.commune
            and (not self.postal_code or not other.postal_code or self.postal_code == other.postal_code)
            and (not self.sector or not other.sector or self.sector == other.sector)
        )


class HeldArea(NamedTuple):
    """An area with its row and the territory that holds it."""

    row: int
    territory: int
    area: Area


@dataclass(frozen=True)
class Ground:
    """The communes of a region: what a choice of places is read against; one statement."""

    region: Region
    communes: dict[str, Commune]
    sectors: list[str] = field(default_factory=list)

    def by_postal_code(self, area: Area) -> list[Area]:
        """The same place with one area a postal code, when it has several."""
        known = sorted(self.communes[area.commune].postal_codes)
        if area.postal_code or len(known) < 2:
            return [area]
        return [Area(area.commune, postal, area.sector) for postal in known]

    def by_sector(self, area: Area) -> list[Area]:
        """The same place with one area a sector, and one for companies that belong to none."""
        every = [*self.sectors, NO_SECTOR]
        return [area] if area.sector else [Area(area.commune, area.postal_code, one) for one in every]


def ground_of(region: Region) -> Ground:
    communes = Commune.objects.filter(region=region).order_by()
    sectors = Sector.objects.order_by("pk").values_list("pk", flat=True)
    return Ground(region, {one.code: one for one in communes}, list(sectors))


@dataclass(frozen=True)
class Choice:
    """Places that somebody chose: whole departments, communes, beginnings of postal codes; of them some sectors.

    Without any place, all of them; without any sector, every company.
    """

    departments: Collection[str] = ()
    communes: Collection[str] = ()
    postal_codes: Collection[str] = ()
    sectors: Collection[str] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.departments or self.communes or self.postal_codes or self.sectors)

    def has(self, commune: Commune) -> bool:
        """Whether the whole commune was chosen by its name or its department."""
        everywhere = not (self.departments or self.communes or self.postal_codes)
        return everywhere or commune.department_id in self.departments or commune.code in self.communes

    def has_postal_code(self, code: str) -> bool:
        return any(code.startswith(each) for each in self.postal_codes)


def cut(areas: Iterable[Area], choice: Choice, ground: Ground) -> dict[Area, tuple[list[Area], list[Area]]]:
    """{area: (its parts that were chosen, those that were not)} of the areas that a choice touches.

    An area that is chosen whole stays whole; another is cut by postal codes, by sectors, as far as it takes.
    """
    found = {}
    for area in areas:
        taken, left = _cut_places(area, choice, ground)
        if choice.sectors:
            by_sector = [one for place in taken for one in ground.by_sector(place)]
            chosen = [one for one in by_sector if one.sector in choice.sectors]
            if chosen:
                left = left + [one for one in by_sector if one.sector not in choice.sectors]
            taken = chosen
        if taken:
            found[area] = (taken, left)
    return found


def _cut_places(area: Area, choice: Choice, ground: Ground) -> tuple[list[Area], list[Area]]:
    commune = ground.communes.get(area.commune)
    if commune is None:
        return [], []
    if choice.has(commune):
        return [area], []
    parts = [area] if area.postal_code else ground.by_postal_code(area)
    known = commune.postal_codes
    taken = [
        part
        for part in parts
        if (choice.has_postal_code(part.postal_code) if part.postal_code else _is_within(known, choice))
    ]
    if len(taken) == len(parts):
        return [area], []
    return taken, [part for part in parts if part not in taken]


def _is_within(known: Sequence[str], choice: Choice) -> bool:
    return any(choice.has_postal_code(code) for code in known)


def chosen_in(ground: Ground, choice: Choice) -> list[Area]:
    """The areas that a choice means in a region."""
    everything = [Area(code) for code in sorted(ground.communes)]
    return [part for taken, _left in cut(everything, choice, ground).values() for part in taken]


def free_of(areas: Iterable[Area], held: Iterable[Area], ground: Ground) -> list[Area]:
    """What of these areas nobody holds; an area that is held in part is cut."""
    by_commune: dict[str, list[Area]] = {}
    for one in held:
        by_commune.setdefault(one.commune, []).append(one)
    return [part for area in areas for part in _free_parts(area, by_commune.get(area.commune, []), ground)]


def _free_parts(area: Area, near: list[Area], ground: Ground) -> list[Area]:
    if not any(area.meets(one) for one in near):
        return [area]
    places = ground.by_postal_code(area) if any(one.postal_code for one in near) else [area]
    free = []
    for place in places:
        held = [one for one in near if place.meets(one)]
        parts = ground.by_sector(place) if held else [place]
        free += [part for part in parts if not any(part.meets(one) for one in held)]
    return free


def held_areas(organisation: Organisation, region: Region) -> list[HeldArea]:
    """Who holds what today in an organisation's part of a region; one statement."""
    rows = (
        TerritoryArea.objects.standing()
        .filter(organisation=organisation, territory__region=region)
        .order_by("commune", "postal_code", "sector")
        .values_list("pk", "territory", "commune", "postal_code", "sector")
    )
    return [HeldArea(row, territory, Area(*place)) for row, territory, *place in rows]


@dataclass(frozen=True)
class Understood:
    """Communes that a text names by code or name, and words that name none."""

    communes: list[str]
    unknown: list[str]


def communes_in_text(text: str, ground: Ground) -> Understood:
    """Codes and names between commas or on lines; a name that two communes bear means both."""
    by_name: dict[str, list[str]] = {}
    for commune in ground.communes.values():
        by_name.setdefault(plain(commune.name), []).append(commune.code)
    found, unknown = [], []
    for word in (part.strip() for part in text.replace("\n", ",").replace(";", ",").split(",")):
        if not word:
            continue
        codes = [word.upper()] if word.upper() in ground.communes else by_name.get(plain(word), [])
        found += codes
        unknown += [] if codes else [word]
    return Understood(found, unknown)


def lies_in(territories: Iterable[object], prefix: str = "") -> Q:
    """The condition that a company lies in one of some territories, by their numbers; `prefix` leads to the company."""
    areas = TerritoryArea.objects.standing().filter(territory__in=list(territories))
    whole = Q(postal_code="", sector="")
    shared = areas.exclude(whole).filter(
        Q(postal_code="") | Q(postal_code=OuterRef(f"{prefix}postal_code")),
        Q(sector="") | Q(sector=Coalesce(OuterRef(f"{prefix}sector"), Value(NO_SECTOR))),
        commune=OuterRef(f"{prefix}commune"),
    )
    return Q(**{f"{prefix}commune__in": areas.filter(whole).values("commune")}) | Q(Exists(shared))


def territories_in_force(organisation: Organisation, region: Region) -> QuerySet[Territory]:
    rows = Territory.objects.in_force().filter(organisation=organisation, region=region)
    return rows.with_names().order_by("name", "pk")
