"""A file as a table: a header and rows of text, read as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pavillon.intake.reading import faults
from pavillon.intake.reading.headers import column_names

MAX_CELL = 32_767
"""Characters in one cell; what a spreadsheet itself allows."""
MAX_COLUMNS = 300
MAX_ROWS = 1_000_000

# First bytes of files that people bring by mistake.
SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls or .doc)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
)


@dataclass
class Table:
    """One table of a file. `rows()` may be called several times; each call reads the file again from its start."""

    path: Path
    format: str
    """"csv" or "xlsx"."""
    header: list[str]
    header_line: int
    """Line of the header as an editor shows it, from 1."""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of each row that is not empty, as many cells as the header has.

        Cells beyond the header are dropped only when they are empty; otherwise the row keeps them, so that the reader
        can refuse a row that slid. Raises `BadFile` for a cell or a file beyond the limits.
        """
        from pavillon.intake.reading import text, workbooks

        source = text.lines(self) if self.format == "csv" else workbooks.lines(self)
        width = len(self.header)
        count = 0
        for line, cells in source:
            if line <= self.header_line or not any(cell.strip() for cell in cells):
                continue
            for place, cell in enumerate(cells):
                if len(cell) > MAX_CELL:
                    name = self.header[place] if place < width else str(place + 1)
                    raise faults.too_long_cell(line, name, len(cell), MAX_CELL)
            count += 1
            if count > MAX_ROWS:
                raise faults.too_many("rows", count, MAX_ROWS)
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            yield line, [*cells, *[""] * (width - len(cells))]


def open_table(path: Path, *, sheet: str = "", encoding: str = "", separator: str = "", header_line: int = 0) -> Table:
    """The table in a file; what is not given is found. Raises `BadFile`.

    `header_line` is counted from 1; 0 looks for it.
    """
    from pavillon.intake.reading import text, workbooks

    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise faults.empty()
    for signature, kind in SIGNATURES:
        if start.startswith(signature):
            raise faults.not_a_table(kind)
    if start.startswith(b"PK\x03\x04"):
        table = workbooks.find(path, sheet=sheet, header_line=header_line)
    else:
        table = text.find(path, encoding=encoding, separator=separator, header_line=header_line)
    if len(table.header) > MAX_COLUMNS:
        raise faults.too_many("columns", len(table.header), MAX_COLUMNS)
    if next(table.rows(), None) is None:
        raise faults.no_rows()
    return table


def named(cells: list[str]) -> list[str]:
    """The header's cells as column names. Raises `BadFile` for twins or for none."""
    names = column_names(cells)
    if not names:
        raise faults.no_header()
    return names
