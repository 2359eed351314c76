"""What every chart is made of: the frame with its table, the drawing, the steps of an axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


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


def figure(
    title: Any, drawing: SafeString, table: Table, *, note: Any = "", legend: Any = "", level: int = 2
) -> SafeString:
    context = {"title": title, "drawing": drawing, "table": table, "note": note, "legend": legend, "level": level}
    return mark_safe(render_to_string("ui/_chart.html", context))  # noqa: S308


def svg(css: str, width: float, height: float, label: str, body: SafeString, *, role: str = "img") -> SafeString:
    return format_html(
        '<svg class="plot {}" viewBox="0 0 {} {}" role="{}" aria-label="{}">{}</svg>',
        css,
        width,
        height,
        role,
        label,
        body,
    )


def join(parts: Sequence[SafeString]) -> SafeString:
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
