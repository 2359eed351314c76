"""A map made of points: each point's surroundings are coloured by the group that it belongs to.

No outline is loaded: the ground is cut into small squares, each takes its nearest point, and the edges between groups
are drawn. So a map of communes needs their coordinates and nothing else.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pavillon.ui.charts.drawing import Table, figure, join, svg

# Squares along the longer side, and the size of one in the drawing.
SQUARES = 150
UNIT = 5
# Colours of `charts.css` (t0 … t7); neighbours never share one as long as eight are enough.
COLOURS = 8

Cell = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Group:
    """What is coloured alike: its key, its name, the page that it opens."""

    key: str
    name: str
    url: str = ""


@lru_cache(maxsize=32)
def _ground(points: tuple[Point, ...]) -> tuple[int, int, dict[Cell, int]]:
    """(columns, rows, the nearest point of each square) of points given as (longitude, latitude)."""
    squeeze = math.cos(math.radians(sum(lat for _lon, lat in points) / len(points)))
    flat = [(lon * squeeze, -lat) for lon, lat in points]
    left, top = min(x for x, _y in flat), min(y for _x, y in flat)
    wide = max(x for x, _y in flat) - left
    high = max(y for _x, y in flat) - top
    # Around a point, as far as points lie from each other: beyond is the sea, or another region.
    reach = math.sqrt(max(wide * high, 0.0004) / len(points)) * 0.95
    size = (max(wide, high) + 2 * reach) / SQUARES
    places = [((x - left + reach) / size, (y - top + reach) / size) for x, y in flat]
    columns, rows = math.ceil((wide + 2 * reach) / size), math.ceil((high + 2 * reach) / size)
    return columns, rows, _nearest(places, columns, rows, reach / size)


def _nearest(places: Sequence[Point], columns: int, rows: int, reach: float) -> dict[Cell, int]:
    """Distances grow from each point over the squares around it; the nearest point keeps a square."""
    best: dict[Cell, tuple[float, int]] = {}
    for number, (px, py) in enumerate(places):
        for x in range(max(0, int(px - reach)), min(columns, int(px + reach) + 1)):
            for y in range(max(0, int(py - reach)), min(rows, int(py + reach) + 1)):
                distance = (x + 0.5 - px) ** 2 + (y + 0.5 - py) ** 2
                if distance <= reach * reach and ((x, y) not in best or distance < best[x, y][0]):
                    best[x, y] = (distance, number)
    return {cell: number for cell, (_distance, number) in best.items()}


def _outline(cells: set[Cell]) -> str:
    """The edge of some squares as a path through the middles of its steps, which takes the corners off."""
    steps: dict[Point, list[Point]] = {}
    for x, y in cells:
        for beside, start, end in (
            ((x, y - 1), (x, y), (x + 1, y)),
            ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
            ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
            ((x - 1, y), (x, y + 1), (x, y)),
        ):
            if beside not in cells:
                steps.setdefault(start, []).append(end)
    return "".join(_drawn(loop) for loop in _loops(steps))


def _loops(steps: dict[Point, list[Point]]) -> Iterator[list[Point]]:
    while steps:
        start = next(iter(steps))
        loop, here = [start], start
        while True:
            ends = steps[here]
            there = ends.pop()
            if not ends:
                del steps[here]
            if there == start:
                break
            loop.append(there)
            here = there
        yield loop


def _drawn(loop: list[Point]) -> str:
    middles = [
        ((x + nx) / 2 * UNIT, (y + ny) / 2 * UNIT) for (x, y), (nx, ny) in zip(loop, [*loop[1:], loop[0]], strict=True)
    ]
    kept = [
        here
        for before, here, after in zip([middles[-1], *middles[:-1]], middles, [*middles[1:], middles[0]], strict=True)
        if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])
    ]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z" if kept else ""


def _colours(owner: Mapping[Cell, str], keys: Sequence[str]) -> dict[str, int]:
    """A colour for each group, other than those of its neighbours."""
    beside: dict[str, set[str]] = {key: set() for key in keys}
    for (x, y), key in owner.items():
        for other in (owner.get((x + 1, y)), owner.get((x, y + 1))):
            if other and key and other != key:
                beside[key].add(other)
                beside[other].add(key)
    found: dict[str, int] = {}
    for place, key in enumerate(keys):
        used = {found[other] for other in beside[key] if other in found}
        wanted = [(place + n) % COLOURS for n in range(COLOURS)]
        found[key] = next((colour for colour in wanted if colour not in used), wanted[0])
    return found


def areas(
    title: Any,
    places: Sequence[tuple[Point, str | tuple[str, ...], str]],
    groups: Sequence[Group],
    table: Table,
    *,
    note: Any = "",
    level: int = 2,
) -> SafeString:
    """Places as ((longitude, latitude), key of the group or "", what it lies in: only its edge is drawn).

    A place of several groups names the key of each: it belongs to the first, and bears the colours of all in stripes.
    Groups are numbered on the map as in the legend, so that colours are not all that tells them apart.
    """
    columns, rows, nearest = _ground(tuple(point for point, _key, _around in places))
    known = {group.key for group in groups}
    holders = [_known(keys, known) for _point, keys, _around in places]
    owner = {cell: (holders[number] or ("",))[0] for cell, number in nearest.items()}
    shared: dict[tuple[str, ...], set[Cell]] = {}
    by_key: dict[str, set[Cell]] = {}
    around: dict[str, set[Cell]] = {}
    for cell, number in nearest.items():
        by_key.setdefault(owner[cell], set()).add(cell)
        around.setdefault(places[number][2], set()).add(cell)
        if len(holders[number]) > 1:
            shared.setdefault(holders[number], set()).add(cell)
    colours = _colours(owner, [group.key for group in groups])
    parts = [format_html('<path class="place none" d="{}"/>', _outline(by_key.get("", set())))]
    numbers = []
    for n, group in enumerate(groups, 1):
        cells = by_key.get(group.key, set())
        if cells:
            shape = format_html(
                '<path class="place t{}" d="{}"><title>{}. {}</title></path>',
                colours[group.key], _outline(cells), n, group.name,
            )  # fmt: skip
            linked = '<a href="{}" aria-label="{}. {}">{}</a>'
            parts.append(format_html(linked, group.url, n, group.name, shape) if group.url else shape)
            numbers.append(_number(n, cells))
    names = {group.key: f"{n}. {group.name}" for n, group in enumerate(groups, 1)}
    parts += [_striped(cells, keys, colours, names) for keys, cells in shared.items()]
    parts += [format_html('<path class="edge" d="{}"/>', _outline(cells)) for cells in around.values()]
    said = _("%(title)s, map") % {"title": title}
    has_links = any(group.url for group in groups)
    drawing = svg(
        "map areas", columns * UNIT, rows * UNIT, said, join(parts + numbers), role="group" if has_links else "img"
    )
    return figure(title, format_html("{}{}", drawing, _legend(groups, colours)), table, note=note, level=level)


def _known(keys: str | tuple[str, ...], known: set[str]) -> tuple[str, ...]:
    return tuple(key for key in ((keys,) if isinstance(keys, str) else keys) if key in known)


def _striped(cells: set[Cell], keys: Sequence[str], colours: Mapping[str, int], names: Mapping[str, str]) -> SafeString:
    """Some squares in slanting stripes, one colour for each group."""
    wide = 2 * UNIT
    mark = "stripes-" + "-".join(str(colours[key]) for key in keys)
    stripes = join(
        [
            format_html('<rect class="t{}" x="{}" width="{}" height="{}"/>', colours[key], n * wide, wide, wide)
            for n, key in enumerate(keys)
        ]
    )
    return format_html(
        '<pattern id="{}" width="{}" height="{}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        "{}</pattern>"
        '<path class="shared" fill="url(#{})" d="{}"><title>{}</title></path>',
        mark, wide * len(keys), wide, stripes, mark, _outline(cells), " + ".join(names[key] for key in keys),
    )  # fmt: skip


def _number(n: int, cells: set[Cell]) -> SafeString:
    """The group's number, on its square that lies nearest to its middle."""
    x, y = (sum(cell[side] for cell in cells) / len(cells) for side in (0, 1))
    near = min(cells, key=lambda cell: ((cell[0] - x) ** 2 + (cell[1] - y) ** 2, cell))
    middle, base = (near[0] + 0.5) * UNIT, (near[1] + 0.5) * UNIT
    return format_html('<text class="label" x="{}" y="{}" text-anchor="middle">{}</text>', middle, base + 9, n)


def _legend(groups: Sequence[Group], colours: Mapping[str, int]) -> SafeString:
    lines = [
        format_html('<li><i class="t{}"></i>{}. {}</li>', colours[group.key], n, group.name)
        for n, group in enumerate(groups, 1)
    ]
    return format_html('<ul class="maplegend" role="list">{}</ul>', join(lines))
