"""Precision and recall of the matching, as measured on judged pairs, and what another threshold would change."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from pavillon.accounts.models import User
from pavillon.curation.enums import PairState
from pavillon.curation.models import DuplicatePair
from pavillon.matching import queries as matching
from pavillon.matching.models import LabelledPair, MatchModel

STEPS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class Published:
    """How the matching does at one threshold, on `pairs` judged pairs of which `matches` are one company."""

    threshold: float
    precision: float | None
    recall: float | None
    pairs: int
    matches: int


def _judged() -> list[tuple[float, bool]]:
    """(probability by the live model, is one company) of every pair that was kept for trials or judged by a person."""
    model = matching.live_model("company")
    pairs = LabelledPair.objects.filter(Q(is_frozen=True) | Q(origin="person"), kind="company")
    found = []
    for levels, is_match in pairs.values_list("levels", "is_match"):
        weight = model.bias + sum(model.weights.get(name, {}).get(level, 0) for name, level in levels.items())
        found.append((matching.probability(weight), is_match))
    return found


def curve(steps: Sequence[float] = STEPS) -> list[Published]:
    """Precision and recall from each threshold on."""
    judged = _judged()
    return [_at(step, judged) for step in steps]


def published(threshold: float) -> Published:
    """Precision and recall from one threshold on."""
    return _at(threshold, _judged())


def _at(threshold: float, judged: list[tuple[float, bool]]) -> Published:
    above = [is_match for chance, is_match in judged if chance >= threshold]
    matches = sum(is_match for _chance, is_match in judged)
    right = sum(above)
    return Published(
        threshold=threshold,
        precision=right / len(above) if above else None,
        recall=right / matches if matches else None,
        pairs=len(judged),
        matches=matches,
    )


def dry_run(automatic: float, review: float, user: User) -> dict[str, int]:
    """How many of the pairs that wait would be merged at once, shown to a person, or left alone."""
    waiting = DuplicatePair.objects.visible_to(user).filter(state=PairState.WAITING, is_refused=False)
    counts: dict[str, int] = waiting.aggregate(
        automatic=Count("pk", filter=Q(probability__gte=automatic)),
        review=Count("pk", filter=Q(probability__gte=review, probability__lt=automatic)),
        distinct=Count("pk", filter=Q(probability__lt=review)),
    )
    return counts


def model_versions() -> list[MatchModel]:
    """Versions of the weights for companies, the latest first."""
    return list(MatchModel.objects.filter(kind="company").order_by("-version")[:20])
