"""Where weights come from: labelled pairs (logistic regression), or the pairs alone (expectation-maximisation).

Both work on *patterns*: each distinct combination of levels with the number of pairs that show it. A million pairs
have some thousands of patterns, so training takes a second whatever the size of the table.

Sources. The unsupervised start is the mixture of two classes of Fellegi and Sunter (1969) fitted by EM as in Winkler
(1988): given the class, fields are independent. The supervised one is ridge logistic regression by Newton's method; its
prior mean may be an unsupervised model, so that a few dozen labels move it and thousands replace it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pavillon.matching.engine.comparisons import Comparison
from pavillon.matching.engine.model import UNIT, Model

Counts = NDArray[np.float64]
Levels = NDArray[np.int64]


class TooFewPairs(ValueError):
    """There is nothing to learn from."""


@dataclass(frozen=True)
class Patterns:
    """`levels[i, f]`: code of field f in pattern i; `counts[i]`: how many pairs show it."""

    levels: Levels
    counts: Counts


def learn_alone(ladders: Sequence[Comparison], patterns: Patterns, *, rounds: int = 200) -> tuple[int, list[list[int]]]:
    """Bias and weights learnt without any label. Raises TooFewPairs.

    Starts from the share of agreeing fields in each pattern, so that the class that agrees is the class of matches.
    """
    levels, counts = patterns.levels, patterns.counts
    total = counts.sum()
    if total < 50 or len(levels) < 2:
        raise TooFewPairs(f"{int(total)} pairs have a key in common; at least 50 are needed to learn without labels")
    matches = _first_guess(ladders, levels, counts)
    weights: list[NDArray[np.float64]] = []
    bias = 0.0
    for _ in range(rounds):
        yes, no = counts * matches, counts * (1 - matches)
        bias = float(np.log(max(yes.sum(), 1e-9) / max(no.sum(), 1e-9)))
        weights = [_ratio(levels[:, f], yes, no, len(c.names), c.at_odds) for f, c in enumerate(ladders)]
        odds = np.full(len(counts), bias)
        for f, weight in enumerate(weights):
            odds += weight[levels[:, f]]
        updated = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
        moved = float(np.abs(counts * (updated - matches)).sum() / total)
        matches = updated
        if moved < 1e-7:
            break
    return round(bias * UNIT), [[round(float(w) * UNIT) for w in weight] for weight in weights]


def _first_guess(ladders: Sequence[Comparison], levels: Levels, counts: Counts) -> NDArray[np.float64]:
    agreed = np.zeros(len(levels))
    known = np.zeros(len(levels))
    for f, ladder in enumerate(ladders):
        code = levels[:, f]
        # 1 for the best level, 0 for "different", evenly between.
        worth = np.clip(1 - (code - 1) / max(len(ladder.names) - 2, 1), 0, 1)
        agreed += np.where(code == 0, 0, worth)
        known += code != 0
    share = np.divide(agreed, known, out=np.zeros(len(levels)), where=known > 0)
    return np.clip((share - 0.35) / 0.5, 0.01, 0.99)


def _ratio(codes: NDArray[np.int64], yes: Counts, no: Counts, size: int, at_odds: float) -> NDArray[np.float64]:
    """Log of (share of the level among matches / among the others); missing weighs nothing.

    `at_odds` bounds the share of "different" among matches: without it, the class that agrees on most fields may be
    that of one household or one group instead of one person or one company.
    """
    m = np.bincount(codes, weights=yes, minlength=size)
    u = np.bincount(codes, weights=no, minlength=size)
    m[0] = u[0] = 0
    seen = (m + u) > 0
    # Half a pair is added to every level that was seen: none is ever proof.
    m, u = np.where(seen, m + 0.5, 0), np.where(seen, u + 0.5, 0)
    if not seen.any():
        return np.zeros(size)
    if m[-1] > at_odds * m.sum():
        m[-1] = at_odds / (1 - at_odds) * m[:-1].sum() if m[:-1].sum() else m[-1]
    ratio = np.zeros(size)
    ratio[seen] = np.log((m[seen] / m.sum()) / (u[seen] / u.sum()))
    return ratio


def learn_from_labels(
    ladders: Sequence[Comparison],
    matches: Patterns,
    others: Patterns,
    *,
    prior: tuple[int, list[list[int]]] | None = None,
    ridge: float = 1.0,
) -> tuple[int, list[list[int]]]:
    """Bias and weights from labelled patterns, by penalised Newton steps. `ridge` holds each weight to the prior's.

    Raises TooFewPairs when one of the classes is empty.
    """
    if matches.counts.sum() < 1 or others.counts.sum() < 1:
        raise TooFewPairs("labels of both kinds are needed: pairs that match and pairs that do not")
    levels = np.concatenate([matches.levels, others.levels])
    counts = np.concatenate([matches.counts, others.counts])
    truth = np.concatenate([np.ones(len(matches.counts)), np.zeros(len(others.counts))])
    starts = np.cumsum([0, *(len(c.names) - 1 for c in ladders)])
    # One column per level but "missing", and the bias last.
    design = np.zeros((len(levels), starts[-1] + 1))
    for f in range(len(ladders)):
        rows = np.nonzero(levels[:, f])[0]
        design[rows, starts[f] + levels[rows, f] - 1] = 1
    design[:, -1] = 1
    mean = np.zeros(design.shape[1])
    if prior is not None:
        bias, tables = prior
        for f, table in enumerate(tables):
            mean[starts[f] : starts[f + 1]] = np.array(table[1:]) / UNIT
        mean[-1] = bias / UNIT
    penalty = np.full(design.shape[1], ridge)
    penalty[-1] = ridge / 100 if prior is None else ridge
    weights = mean.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -60, 60)))
        slope = design.T @ (counts * (truth - chance)) - penalty * (weights - mean)
        bend = (design * (counts * np.maximum(chance * (1 - chance), 1e-10))[:, None]).T @ design
        step = np.linalg.solve(bend + np.diag(penalty), slope)
        # A bounded step keeps separable data from running away.
        step *= min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        weights += step
        if float(np.abs(step).max()) < 1e-6:
            break
    tables = [[0, *(round(float(w) * UNIT) for w in weights[starts[f] : starts[f + 1]])] for f in range(len(ladders))]
    return round(float(weights[-1]) * UNIT), tables


def as_model(kind: str, ladders: Sequence[Comparison], bias: int, tables: list[list[int]], **more: object) -> Model:
    """Weights as a model. Fields that were never seen keep weights of 0."""
    weights = {
        ladder.field: dict(zip(ladder.names[1:], table[1:], strict=True))
        for ladder, table in zip(ladders, tables, strict=True)
    }
    return Model(kind=kind, bias=bias, weights=weights, **more)  # type: ignore[arg-type]
