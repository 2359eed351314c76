"""Tables in text files: the encoding and the separator are found, and a bad file gets one clear sentence."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEPARATORS = ";,\t|"
LONGEST_CELL = 1_000_000
_LOOK = 1 << 16
_KNOWN_STARTS = {
    b"PK\x03\x04": "a spreadsheet or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
    b"\x89PNG": "an image",
    b"SQLite format": "a database",
}


class BadFile(Exception):
    """A file that cannot be used: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Table:
    """A CSV file that was looked at: how it is written, and its header."""

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows as mappings from column to cell; blank lines are left out. Raises BadFile with the line."""
        for _, cells in self.lines():
            yield dict(zip(self.header, cells, strict=False))

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """The rows with the number of the line on which each ends."""
        width = len(self.header)
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.separator)
            try:
                next(reader, None)
                for cells in reader:
                    if not any(cells):
                        continue
                    if len(cells) > width:
                        if any(cells[width:]):
                            raise BadFile(
                                f"line {reader.line_num} of {self.path} has {len(cells)} cells, its header {width}.",
                                "put quotes around cells that hold the separator.",
                            )
                        cells = cells[:width]
                    elif len(cells) < width:
                        cells = [*cells, *[""] * (width - len(cells))]
                    yield reader.line_num, cells
            except csv.Error as error:
                raise _explained(error, self.path, reader.line_num) from None


def _explained(error: csv.Error, path: Path, line: int) -> BadFile:
    if "field limit" in str(error):
        return BadFile(
            f"{path} has a cell of more than {LONGEST_CELL:,} characters, near line {line}.",
            "most often a quote is opened there and never closed; correct that line.",
        )
    return BadFile(f"line {line} of {path} cannot be read: {error}.", "save the file again as CSV (UTF-8).")


def open_table(path: Path, *, encoding: str | None = None, separator: str | None = None) -> Table:
    """Look at a file and return how to read it. Raises BadFile."""
    csv.field_size_limit(LONGEST_CELL)
    if not path.exists():
        raise BadFile(f"there is no file {path}.", "check the name, and the folder you are in.")
    if path.is_dir():
        raise BadFile(f"{path} is a folder.", "name one file of it.")
    try:
        start = path.open("rb").read(_LOOK)
    except PermissionError:
        raise BadFile(f"{path} may not be read by this user.", "ask its owner, or copy it.") from None
    if not start.strip():
        raise BadFile(f"{path} is empty.", "export it again, with a line of column names.")
    for magic, what in _KNOWN_STARTS.items():
        if start.startswith(magic):
            raise BadFile(f"{path} is {what}, not a text file.", "open it and save it as CSV (UTF-8).")
    encoding = encoding or _encoding(path, start)
    first, following = _first_lines(path, encoding)
    separator = separator or _separator(first, following)
    header = _header(path, first, separator)
    return Table(path, encoding, separator, header)


def _encoding(path: Path, start: bytes) -> str:
    """UTF-8 when the whole file is, with or without its mark; UTF-16 by its mark; else what Windows writes."""
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in start:
        raise BadFile(f"{path} is not a text file: it holds bytes that no text has.", "save the table as CSV (UTF-8).")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252" if _reads(path, "cp1252") else "latin-1"
    return "utf-8"


def _reads(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def _first_lines(path: Path, encoding: str) -> tuple[str, list[str]]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            # A limit, so that a file without line ends is not read whole.
            lines = [file.readline(LONGEST_CELL) for _ in range(50)]
    except (UnicodeError, LookupError) as error:
        raise BadFile(
            f"{path} cannot be read as {encoding}: {error}.", "name another encoding with --encoding."
        ) from None
    return lines[0], [line for line in lines[1:] if line.strip()]


def _separator(first: str, following: list[str]) -> str:
    """The separator that cuts the header into most cells and the next lines into as many."""

    def worth(separator: str) -> tuple[int, int]:
        cells = len(next(csv.reader([first], delimiter=separator), []))
        if cells < 2:
            return (0, 0)
        regular = sum(len(line) == cells for line in csv.reader(following, delimiter=separator))
        return (regular * 10 // max(len(following), 1), cells)

    try:
        best = max(SEPARATORS, key=worth)
        return best if worth(best) > (0, 0) else ","
    except csv.Error:
        # A cell too long here is told with its line when the rows are read.
        return max(SEPARATORS, key=first.count)


def _header(path: Path, first: str, separator: str) -> tuple[str, ...]:
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=separator), [])]
    except csv.Error as error:
        raise _explained(error, path, 1) from None
    while names and not names[-1]:
        names.pop()
    if not names:
        raise BadFile(f"the first line of {path} is blank.", "begin the file with the names of its columns.")
    doubled = [name for name, count in Counter(names).items() if count > 1 and name]
    if doubled:
        raise BadFile(
            f"{path} has several columns called “{doubled[0]}”.",
            "give each column a name of its own in the first line.",
        )
    if "" in names:
        raise BadFile(
            f"column {names.index('') + 1} of {path} has no name.", "name it in the first line, or delete it."
        )
    if all(_is_a_value(name) for name in names):
        raise BadFile(
            f"the first line of {path} holds values ({', '.join(names[:3])}), not names of columns.",
            "put a line of column names on top.",
        )
    return tuple(names)


def _is_a_value(name: str) -> bool:
    return (any(c.isdigit() for c in name) and sum(c.isdigit() for c in name) * 2 >= len(name)) or "@" in name
