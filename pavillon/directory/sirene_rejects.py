"""The refused rows of a register file as people read them: line, number, reason, and the line as it stands there."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from pavillon.directory.sirene import Form
from pavillon.directory.staging import Reject, Staging

REASONS: dict[str, str | Promise] = {
    "siren_missing": gettext_lazy("no SIREN"),
    "siren_digits": gettext_lazy("SIREN: only digits are allowed"),
    "siren_length": gettext_lazy("SIREN: nine digits wanted"),
    "siren_check": gettext_lazy("SIREN: the check digit does not fit"),
    "siret": gettext_lazy("SIRET: fourteen digits wanted, the first nine being the SIREN"),
    "siret_check": gettext_lazy("SIRET: the check digit does not fit"),
    "state": gettext_lazy("state: A (active) or C (closed) wanted"),
    "state_of_office": gettext_lazy("state: A (active) or F (closed) wanted"),
    "date": gettext_lazy("creation date: no such day"),
    "name": gettext_lazy("no name, though the unit is public"),
    "twice": gettext_lazy("number met before in this file"),
    "unit_unknown": gettext_lazy("establishment of a unit that the register does not have"),
    "width": gettext_lazy("not as many cells as the header"),
    "long": gettext_lazy("longer than a megabyte"),
    "quote": gettext_lazy("a quotation mark is not closed"),
}
# A spreadsheet's cell holds no more; the line number leads to the rest.
LONGEST_SHOWN = 32_000


def write_rejects(target: Path, staging: Staging) -> None:
    """Write the refused rows in the order in which they come. Walks the file once, in constant memory."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([_("Line"), pgettext("register", "Number"), _("Reason"), _("Row")])
        for line, reject, row in _with_rows(staging, staging.rejects()):
            writer.writerow([line, reject.told, REASONS[reject.problem], row[:LONGEST_SHOWN]])


def _with_rows(staging: Staging, rejects: Iterator[Reject]) -> Iterator[tuple[int, Reject, str]]:
    if staging.file.form is Form.PARQUET:
        yield from _of_parquet(staging.text, rejects)
        return
    # Torn lines come first and are few: a file of many is refused. The others follow in the file's order.
    torn: dict[int, Reject] = {}
    wanted: Reject | None = None
    for reject in rejects:
        if reject.line is None:
            wanted = reject
            break
        torn[reject.line] = reject
    place = 0
    for number, first, row in _lines(staging.text, has_header=not staging.is_reduced):
        line = staging.number_of_line(first)
        if number in torn:
            yield line, torn[number], row
            continue
        if wanted is not None and place == wanted.place:
            yield line, wanted, row
            wanted = next(rejects, None)
        place += 1
        if wanted is None and number >= max(torn, default=0):
            return


def _lines(text: Path, *, has_header: bool) -> Iterator[tuple[int, int, str]]:
    """Records of a CSV file: (number of the record, from 1, a header included; its first line; its text)."""
    with text.open("rb") as stream:
        number = line = 0
        while raw := stream.readline():
            first = line = line + 1
            number += 1
            # A line break inside quotation marks does not end the record; a mark never closed would take all.
            while raw.count(b'"') % 2 and len(raw) < LONGEST_SHOWN and (more := stream.readline()):
                raw, line = raw + more, line + 1
            if number > has_header:
                yield number, first, raw.decode("utf-8", "replace").rstrip("\r\n")


def _of_parquet(path: Path, rejects: Iterator[Reject]) -> Iterator[tuple[int, Reject, str]]:
    with duckdb.connect() as base:
        rows: Any = base.execute("SELECT * FROM read_parquet(?)", [str(path)])
        wanted, place = next(rejects, None), 0
        while wanted is not None and (some := rows.fetchmany(1000)):
            for row in some:
                if wanted is not None and place == wanted.place:
                    yield place + 2, wanted, ",".join("" if cell is None else str(cell) for cell in row)
                    wanted = next(rejects, None)
                place += 1
