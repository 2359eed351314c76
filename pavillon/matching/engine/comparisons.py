"""What is compared, and how far two values can agree: one ladder of levels per field, best level first.

A level is a name and a condition; the first condition that holds gives the level. When none holds the level is
`DIFFERENT`. The level `MISSING` weighs nothing: not knowing is no evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pavillon.matching.engine.conditions import (
    Condition,
    alike,
    begins_other,
    crossed,
    ends_alike,
    equals,
    inside,
    near,
    same,
    shared,
    starts_alike,
    unknown,
    within,
)
from pavillon.matching.engine.records import COMPANY, EXTRA, OTHER, PERSON, Prepared

MISSING, DIFFERENT = "missing", "different"


@dataclass(frozen=True)
class Comparison:
    """One field's ladder. `levels`: (name, condition), best first, after `missing`."""

    field: str
    missing: Condition
    levels: tuple[tuple[str, Condition], ...]
    columns: tuple[str, ...]
    """The fields of a prepared record that it reads."""
    at_odds: float = 0.95
    """At most this share of true pairs differ altogether in this field; what identifies has a small one."""

    @property
    def names(self) -> tuple[str, ...]:
        """All level names, in the order of their codes: 0 missing, 1 the best, the last different."""
        return (MISSING, *(name for name, _ in self.levels), DIFFERENT)

    def level(self, left: Prepared, right: Prepared) -> int:
        """The code of the level of a pair."""
        if self.missing.holds(left, right):
            return 0
        for code, (_, condition) in enumerate(self.levels, start=1):
            if condition.holds(left, right):
                return code
        return len(self.levels) + 1

    def sql(self, dialect: str) -> str:
        """The same as an expression over tables `l` and `r`."""
        steps = [f"WHEN {self.missing.sql(dialect)} THEN 0"]
        steps += [f"WHEN {condition.sql(dialect)} THEN {code}" for code, (_, condition) in enumerate(self.levels, 1)]
        return f"CASE {' '.join(steps)} ELSE {len(self.levels) + 1} END"


_COMPANY = (
    Comparison(
        "name",
        unknown("name"),
        (
            ("same", same("name")),
            ("same_words", same("sorted") | same("joined")),
            ("close", alike("joined", 0.95)),
            ("acronym", crossed("acronym", "joined")),
            ("contained", inside("words")),
            ("alike", alike("joined", 0.88)),
            ("same_start", starts_alike("joined", 5)),
            ("shared_word", shared("words")),
        ),
        ("name", "sorted", "joined", "acronym", "words"),
        at_odds=0.2,
    ),
    Comparison(
        "trade_name",
        unknown("trade", either=False),
        (
            ("same", same("trade") | crossed("trade", "name")),
            ("close", alike("trade", 0.92) | alike("trade", 0.92, "name") | alike("name", 0.92, "trade")),
        ),
        ("trade", "name"),
    ),
    Comparison(
        "role",
        unknown("roles", either=False),
        (
            ("same", same("roles")),
            # A firm and its holding share phone and address: there, agreement speaks for a sister.
            ("sister", shared("phones") | shared("emails")),
            ("one_only", unknown("roles")),
        ),
        ("roles", "phones", "emails"),
    ),
    Comparison(
        "legal_form",
        unknown("form", either=False),
        (("same", same("form")), ("property_company", equals("form", "SCI", once=True)), ("one_only", unknown("form"))),
        ("form",),
    ),
    Comparison("phone", unknown("phones"), (("same", shared("phones")),), ("phones",)),
    Comparison(
        "internet",
        unknown("emails") & unknown("domains"),
        (("same_email", shared("emails")), ("same_domain", shared("domains")), ("other_mailbox", unknown("domains"))),
        ("emails", "domains"),
    ),
    Comparison(
        "address",
        unknown("street"),
        (
            ("same", same("street") & same("number")),
            ("close", alike("street", 0.9) & same("number")),
            ("street_only", same("street") & unknown("number")),
            ("other_number", same("street")),
            ("alike", alike("street", 0.88)),
        ),
        ("street", "number"),
    ),
    Comparison(
        "town",
        unknown("town") & unknown("postcode"),
        (
            ("same", same("town") & same("postcode")),
            ("same_town", same("town")),
            ("same_postcode", same("postcode")),
            ("close", alike("town", 0.9) & same("area")),
            ("same_area", same("area")),
        ),
        ("town", "postcode", "area"),
    ),
    Comparison("country", unknown("country"), (("same", same("country")),), ("country",)),
)

_PERSON = (
    Comparison(
        "given_name",
        unknown("given"),
        (
            ("same", same("given")),
            ("swapped", crossed("given", "family")),
            ("nickname", same("formal")),
            ("close", alike("given", 0.92)),
            ("initial", begins_other("given")),
            ("alike", alike("given", 0.8)),
        ),
        ("given", "family", "formal"),
        at_odds=0.05,
    ),
    Comparison(
        "family_name",
        unknown("family"),
        (
            ("same", same("family")),
            ("swapped", crossed("given", "family")),
            ("close", alike("family", 0.92)),
            ("alike", alike("family", 0.82)),
        ),
        ("given", "family"),
        at_odds=0.1,
    ),
    Comparison(
        "birth_date",
        unknown("birth"),
        (
            ("same", same("birth")),
            ("one_digit", near("birth", 1)),
            ("two_digits", near("birth", 2)),
            ("same_year", starts_alike("birth", 4)),
            ("same_day", ends_alike("birth", 4)),
        ),
        ("birth",),
        at_odds=0.05,
    ),
    Comparison(
        "national_id",
        unknown("nid"),
        (("same", same("nid")), ("one_digit", near("nid", 1)), ("two_digits", near("nid", 2))),
        ("nid",),
        at_odds=0.05,
    ),
    Comparison("phone", unknown("phones"), (("same", shared("phones")),), ("phones",)),
    Comparison("email", unknown("emails"), (("same", shared("emails")),), ("emails",)),
    Comparison(
        "company",
        unknown("company"),
        (("same", same("company")), ("close", alike("company", 0.9))),
        ("company",),
    ),
    Comparison(
        "street_number", unknown("number"), (("same", same("number")), ("close", near("number", 1))), ("number",)
    ),
    Comparison(
        "address",
        unknown("street"),
        (
            ("same", same("street")),
            ("close", alike("street", 0.92)),
            ("swapped", crossed("street", "street2")),
            ("alike", alike("street", 0.82)),
        ),
        ("street", "street2"),
    ),
    Comparison(
        "address_2",
        unknown("street2"),
        (("same", same("street2")), ("close", alike("street2", 0.9)), ("swapped", crossed("street", "street2"))),
        ("street", "street2"),
    ),
    Comparison(
        "town",
        unknown("town"),
        (("same", same("town")), ("close", alike("town", 0.9)), ("alike", alike("town", 0.8))),
        ("town",),
    ),
    Comparison(
        "postcode", unknown("postcode"), (("same", same("postcode")), ("one_digit", near("postcode", 1))), ("postcode",)
    ),
    Comparison("region", unknown("region"), (("same", same("region")),), ("region",)),
)

_LADDERS = {COMPANY: _COMPANY, PERSON: _PERSON, OTHER: ()}


def comparisons(kind: str, columns: Sequence[str] | None = None) -> tuple[Comparison, ...]:
    """The ladders for records of a kind; with `columns`, only those that some of these prepared fields can feed.

    Extra columns have a ladder of their own, by the word after `extra_` (text, code, number, date).
    """
    chosen = [c for c in _LADDERS[kind] if columns is None or any(column in columns for column in c.columns)]
    extras = [_extra(name) for name in columns or () if name.startswith(EXTRA)]
    return (*chosen, *extras)


def _extra(name: str) -> Comparison:
    sort = name.removeprefix(EXTRA).partition("_")[0]
    levels: dict[str, tuple[tuple[str, Condition], ...]] = {
        "text": (
            ("same", same(name)),
            ("close", alike(name, 0.94)),
            ("alike", alike(name, 0.85)),
            ("loose", alike(name, 0.7)),
        ),
        "code": (("same", same(name)), ("one_digit", near(name, 1))),
        "number": (("same", same(name)), ("close", within(name, 0.01)), ("alike", within(name, 0.1))),
        "date": (("same", same(name)), ("one_digit", near(name, 1)), ("same_year", starts_alike(name, 4))),
    }
    return Comparison(name, unknown(name), levels[sort], (name,), at_odds=0.1)
