"""Bars beside their names, and funnels."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pavillon.ui.charts.drawing import Table, figure, join, svg
from pavillon.ui.words import number, percent


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
    return figure(title, drawing, table, note=note, level=level)


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
    return figure(title, drawing, table, note=note, level=level)


def _bars(
    said: str, rows: Sequence[tuple[str, float]], urls: Mapping[str, str], *, rates: bool, full: float = 0
) -> SafeString:
    return join(
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
        drawn = join(row)
        parts.append(format_html('<a href="{}">{}</a>', urls[name], drawn) if name in urls else drawn)
    return svg(css, width, max(len(rows) * height, 1), said, join(parts), role="group" if urls else "img")


def _cut(text: str, most: int) -> str:
    """A name that fits beside its bar; the table below keeps it whole."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
