"""Conditions on two prepared records, written once: asked of a pair in Python, or of a million pairs in SQL.

DuckDB and Spark both know `levenshtein`; lists have other names, and Spark is given `jaro_winkler_similarity`. A
condition on a value that is not known is false.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler, Levenshtein

from pavillon.matching.engine.records import LISTS, Prepared

DUCKDB, SPARK = "duckdb", "spark"
_LIST_FUNCTIONS = {
    DUCKDB: {"shared": "list_has_any({}, {})", "inside": "list_has_all({}, {})", "size": "len({})"},
    SPARK: {"shared": "arrays_overlap({}, {})", "inside": "size(array_except({1}, {0})) = 0", "size": "size({})"},
}


@dataclass(frozen=True)
class Condition:
    """A question about a pair. `holds` answers it for one pair; `sql` writes it for tables `l` and `r`."""

    holds: Callable[[Prepared, Prepared], bool]
    sql: Callable[[str], str]

    def __or__(self, other: "Condition") -> "Condition":
        mine, its = self, other
        return Condition(
            lambda left, right: mine.holds(left, right) or its.holds(left, right),
            lambda dialect: f"({mine.sql(dialect)} OR {its.sql(dialect)})",
        )

    def __and__(self, other: "Condition") -> "Condition":
        mine, its = self, other
        return Condition(
            lambda left, right: mine.holds(left, right) and its.holds(left, right),
            lambda dialect: f"({mine.sql(dialect)} AND {its.sql(dialect)})",
        )


def same(name: str, other: str | None = None) -> Condition:
    """Both known and equal; with `other`, the left's `name` is the right's `other`."""
    beside = other or name
    return Condition(
        lambda left, right: left.get(name) is not None and left.get(name) == right.get(beside),
        lambda dialect: f"coalesce(l.{name} = r.{beside}, false)",
    )


def crossed(name: str, other: str) -> Condition:
    """The left's `name` is the right's `other`, or the other way round."""
    return same(name, other) | same(other, name)


def alike(name: str, least: float, other: str | None = None) -> Condition:
    """Both known, with a Jaro-Winkler similarity of at least `least` (0..1)."""
    beside = other or name

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(beside)
        return isinstance(mine, str) and isinstance(its, str) and JaroWinkler.similarity(mine, its) >= least

    return Condition(
        holds, lambda dialect: f"coalesce(jaro_winkler_similarity(l.{name}, r.{beside}) >= {least}, false)"
    )


def near(name: str, most: int) -> Condition:
    """Both known, at most `most` edits apart (insert, delete, replace)."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(name)
        return isinstance(mine, str) and isinstance(its, str) and Levenshtein.distance(mine, its) <= most

    return Condition(holds, lambda dialect: f"coalesce(levenshtein(l.{name}, r.{name}) <= {most}, false)")


def shared(name: str) -> Condition:
    """The lists have a value in common."""

    def holds(left: Prepared, right: Prepared) -> bool:
        return not set(left.get(name) or ()).isdisjoint(right.get(name) or ())

    return Condition(holds, lambda dialect: f"coalesce({_lists(dialect, 'shared', name)}, false)")


def inside(name: str) -> Condition:
    """One list holds all values of the other, which is not empty."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = set(left.get(name) or ()), set(right.get(name) or ())
        return bool(mine and its) and (mine <= its or its <= mine)

    def sql(dialect: str) -> str:
        forms = _LIST_FUNCTIONS[dialect]
        one, two = forms["inside"].format(f"l.{name}", f"r.{name}"), forms["inside"].format(f"r.{name}", f"l.{name}")
        sizes = [forms["size"].format(f"{side}.{name}") for side in "lr"]
        return f"coalesce({sizes[0]} > 0 AND {sizes[1]} > 0 AND ({one} OR {two}), false)"

    return Condition(holds, sql)


def unknown(name: str, *, either: bool = True) -> Condition:
    """Not known on one side (`either`), or on both sides. An empty list is not known."""
    is_list = name in LISTS

    def sql(dialect: str) -> str:
        empties = [
            f"coalesce({_LIST_FUNCTIONS[dialect]['size'].format(f'{side}.{name}')}, 0) < 1"
            if is_list
            else f"{side}.{name} IS NULL"
            for side in "lr"
        ]
        return f"({empties[0]} {'OR' if either else 'AND'} {empties[1]})"

    if either:
        return Condition(lambda left, right: not left.get(name) or not right.get(name), sql)
    return Condition(lambda left, right: not left.get(name) and not right.get(name), sql)


def equals(name: str, value: str, *, once: bool = False) -> Condition:
    """The field has this very value: on both sides, or on exactly one of them (`once`)."""
    if once:
        return Condition(
            lambda left, right: (left.get(name) == value) != (right.get(name) == value),
            lambda dialect: f"((coalesce(l.{name}, '') = '{value}') <> (coalesce(r.{name}, '') = '{value}'))",
        )
    return Condition(
        lambda left, right: left.get(name) == value and right.get(name) == value,
        lambda dialect: f"coalesce(l.{name} = '{value}' AND r.{name} = '{value}', false)",
    )


def starts_alike(name: str, length: int) -> Condition:
    """Both known, with the same first `length` characters."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(name)
        return isinstance(mine, str) and isinstance(its, str) and mine[:length] == its[:length]

    return Condition(
        holds, lambda dialect: f"coalesce(substring(l.{name}, 1, {length}) = substring(r.{name}, 1, {length}), false)"
    )


def ends_alike(name: str, start: int) -> Condition:
    """Both known, the same from character number `start` (from 0) on."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(name)
        return isinstance(mine, str) and isinstance(its, str) and mine[start:] == its[start:]

    return Condition(
        holds, lambda dialect: f"coalesce(substring(l.{name}, {start + 1}) = substring(r.{name}, {start + 1}), false)"
    )


def begins_other(name: str) -> Condition:
    """One value begins with the other, which may be an initial only."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(name)
        return isinstance(mine, str) and isinstance(its, str) and (mine.startswith(its) or its.startswith(mine))

    def sql(dialect: str) -> str:
        starts = "starts_with" if dialect == DUCKDB else "startswith"
        return f"coalesce({starts}(l.{name}, r.{name}) OR {starts}(r.{name}, l.{name}), false)"

    return Condition(holds, sql)


def within(name: str, share: float) -> Condition:
    """Both numbers, no farther apart than `share` of the larger."""

    def holds(left: Prepared, right: Prepared) -> bool:
        mine, its = left.get(name), right.get(name)
        if not isinstance(mine, str) or not isinstance(its, str):
            return False
        one, two = float(mine), float(its)
        return abs(one - two) <= share * max(abs(one), abs(two))

    def sql(dialect: str) -> str:
        one, two = f"CAST(l.{name} AS DOUBLE)", f"CAST(r.{name} AS DOUBLE)"
        return f"coalesce(abs({one} - {two}) <= {share} * greatest(abs({one}), abs({two})), false)"

    return Condition(holds, sql)


def _lists(dialect: str, function: str, name: str) -> str:
    return _LIST_FUNCTIONS[dialect][function].format(f"l.{name}", f"r.{name}")
