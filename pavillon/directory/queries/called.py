"""The keys of companies and people by their names, for the box that searches everything.

Keys only, before anybody's rights: whoever shows them asks `visible_to` of the few. With the rights compiled into each
of these dozen statements a search took half as long again (docs/benchmarks.md).
"""

from collections.abc import Callable, Sequence
from functools import partial

from django.db import connection

from pavillon.core.postgresql.kept import Walked

# A condition with the values of its places.
Condition = tuple[str, list[str]]
# The first keys of one way to find them, as many as are asked for.
Way = Callable[[int], list[int]]
_FAMILY_FIRST = "directory_person_name(last_name, first_name)"
_FIRST_FIRST = "directory_person_name(first_name, last_name)"
# One letter of a name is no range: both ends begun by it would be a third of everybody.
_SHORTEST_BEGUN = 2
# The index of trigrams needs three letters.
SHORTEST_INSIDE = 3


def companies_with_siren(digits: str, most: int) -> list[int]:
    """Companies whose SIREN begins so."""
    return _keys("directory_company", [_begins("siren", digits)], "siren", most)


def companies_named(words: Sequence[str]) -> list[Way]:
    """Companies whose name, as it is compared, begins so; then those with all words anywhere, the shortest name first.

    Two letters alone are asked for as a beginning only.
    """
    text = " ".join(words)
    begun = partial(_keys, "directory_company", [_begins("match_name", text)], "match_name, id")
    return [begun, partial(companies_with_words, words)] if len(text) >= SHORTEST_INSIDE else [begun]


def companies_with_words(words: Sequence[str], most: int) -> list[int]:
    """Companies whose name has all these words anywhere, the shortest first of ten times as many as are wanted."""
    conditions, values = _all_of("match_name", words)
    return _rows(
        f"SELECT id FROM (SELECT id, match_name FROM directory_company WHERE merged_into_id IS NULL AND {conditions}"  # noqa: S608
        " LIMIT %s) AS found ORDER BY length(match_name) LIMIT %s",
        [*values, most * 10, most],
    )


def companies_alike(text: str, most: int) -> list[int]:
    """Companies in whose name stands something like this by its trigrams (`<%`, six of ten).

    A name that is like it as a whole (`%`, three of ten) is looked for among all that share some usual syllables: five
    times as long, for names that are hardly alike.
    """
    return _rows(
        "SELECT id FROM directory_company WHERE merged_into_id IS NULL AND %s <%% match_name LIMIT %s", [text, most]
    )


def people_named(words: Sequence[str]) -> list[Way]:
    """People by their names, whichever comes first, whole or begun: better and then worse guesses, each once asked.

    All are ranges of the two indexes of names, in whose order they come: to sort namesakes by their number, all of them
    would be read. Each range has its own limit: of several in one condition the planner
    may walk the whole index.
    """
    first, last = words[0], words[-1]
    if len(words) == 1:
        return [
            partial(_keys, "directory_contact", [_begins(_FAMILY_FIRST, first)], _FAMILY_FIRST),
            partial(_keys, "directory_contact", [_begins(_FIRST_FIRST, first)], _FIRST_FIRST),
        ]
    # "MOREL JEAN", "JEAN MOREL", "ANNE LE GUENNEC": the index knows family names first.
    turns = dict.fromkeys([" ".join([last, *words[:-1]]), " ".join([*words[1:], first]), " ".join(words)])
    whole: list[Sequence[Condition]] = [[_begins(_FAMILY_FIRST, way)] for way in turns]
    if min(len(first), len(last)) < _SHORTEST_BEGUN:
        return [partial(_of_ranges, whole)]
    # Both only begun: where the ranges of the two indexes meet.
    pairs = ((last, first, words[1:-1]), (first, last, words[1:-1]))
    begun = [
        [_begins(_FAMILY_FIRST, family), _begins(_FIRST_FIRST, given), *_others(others)]
        for family, given, others in pairs
    ]
    return [partial(_of_ranges, whole), partial(_of_ranges, begun)]


def _others(words: Sequence[str]) -> list[Condition]:
    return [_all_of(_FAMILY_FIRST, words)] if words else []


def _of_ranges(ranges: Sequence[Sequence[Condition]], most: int) -> list[int]:
    """The first people of several ranges, those of the first range first, each once."""
    statements: list[str] = []
    values: list[str | int] = []
    for place, conditions in enumerate(ranges):
        where, asked = _where(conditions)
        statements.append(
            f"(SELECT {place} AS place, {_FAMILY_FIRST} AS name, id FROM directory_contact WHERE {where}"  # noqa: S608
            f" ORDER BY {_FAMILY_FIRST} LIMIT %s)"
        )
        values += [*asked, most]
    found = _rows(f"SELECT id FROM ({' UNION ALL '.join(statements)}) AS found ORDER BY place, name, id", values)  # noqa: S608
    return list(dict.fromkeys(found))


def _keys(table: str, conditions: Sequence[Condition], order: str, most: int) -> list[int]:
    """Of conditions that each are a range of the index that holds the order: no more is walked than is wanted."""
    where, values = _where(conditions)
    return _rows(Walked(f"SELECT id FROM {table} WHERE {where} ORDER BY {order} LIMIT %s"), [*values, most])  # noqa: S608


def _where(conditions: Sequence[Condition]) -> Condition:
    """Those that stand and meet all conditions."""
    texts = ["merged_into_id IS NULL", *(text for text, _values in conditions)]
    return " AND ".join(texts), [value for _text, values in conditions for value in values]


def _begins(column: str, text: str) -> Condition:
    """A range of the b-tree index of a column in plain capitals."""
    return f"{column} >= %s AND {column} < %s", [text, text[:-1] + chr(ord(text[-1]) + 1)]


def _all_of(column: str, words: Sequence[str]) -> Condition:
    return " AND ".join([f"{column} LIKE %s"] * len(words)), [f"%{word}%" for word in words]


def _rows(statement: str, values: Sequence[str | int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [key for (key,) in cursor.fetchall()]
