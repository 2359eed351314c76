"""A model: what each level of each field weighs, and from which sum on a pair is one thing.

The score of a pair is a bias plus one weight per field, in log odds, so it can be read as a waterfall. Weights are
kept in thousandths as whole numbers: sums are then exact, and the same in Python, in DuckDB and in Spark.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from pavillon.matching.engine.comparisons import Comparison, comparisons
from pavillon.matching.engine.records import KINDS, OTHER, Prepared

UNIT = 1000
"""Whole-number weights a unit of log odds."""
PROOF = 20 * UNIT
"""What two equal identities weigh: a probability that differs from 1 by two in a thousand million."""
AUTOMATIC, REVIEW, DISTINCT = "automatic", "review", "distinct"


class UnusableModel(ValueError):
    """The text is not a model of this engine; the message says what is wrong."""


@dataclass(frozen=True)
class Thresholds:
    """Probabilities: from `automatic` on a pair is joined, from `review` on it is shown to a person."""

    automatic: float = 0.99
    review: float = 0.30


@dataclass(frozen=True)
class Model:
    """Weights for one kind of record. `weights`: field -> level -> whole number; `trained` says how it was made."""

    kind: str
    bias: int
    weights: Mapping[str, Mapping[str, int]]
    thresholds: Thresholds = field(default_factory=Thresholds)
    version: str = ""
    trained: Mapping[str, Any] = field(default_factory=dict)

    def ladders(self) -> tuple[Comparison, ...]:
        """The comparisons that the model weighs, in the order of its weights."""
        known = {c.field: c for c in comparisons(self.kind, None)}
        known |= {c.field: c for c in comparisons(OTHER, tuple(self.weights))}
        return tuple(known[name] for name in self.weights)

    def table(self, ladders: Sequence[Comparison]) -> list[list[int]]:
        """For each of `ladders`, the weight of each level code. A field without weights weighs nothing."""
        return [[self.weights.get(c.field, {}).get(name, 0) for name in c.names] for c in ladders]

    @cached_property
    def steps(self) -> tuple[tuple[Comparison, list[int]], ...]:
        """Each comparison with the weights of its levels: made once, asked for every pair."""
        ladders = self.ladders()
        return tuple(zip(ladders, self.table(ladders), strict=True))

    def content(self) -> dict[str, Any]:
        """The model as plain values, for a file or a column of JSON."""
        return {"format": 1, **asdict(self)}

    def as_json(self) -> str:
        return json.dumps(self.content(), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Model":
        """Raises UnusableModel with the reason."""
        try:
            content = json.loads(text)
        except ValueError as error:
            raise UnusableModel(str(error)) from None
        return cls.from_content(content)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Model":
        """The opposite of `content`. Raises UnusableModel with the reason."""
        try:
            if content["format"] != 1 or content["kind"] not in KINDS:
                raise UnusableModel("it has another format, or another kind than company, person, other")
            weights = {
                name: {level: int(weight) for level, weight in levels.items()}
                for name, levels in content["weights"].items()
            }
            model = cls(
                kind=content["kind"],
                bias=int(content["bias"]),
                weights=weights,
                thresholds=Thresholds(**content["thresholds"]),
                version=str(content.get("version", "")),
                trained=content.get("trained", {}),
            )
            for ladder in model.ladders():
                unheard = set(weights[ladder.field]) - set(ladder.names)
                if unheard:
                    raise UnusableModel(f"the field {ladder.field} has no level {sorted(unheard)[0]}")
        except KeyError as error:
            raise UnusableModel(f"it has no field or level {error}") from None
        except (TypeError, AttributeError) as error:
            raise UnusableModel(str(error)) from None
        except ValueError as error:
            raise error if isinstance(error, UnusableModel) else UnusableModel(str(error)) from None
        return model


@dataclass(frozen=True)
class Part:
    """One bar of the waterfall: what the level of one field adds, in log odds."""

    field: str
    level: str
    weight: float


@dataclass(frozen=True)
class Score:
    """How sure it is that two records are one thing, and why. The parts and the bias add up to `weight`."""

    probability: float
    weight: float
    outcome: str
    conflict: bool
    parts: list[Part]


def probability(weight: float) -> float:
    """Log odds in whole-number units as a probability."""
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, weight / UNIT))))


def weight_of(chance: float) -> int:
    """A probability as whole-number log odds. 0 and 1 give the ends of the scale."""
    chance = min(max(chance, 1e-12), 1 - 1e-12)
    return round(UNIT * math.log(chance / (1 - chance)))


def conflicting(left: str | None, right: str | None) -> bool:
    """Whether two identities of one scheme differ: such records are never one thing."""
    return bool(left and right and left != right and left.partition(":")[0] == right.partition(":")[0])


def score(model: Model, left: Prepared, right: Prepared) -> Score:
    """The score of one pair of prepared records."""
    parts = [Part("bias", "", model.bias / UNIT)]
    total = model.bias
    for ladder, weights in model.steps:
        code = ladder.level(left, right)
        if code:
            total += weights[code]
            parts.append(Part(ladder.field, ladder.names[code], weights[code] / UNIT))
    mine, its = left.get("identity"), right.get("identity")
    mine, its = mine if isinstance(mine, str) else None, its if isinstance(its, str) else None
    conflict = conflicting(mine, its)
    if mine and mine == its:
        proof = max(PROOF - total, PROOF // 2)
        parts.append(Part("identity", "same", proof / UNIT))
        total += proof
    elif conflict:
        proof = min(-PROOF - total, -PROOF // 2)
        parts.append(Part("identity", "different", proof / UNIT))
        total += proof
    chance = probability(total)
    return Score(chance, total / UNIT, outcome(model.thresholds, chance, conflict=conflict), conflict, parts)


def outcome(thresholds: Thresholds, chance: float, *, conflict: bool) -> str:
    """What becomes of a pair: joined at once, shown to a person, or left alone."""
    if conflict:
        return DISTINCT
    if chance >= thresholds.automatic:
        return AUTOMATIC
    return REVIEW if chance >= thresholds.review else DISTINCT
