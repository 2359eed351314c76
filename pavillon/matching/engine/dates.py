"""Dates in the writings that files use."""

import re
from functools import lru_cache

from pavillon.matching.engine.text import plain

_PARTS = re.compile(r"\d+")
_MONTHS = (
    "JANVIER JANUARY", "FEVRIER FEBRUARY", "MARS MARCH", "AVRIL APRIL", "MAI MAY", "JUIN JUNE", "JUILLET JULY",
    "AOUT AUGUST", "SEPTEMBRE SEPTEMBER", "OCTOBRE OCTOBER", "NOVEMBRE NOVEMBER", "DECEMBRE DECEMBER",
)  # fmt: skip


def _month_of(text: str) -> int | None:
    """The month that a word of the text names or begins ("déc."); None when it could be two."""
    for word in plain(text).split():
        if len(word) > 2 and word.isalpha():
            found = [
                number for number, names in enumerate(_MONTHS, 1) if any(n.startswith(word) for n in names.split())
            ]
            if len(found) == 1:
                return found[0]
    return None


@lru_cache(maxsize=100_000)
def day_of(text: str) -> str | None:
    """A day as eight digits ("19851231"), from 31/12/1985, 1985-12-31, 31 déc. 1985, 19851231 or 311285.

    Day before month, as in Europe, unless that gives no month. Eight digits that are no day of the calendar are kept as
    they are: a mistyped day still resembles the right one. None when the text holds no date.
    """
    found = _PARTS.findall(text)
    if len(found) == 2:
        month = _month_of(text)
        if month:
            found = [found[0], str(month), found[1]]
    if len(found) == 1 and len(found[0]) in (6, 8):
        whole = found[0]
        if len(whole) == 6:
            found = [whole[:2], whole[2:4], whole[4:]]
        elif 1800 <= int(whole[:4]) <= 2100:
            return whole
        else:
            found = [whole[:2], whole[2:4], whole[4:]]
    if len(found) < 3:
        return None
    first, second, third = found[:3]
    if len(first) == 4:
        year, month_text, day_text = first, second, third
    else:
        year, month_text, day_text = third, second, first
        if len(year) == 2:
            # Most such dates are births: 30 is 1930, 05 is 2005.
            year = f"{'20' if int(year) < 30 else '19'}{year}"
    if len(year) != 4 or not month_text or not day_text:
        return None
    day_number, month_number = int(day_text), int(month_text)
    if month_number > 12 >= day_number:
        day_number, month_number = month_number, day_number
    if day_number > 99 or month_number > 99:
        return None
    return f"{year}{month_number:02d}{day_number:02d}"
