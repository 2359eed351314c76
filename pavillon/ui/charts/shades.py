"""Amounts as shades: the scale, its legend, tables of shaded cells."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from pavillon.ui.words import number


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


def shades_legend(highest: float) -> SafeString:
    limits = [round(highest * k / 5) for k in range(6)]
    spans = [(k, limits[k - 1] + 1, limits[k]) for k in range(1, 6) if limits[k] > limits[k - 1]]
    return format_html(
        '<ul class="maplegend" aria-hidden="true">{}</ul>',
        format_html_join(
            "", '<li><i class="q{}"></i>{}</li>',
            ((k, number(low) if low == high else f"{number(low)} – {number(high)}") for k, low, high in spans),
        ),
    )  # fmt: skip
