"""Charts drawn on the server as SVG: no script, dark mode and print by classes, a table beside each.

Every function returns a `<figure class="chart">` as safe HTML; put it in the context and print it. A chart exists
in two widths and the style sheet shows the one that fits, so that letters never shrink with the drawing.
Figures are shown as they are; only the labels of axes are shortened.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel.core import get_global
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pavillon.ui.words import number, percent, short_number

# Overseas regions, drawn in a row under the mainland: all are small islands or far away, none to scale.
OVERSEAS = ("01", "02", "03", "04", "06")


@dataclass(frozen=True)
class Series:
    """One line of a chart: a name and a value for each label; None leaves a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Table:
    """The same figures as text."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def _figure(
    title: Any, drawing: SafeString, table: Table, *, note: Any = "", legend: Any = "", level: int = 2
) -> SafeString:
    context = {"title": title, "drawing": drawing, "table": table, "note": note, "legend": legend, "level": level}
    return mark_safe(render_to_string("ui/_chart.html", context))  # noqa: S308


def _svg(css: str, width: float, height: float, label: str, body: SafeString, *, role: str = "img") -> SafeString:
    return format_html(
        '<svg class="plot {}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        css,
        width,
        height,
        role,
        label,
        body,
    )


def _join(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


# Width of a letter on an axis, generously.
LETTER = 8


def ticks(highest: float, most: int = 5) -> list[float]:
    """Round steps from 0 to above `highest`: 0, 50, 100, 150 …"""
    if highest <= 0:
        return [0, 1]
    magnitude = 10.0 ** (len(str(int(highest))) - 1) if highest >= 1 else 0.1
    step = next(s for s in (magnitude * f for f in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10)) if highest / s <= most)
    step = max(step, 1) if highest >= 1 else step
    count = -(-highest // step)
    return [step * i for i in range(int(count) + 1)]


# Lines ---------------------------------------------------------------------------------------------------------------


def line(title: Any, labels: Sequence[str], series: Sequence[Series], *, note: Any = "", level: int = 2) -> SafeString:
    """Values over time; the first series is filled, the second dashed (a comparison)."""
    said = _("%(title)s, line chart") % {"title": title}
    drawing = _join(
        [
            _line(said, labels, series, "wide", width=680, height=290, most_labels=13),
            _line(said, labels, series, "narrow", width=340, height=240, most_labels=5),
        ]
    )
    legend = (
        format_html(
            '<ul class="legend">{}</ul>',
            format_html_join("", '<li><i class="s{}"></i>{}</li>', ((k, s.name) for k, s in enumerate(series))),
        )
        if len(series) > 1
        else ""
    )
    rows = [[label, *(_value(s.values[i]) for s in series)] for i, label in enumerate(labels)]
    return _figure(
        title, drawing, Table([_("Period"), *(s.name for s in series)], rows), note=note, legend=legend, level=level
    )


def _value(value: float | None) -> str:
    return "–" if value is None else number(value)


def _line(
    said: str, labels: Sequence[str], series: Sequence[Series], css: str, *, width: int, height: int, most_labels: int
) -> SafeString:
    room = (max(map(len, labels), default=0) + 1) * LETTER
    left, right, top, bottom = 46, max(14, room // 2), 12, 28
    marks = ticks(max((v for s in series for v in s.values if v is not None), default=0))
    span = max(len(labels) - 1, 1)

    def x(i: int) -> float:
        return round(left + i * (width - left - right) / span, 1)

    def y(value: float) -> float:
        return round(top + (height - top - bottom) * (1 - value / marks[-1]), 1)

    parts = [
        format_html(
            '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
            left, width - right, y(m), y(m), left - 8, y(m) + 4, short_number(m),
        )
        for m in marks
    ]  # fmt: skip
    # As many labels as find room beside each other, counted from the end: the latest period always has its own.
    every = -(-len(labels) // max(1, min(most_labels, (width - left - right) // room)))
    parts += [
        format_html('<text x="{}" y="{}" text-anchor="middle">{}</text>', x(i), height - 7, label)
        for i, label in enumerate(labels)
        if (len(labels) - 1 - i) % every == 0
    ]
    for run in _runs(series[0].values) if series else []:
        points = " ".join(f"{x(i)},{y(v)}" for i, v in run)
        parts.append(
            format_html(
                '<polygon class="area" points="{},{} {} {},{}"/>', x(run[0][0]), y(0), points, x(run[-1][0]), y(0)
            )
        )
    for k, one in reversed(list(enumerate(series))):
        for run in _runs(one.values):
            points = " ".join(f"{x(i)},{y(v)}" for i, v in run)
            parts.append(format_html('<polyline class="line s{}" points="{}"/>', k, points))
        if k == 0:
            known = [(i, v) for i, v in enumerate(one.values) if v is not None]
            parts += [
                format_html(
                    '<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}, {}: {}</title></circle>',
                    "dot" if (i, v) == known[-1] else "hit", x(i), y(v), 4 if (i, v) == known[-1] else 7,
                    one.name, labels[i], number(v),
                )
                for i, v in known
            ]  # fmt: skip
    return _svg(css, width, height, said, _join(parts))


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((i, value))
    return [run for run in runs if run]


def sparkline(values: Sequence[float], label: str) -> SafeString:
    """A line without axes, beside a figure that says what it is. `label` tells the trend in words."""
    highest = max(values, default=0) or 1
    points = [
        (round(3 + i * 94 / max(len(values) - 1, 1), 1), round(27 - 24 * v / highest, 1)) for i, v in enumerate(values)
    ]
    if not points:
        return mark_safe("")
    path = " ".join(f"{x},{y}" for x, y in points)
    return format_html(
        '<svg class="spark" viewBox="0 0 100 30" role="img" aria-label="{}">'
        '<polygon class="area" points="{},30 {} {},30"/>'
        '<polyline class="line" points="{}"/><circle class="dot" cx="{}" cy="{}" r="2.500"/></svg>',
        label, points[0][0], path, points[-1][0], path, *points[-1],
    )  # fmt: skip


# Bars ----------------------------------------------------------------------------------------------------------------


def bars(
    title: Any,
    rows: Sequence[tuple[str, float]],
    *,
    note: Any = "",
    unit: Any = "",
    urls: Mapping[str, str] | None = None,
    level: int = 2,
    full: float = 0,
) -> SafeString:
    """Horizontal bars, one a row; a row with an address in `urls` opens the list that it counts.

    `full` is the value of a whole bar (100 for a score out of 100); without it, the highest row fills its line.
    """
    drawing = _bars(_("%(title)s, bar chart") % {"title": title}, rows, urls or {}, rates=False, full=full)
    table = Table([_("Item"), str(unit) or _("Number")], [[name, number(v)] for name, v in rows])
    return _figure(title, drawing, table, note=note, level=level)


def funnel(
    title: Any,
    steps: Sequence[tuple[str, int]],
    *,
    note: Any = "",
    urls: Mapping[str, str] | None = None,
    level: int = 2,
) -> SafeString:
    """Steps that narrow, with the share that passed from the step above."""
    drawing = _bars(_("%(title)s, funnel") % {"title": title}, steps, urls or {}, rates=True)
    rates = ["", *(percent(b / a) if a else "–" for (_n, a), (_m, b) in pairwise(steps))]
    table = Table(
        [_("Step"), _("Number"), _("Passed from the step above")],
        [[name, number(v), rate] for (name, v), rate in zip(steps, rates, strict=True)],
    )
    return _figure(title, drawing, table, note=note, level=level)


def _bars(
    said: str, rows: Sequence[tuple[str, float]], urls: Mapping[str, str], *, rates: bool, full: float = 0
) -> SafeString:
    return _join(
        [
            _bar_rows(said, rows, urls, "wide", width=640, name_width=170, rates=rates, stacked=False, full=full),
            _bar_rows(said, rows, urls, "narrow", width=340, name_width=0, rates=rates, stacked=True, full=full),
        ]
    )


def _bar_rows(
    said: str,
    rows: Sequence[tuple[str, float]],
    urls: Mapping[str, str],
    css: str,
    *,
    width: int,
    name_width: int,
    rates: bool,
    stacked: bool,
    full: float,
) -> SafeString:
    """One row a bar; when stacked, the name stands above its bar."""
    height = 48 if stacked else 38
    highest = full or max((v for _name, v in rows), default=0) or 1
    room = width - name_width - 78 - (60 if rates else 0)
    parts = []
    for i, (name, value) in enumerate(rows):
        top = i * height
        bar_top = top + (20 if stacked else 5)
        bar_height = 22 if stacked else height - 10
        text_y = bar_top + bar_height / 2 + 4.5
        length = round(room * value / highest, 1)
        row = [
            format_html(
                '<text class="name" x="0" y="{}">{}</text>',
                top + 14 if stacked else text_y, _cut(name, 46 if stacked else 24),
            ),
            format_html(
                '<rect class="fill f{}" x="{}" y="{}" width="{}" height="{}" rx="4"><title>{}: {}</title></rect>',
                min(i, 4) if rates else 0,
                name_width, bar_top, max(length, 2 if value else 0), bar_height,
                name, number(value),
            ),
            format_html('<text class="value" x="{}" y="{}">{}</text>', name_width + length + 8, text_y, number(value)),
        ]  # fmt: skip
        if rates and i and rows[i - 1][1]:
            share = percent(value / rows[i - 1][1])
            row.append(format_html('<text x="{}" y="{}" text-anchor="end">{}</text>', width, text_y, share))
        drawn = _join(row)
        parts.append(format_html('<a href="{}">{}</a>', urls[name], drawn) if name in urls else drawn)
    return _svg(css, width, max(len(rows) * height, 1), said, _join(parts), role="group" if urls else "img")


def _cut(text: str, most: int) -> str:
    """A name that fits beside its bar; the table below keeps it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# Shades --------------------------------------------------------------------------------------------------------------


def shade(value: float | None, highest: float) -> int:
    """0 for nothing, then 1 to 5 by equal steps up to the highest."""
    return 0 if not value or highest <= 0 else 1 + min(4, int(value / highest * 4.9999))


def heat(
    title: Any,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[int]],
    *,
    note: Any = "",
    level: int = 2,
) -> SafeString:
    """A table whose cells are shaded: it is its own text alternative."""
    highest = max((v for row in values for v in row), default=0)
    context = {
        "title": title,
        "note": note,
        "level": level,
        "columns": columns,
        "rows": [(name, [(v, shade(v, highest)) for v in row]) for name, row in zip(rows, values, strict=True)],
    }
    return mark_safe(render_to_string("ui/_heat.html", context))  # noqa: S308


def _shades_legend(highest: float) -> SafeString:
    limits = [round(highest * k / 5) for k in range(6)]
    spans = [(k, limits[k - 1] + 1, limits[k]) for k in range(1, 6) if limits[k] > limits[k - 1]]
    return format_html(
        '<ul class="maplegend" aria-hidden="true">{}</ul>',
        format_html_join(
            "", '<li><i class="q{}"></i>{}</li>',
            ((k, number(low) if low == high else f"{number(low)} – {number(high)}") for k, low, high in spans),
        ),
    )  # fmt: skip


# Maps ----------------------------------------------------------------------------------------------------------------


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
    drawing = _svg("map", 1010, 1210, said, _join(shapes + labels), role="group" if url else "img")
    listed = sorted(values.items(), key=lambda item: -item[1])
    table = Table([_("Region"), _("Number")], [[names.get(code, code), number(v)] for code, v in listed])
    return _figure(title, format_html("{}{}", drawing, _shades_legend(highest)), table, note=note, level=level)


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
    drawing = _svg("world", 1000, 440, _("%(title)s, map of the world") % {"title": title}, _join(shapes))
    listed = sorted(values.items(), key=lambda item: -item[1])
    table = Table([_("Country"), _("Number")], [[names.get(code, code), number(v)] for code, v in listed])
    return _figure(title, format_html("{}{}", drawing, _shades_legend(highest)), table, note=note, level=level)
