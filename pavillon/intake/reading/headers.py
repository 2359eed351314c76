"""Which line names the columns: not always the first one, partners put titles and dates above."""

from collections.abc import Sequence

from pavillon.intake.reading import faults

LOOKED_AT = 30
"""Lines among which the header is looked for."""


def find_header(lines: Sequence[Sequence[str]]) -> int:
    """The number, from 0, of the line of column names.

    It is the first line that is nearly as wide as the widest, all words, none twice: a title has one cell, a row of
    data has numbers. Raises `BadFile` when there is none.
    """
    widths = [sum(bool(cell.strip()) for cell in line) for line in lines]
    widest = max(widths, default=0)
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        if width and width >= 0.6 * widest and all(_is_a_name(cell) for cell in line if cell.strip()):
            return number
    raise faults.no_header()


def column_names(line: Sequence[str]) -> list[str]:
    """Names of the columns, spaces tidied; one without a name is called by its letter. Raises `BadFile` for twins."""
    names = [" ".join(cell.split()) or f"({letter_of(place)})" for place, cell in enumerate(line)]
    while names and names[-1] == f"({letter_of(len(names) - 1)})":
        names.pop()
    places: dict[str, int] = {}
    for place, name in enumerate(names, start=1):
        if name.casefold() in places:
            raise faults.double_header(name, places[name.casefold()], place)
        places[name.casefold()] = place
    return names


def letter_of(place: int) -> str:
    """The letter of a column as a spreadsheet shows it, from its place counted from 0: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _is_a_name(cell: str) -> bool:
    """A column's name has a letter, and is no sentence, address or e-mail."""
    return any(letter.isalpha() for letter in cell) and "@" not in cell and len(cell) <= 80
