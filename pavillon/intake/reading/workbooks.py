"""Excel workbooks (.xlsx), read as a stream. Formulas are refused: what they show depends on who opens them."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pavillon.intake.reading import faults
from pavillon.intake.reading.headers import LOOKED_AT, find_header, letter_of
from pavillon.intake.reading.tables import Table, named

DAMAGED = (InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, KeyError, ValueError)
MAX_UNPACKED = 1 << 30
"""Bytes that a workbook may hold once unpacked; beyond it is a bomb."""


def find(path: Path, *, sheet: str, header_line: int) -> Table:
    """The table of a sheet: the one named, or the first that holds something."""
    _check_size(path)
    with _opened(path) as workbook:
        sheets = [each.title for each in workbook.worksheets]
        if sheet and sheet not in sheets:
            raise faults.no_such_sheet(sheet, sheets)
        for name in [sheet] if sheet else sheets:
            first = [
                (line, [_text(cell) for cell in cells])
                for line, cells in enumerate(islice(workbook[name].iter_rows(values_only=True), LOOKED_AT), start=1)
            ]
            if any(any(cells) for _line, cells in first):
                place = header_line - 1 if header_line else find_header([cells for _line, cells in first])
                if place >= len(first):
                    raise faults.no_header()
                return Table(path, "xlsx", named(first[place][1]), place + 1, sheet=name, sheets=sheets)
        raise faults.empty()


def lines(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells as text. Raises `BadFile` at the first formula."""
    with _opened(table.path) as workbook:
        for line, cells in enumerate(workbook[table.sheet].iter_rows(), start=1):
            row = []
            for place, cell in enumerate(cells):
                if cell.data_type == "f":
                    raise faults.formula(f"{letter_of(place)}{line}")
                row.append(_text(cell.value))
            yield line, row


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise faults.broken_workbook() from None
    names = {part.filename for part in parts}
    if "EncryptedPackage" in names:
        raise faults.locked_workbook()
    if "xl/workbook.xml" not in names:
        raise faults.not_a_table("a compressed file")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise faults.too_many("bytes", unpacked, MAX_UNPACKED)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook, closed afterwards. Raises `BadFile` when it turns out to be damaged, now or while it is read."""
    # As a stream: the library judges a path by its ending, and a brought file has none.
    with path.open("rb") as stream:
        workbook = None
        try:
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            yield workbook
        except faults.BadFile:
            raise
        except (
            InvalidFileException,
            zipfile.BadZipFile,
            zlib.error,
            ParseError,
            EOFError,
            OSError,
            KeyError,
            ValueError,
        ):
            raise faults.broken_workbook() from None
        finally:
            if workbook is not None:
                workbook.close()


def _text(value: object) -> str:
    """A cell as text: whole numbers without a decimal point (a SIREN), dates as 2026-11-22, yes and no as 1 and 0."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return format(Decimal(repr(value)), "f")
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
