"""Maps of France and of the world, shaded by amounts."""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.core import get_global
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pavillon.ui.charts.drawing import Table, figure, join, svg
from pavillon.ui.charts.shades import shade, shades_legend
from pavillon.ui.words import number, short_number

# Overseas regions, drawn in a row under the mainland: all are small islands or far away, none to scale.
OVERSEAS = ("01", "02", "03", "04", "06")


@lru_cache(maxsize=2)
def outlines(name: str) -> dict[str, Any]:
    """Places of the outlines of a map ("france" or "world"), made by the front-end build."""
    found = finders.find(f"build/maps/{name}.json") or staticfiles_storage.path(f"build/maps/{name}.json")
    path = Path(found)
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: make run and make test build the assets")
    return json.loads(path.read_text())


def france(
    title: Any,
    values: Mapping[str, float],
    names: Mapping[str, str],
    *,
    note: Any = "",
    url: Callable[[str], str] | None = None,
    level: int = 2,
) -> SafeString:
    """Values by region: INSEE codes to figures, INSEE codes to names; `url(code)` makes a region a link."""
    places = outlines("france")
    highest = max(values.values(), default=0)
    shapes, labels = [], []
    for code, place in places.items():
        value = values.get(code, 0)
        name = names.get(code, code)
        inset = OVERSEAS.index(code) if code in OVERSEAS else None
        shape = format_html(
            '<use class="region q{}" href="{}#r{}"{}><title>{}: {}</title></use>',
            shade(value, highest), static("build/maps/france.svg"), code, _inset(place, inset), name, number(value),
        )  # fmt: skip
        if url:
            shape = format_html('<a href="{}" aria-label="{}: {}">{}</a>', url(code), name, number(value), shape)
        shapes.append(shape)
        x, y = (place["x"], place["y"]) if inset is None else (90 + inset * 200, 1180)
        if value:
            labels.append(
                format_html(
                    '<text class="label{}" x="{}" y="{}" text-anchor="middle">{}</text>',
                    " on" if inset is None and shade(value, highest) > 3 else "",
                    x, round(y + 10, 1), short_number(value),
                )
            )  # fmt: skip
    said = _("%(title)s, map of the regions") % {"title": title}
    drawing = svg("map", 1010, 1210, said, join(shapes + labels), role="group" if url else "img")
    listed = sorted(values.items(), key=lambda item: -item[1])
    table = Table([_("Region"), _("Number")], [[names.get(code, code), number(v)] for code, v in listed])
    return figure(title, format_html("{}{}", drawing, shades_legend(highest)), table, note=note, level=level)


def _inset(place: Mapping[str, Any], position: int | None) -> SafeString | str:
    """Moves an overseas outline to its place in the row, 110 units high."""
    if position is None:
        return ""
    left, top, right, bottom = place["box"]
    scale = 110 / max(bottom - top, right - left)
    x = 90 + position * 200 - (left + right) / 2 * scale
    y = 1085 - (top + bottom) / 2 * scale
    return format_html(' transform="translate({} {}) scale({})"', round(x, 1), round(y, 1), round(scale, 3))


@lru_cache(maxsize=1)
def _numeric_codes() -> dict[str, str]:
    """ISO 3166-1 two-letter code to numeric code, from CLDR's list of aliases."""
    aliases = get_global("territory_aliases")
    # Some codes were withdrawn (249, France without its overseas): the one with an outline is today's.
    return {names[0]: code for code, names in aliases.items() if code in outlines("world")}


def world(
    title: Any, values: Mapping[str, float], names: Mapping[str, str], *, note: Any = "", level: int = 2
) -> SafeString:
    """Values by country: two-letter codes to figures and to names. The outlines stay in a file that browsers keep."""
    drawn = static("build/maps/world.svg")
    highest = max(values.values(), default=0)
    known = outlines("world")
    shapes = [format_html('<use class="country q0" href="{}#land"/>', drawn)]
    for code, value in values.items():
        numeric = _numeric_codes().get(code, "")
        if value and numeric in known:
            shapes.append(
                format_html(
                    '<use class="country q{}" href="{}#c{}"><title>{}: {}</title></use>',
                    shade(value, highest), drawn, numeric, names.get(code, code), number(value),
                )
            )  # fmt: skip
    drawing = svg("world", 1000, 440, _("%(title)s, map of the world") % {"title": title}, join(shapes))
    listed = sorted(values.items(), key=lambda item: -item[1])
    table = Table([_("Country"), _("Number")], [[names.get(code, code), number(v)] for code, v in listed])
    return figure(title, format_html("{}{}", drawing, shades_legend(highest)), table, note=note, level=level)
