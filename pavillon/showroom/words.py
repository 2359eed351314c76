"""Words as the search compares them: lower case, no accent, letters and digits only."""

import re
import unicodedata

LONGEST = 40
_SIGNS = re.compile(r"[^\w]+|_")
# Too common in either language to narrow a search.
_EMPTY = (
    "a an and are as at by for from in is it of on or our that the this to we with you your "
    "au aux avec ce ces cet cette dans de des du elle en est et il la le les leur nos notre nous ou par pas pour que "
    "qui sa se ses son sur un une vos votre vous"
)
EMPTY_WORDS = frozenset(_EMPTY.split())


def plain(text: str) -> str:
    """`text` in lower case, accents and signs taken off, one space between words."""
    flat = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae").replace("ß", "ss"))
    return _SIGNS.sub(" ", "".join(c for c in flat if not unicodedata.combining(c))).strip()


def words_of(text: str) -> list[str]:
    """The different words of `text` in their order."""
    return list(dict.fromkeys(word[:LONGEST] for word in plain(text).split()))


def telling_words(text: str, most: int = 8) -> list[str]:
    """The words of a search that narrow it; all of them when none does."""
    words = words_of(text)
    return ([word for word in words if word not in EMPTY_WORDS] or words)[:most]


def typing_distance(written: str, meant: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, a in enumerate(written, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(meant, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == meant[j - 2] and written[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
