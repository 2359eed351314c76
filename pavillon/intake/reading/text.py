"""Delimited text: CSV and its cousins."""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pavillon.intake.reading import faults
from pavillon.intake.reading.encodings import find_encoding
from pavillon.intake.reading.headers import LOOKED_AT, find_header
from pavillon.intake.reading.tables import MAX_CELL, Table, named

SEPARATORS = (";", ",", "\t", "|")
FORMULA_STARTS = frozenset("=+-@\t\r")
# The csv module stops beyond this; a little more than a cell may hold, so that our own message comes first.
csv.field_size_limit(64 * MAX_CELL)


def find(path: Path, *, encoding: str, separator: str, header_line: int) -> Table:
    """The table of a text file."""
    encoding = encoding or find_encoding(path)
    separator = separator or find_separator(path, encoding)
    table = Table(path, "csv", [], 0, encoding, separator)
    first = list(islice(lines(table), max(LOOKED_AT, header_line)))
    place = header_line - 1 if header_line else find_header([cells for _line, cells in first])
    if place >= len(first):
        raise faults.no_header()
    table.header_line, cells = first[place]
    table.header = named(cells)
    return table


def find_separator(path: Path, encoding: str) -> str:
    """The separator under which most lines have the same number of cells, and the most cells."""

    def score(separator: str) -> tuple[float, int]:
        widths = Counter(
            len(cells)
            for _line, cells in islice(lines(Table(path, "csv", [], 0, encoding, separator), strict=False), 200)
            if len(cells) > 1
        )
        if not widths:
            return 0.0, 0
        width, times = widths.most_common(1)[0]
        return times / widths.total() * min(width, 4), width

    best = max(SEPARATORS, key=score)
    return best if score(best)[1] else SEPARATORS[0]


def lines(table: Table, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Line number where a row begins, and its cells. Raises `BadFile` on a quotation that never ends.

    With `strict` false faults end the reading silently: for trying separators.
    """
    with table.path.open(encoding=table.encoding, newline="", errors="strict") as file:
        reader = csv.reader(file, delimiter=table.separator, strict=True)
        begins = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                if strict:
                    raise faults.undecodable(reader.line_num + 1) from None
                return
            except csv.Error as error:
                if not strict:
                    return
                if "field larger" in str(error):
                    raise faults.endless_cell(begins, MAX_CELL) from None
                raise faults.open_quotation(begins) from None
            yield begins, [_undefused(cell) for cell in cells]
            begins = reader.line_num + 1


def _undefused(cell: str) -> str:
    """A cell without the quotation mark that exports put before what a spreadsheet would run as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell
