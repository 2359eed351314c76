"""Lines over time, large and small."""

from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pavillon.ui.charts.drawing import LETTER, Series, Table, figure, join, svg, ticks
from pavillon.ui.words import number, short_number


def line(title: Any, labels: Sequence[str], series: Sequence[Series], *, note: Any = "", level: int = 2) -> SafeString:
    """Values over time; the first series is filled, the second dashed (a comparison)."""
    said = _("%(title)s, line chart") % {"title": title}
    drawing = join(
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
    return figure(
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
    return svg(css, width, height, said, join(parts))


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
