"""Which column is probably what: by its name first, by what its cells look like when the name says nothing."""

import re
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz
from stdnum import luhn

from pavillon.intake.columns.parsing import is_nothing, plain
from pavillon.intake.columns.targets import TARGETS, Target

LIKE_ENOUGH = 88
"""Likeness of two names, in percent, above which a column is taken for a target."""
SHARE = 0.7
"""Share of the filled cells that must look the part."""


def _siren(cell: str) -> bool:
    digits = re.sub(r"[\s.]", "", cell)
    return digits.isdigit() and len(digits) in (9, 14) and bool(luhn.is_valid(digits[:9]))


LOOKS: dict[str, Callable[[str], bool]] = {
    "company.siren": _siren,
    "contact.email": lambda cell: bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.\w{2,}", cell.strip())),
    "company.website": lambda cell: bool(re.fullmatch(r"(https?://|www\.)\S+\.\S+", cell.strip(), re.I)),
    "contact.phone": lambda cell: bool(re.fullmatch(r"(\+\d{1,3}|0)[\d\s.\-()]{8,16}", cell.strip())),
    "company.activity": lambda cell: bool(re.fullmatch(r"\d{2}\.?\d{2}[A-Z]", cell.strip())),
    "company.postal_code": lambda cell: bool(re.fullmatch(r"\d{5}", cell.strip())),
}


def guess_targets(
    header: Sequence[str], rows: Sequence[Sequence[str]], targets: Mapping[str, Target] = TARGETS
) -> dict[str, str]:
    """Target key by name of column, for the columns that say what they are; no target is given twice.

    `rows` are the first rows of the file. The best likeness of a name wins; looks of cells decide for what is left.
    """
    scored = sorted(
        (
            (-score, place, name, target.key)
            for place, name in enumerate(header)
            for target in targets.values()
            if (score := _likeness(name, target)) >= LIKE_ENOUGH
        ),
        key=lambda found: found[:2],
    )
    guessed: dict[str, str] = {}
    for _score, _place, name, key in scored:
        if name not in guessed and key not in guessed.values():
            guessed[name] = key
    for place, name in enumerate(header):
        cells = [row[place] for row in rows if place < len(row) and not is_nothing(row[place])]
        if name in guessed or len(cells) < 3:
            continue
        for key, looks in LOOKS.items():
            if key in targets and key not in guessed.values() and sum(map(looks, cells)) >= SHARE * len(cells):
                guessed[name] = key
                break
    bare = next((name for name, key in guessed.items() if key == "company.key" and plain(name) == "id"), "")
    if bare and "company siren" in map(plain, header) and "contact.key" not in guessed.values():
        # The rows are people, as our own export of them begins: the bare number is theirs, not their company's.
        guessed[bare] = "contact.key"
    return {name: guessed[name] for name in header if name in guessed}


def bare_name(name: str) -> str:
    """A column's name, plain, without the unit at its end: "CA export (k€)" is "ca export"."""
    return re.sub(r"\b(k|ke|keur|m|meur|eur|euros)$", "", plain(name)).strip() or plain(name)


def _likeness(name: str, target: Target) -> float:
    """How much a column's name is like one of a target's usual names, in percent; 0 for short ones that differ."""
    said = bare_name(name)
    if said in target.names:
        return 100
    if len(said) < 5:
        return 0
    return max(fuzz.ratio(said, known) for known in target.names if len(known) >= 5) if target.names else 0
