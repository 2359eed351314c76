"""Files of a list: CSV and XLSX with the rows and columns that the person may see.

The `security` room may refuse or count exports: it registers a guard with `guard_exports`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.core.policy import may_read
from pavillon.core.reading import note_read
from pavillon.ui.htmx import go_to
from pavillon.ui.words import number

FORMATS = {"xlsx": "XLSX", "csv": "CSV"}
# Measured: 20,000 rows of 12 cells take about 1.5 s to write, the most a page may wait for.
MOST_ROWS = 20_000


class ExportRefused(Exception):
    """A guard does not let this export go out; the message says why."""


Guard = Callable[[HttpRequest, type[Model], int], None]
_guards: list[Guard] = []


def guard_exports(guard: Guard) -> None:
    """Ask `guard(request, model, rows)` before each export; it raises ExportRefused with a reason."""
    _guards.append(guard)


_withholders: list[Callable[[Any, Any], Any]] = []


def withhold(withholder: Callable[[Any, Any], Any]) -> None:
    """For what may be read on pages and never leaves in a file: each file asks `withholder(rows, user) -> rows`."""
    _withholders.append(withholder)


def rows_for_files(rows: Any, user: Any) -> Any:
    """Those of the rows that somebody sees which may leave the base: as their table says (`exportable`), as all do."""
    rows = rows.exportable() if hasattr(rows, "exportable") else rows
    return reduce(lambda left, keep: keep(left, user), _withholders, rows)


@dataclass(frozen=True)
class Column:
    """A column of an export. `field` is the field that the privilege matrix governs; `value(row)` what is written."""

    label: Any
    value: Callable[[Any], Any]
    field: str = ""


def answer(request: HttpRequest, queryset: QuerySet, columns: Sequence[Column], name: str) -> HttpResponse:
    """The file that `?format=` asks for, or the list again with the reason of the refusal."""
    readable = [c for c in columns if not c.field or may_read(request.user, queryset.model, c.field)]
    # What may never leave the base is left out, whoever asks.
    queryset = rows_for_files(queryset, request.user)
    rows = list(queryset[: MOST_ROWS + 1])
    try:
        if len(rows) > MOST_ROWS:
            raise ExportRefused(
                _("This list has more than %(n)s rows: narrow it with the filters, then export.")
                % {"n": number(MOST_ROWS)}
            )
        for guard in _guards:
            guard(request, queryset.model, len(rows))
    except ExportRefused as refusal:
        messages.error(request, str(refusal))
        query = request.GET.copy()
        query.pop("format", None)
        return go_to(request, f"{request.path}?{query.urlencode()}")
    note_read(request.user, queryset.model, how="export", rows=len(rows), ids=[row.pk for row in rows])
    table = [[str(c.label) for c in readable], *([c.value(row) for c in readable] for row in rows)]
    file_name = f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{timezone.localdate():%Y-%m-%d}"
    return xlsx(file_name, table) if request.GET["format"] == "xlsx" else csv_file(file_name, table)


def csv_file(name: str, table: Iterable[Sequence[Any]]) -> HttpResponse:
    """Semicolons and a byte-order mark: what spreadsheets of this country open with accents in place."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([[plain_cell(cell) for cell in row] for row in table])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def xlsx(name: str, table: Sequence[Sequence[Any]]) -> HttpResponse:
    """A workbook of one sheet: typed cells, frozen head, filter."""
    # The library is loaded by whoever writes a workbook: a start of the product does without.
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "remove_timezone": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    head = book.add_format({"bold": True, "bottom": 1})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for y, row in enumerate(table):
        for x, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(y, x, timezone.localtime(cell) if timezone.is_aware(cell) else cell, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(y, x, datetime.combine(cell, datetime.min.time()), day)
            elif isinstance(cell, bool) or cell is None or not isinstance(cell, int | float | Decimal):
                sheet.write_string(y, x, _word(cell), head if y == 0 else None)
            else:
                sheet.write_number(y, x, cell)
    if table and table[0]:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table) - 1, 1), len(table[0]) - 1)
        sheet.autofit()
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(stream.getvalue(), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _word(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    return str(cell)


def plain_cell(cell: Any, *, decimal: str = ",") -> str:
    """A cell of a CSV file. A leading = + - @ would be run as a formula by spreadsheets: a quote defuses it."""
    if isinstance(cell, datetime):
        return f"{timezone.localtime(cell) if timezone.is_aware(cell) else cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return str(cell).replace(".", decimal)
    text = _word(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
