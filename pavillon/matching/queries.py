"""The engine's doors for other rooms. Nothing here writes."""

import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pavillon.matching.engine import clustering
from pavillon.matching.engine.batch import Batch
from pavillon.matching.engine.clustering import Clusters, Pair
from pavillon.matching.engine.comparisons import DIFFERENT, comparisons
from pavillon.matching.engine.keys import cap_of, keys_of, lookup_keys_of, question_keys_of
from pavillon.matching.engine.model import Model, Score, outcome, probability, score
from pavillon.matching.engine.records import Prepared, Raw, identity
from pavillon.matching.engine.records import prepare as prepare
from pavillon.matching.engine.shipped import shipped_model
from pavillon.matching.models import LabelledPair, MatchModel

__all__ = [
    "Clusters", "ExplainedPart", "ExplainedScore", "Model", "Pair", "Raw", "Score", "cap_of", "cluster", "find_pairs",
    "forget_models",
    "identity", "keys", "live_model", "lookup_keys", "outcome", "prepare", "question_keys", "score_pair",
    "score_prepared", "trial_of",
]  # fmt: skip

MODELS_KEPT_SECONDS = 60.0
_live: dict[str, tuple[float, Model]] = {}

FIELDS = {
    "bias": _("Before anything is compared"), "name": _("Name"), "trade_name": _("Trade name"),
    "role": _("Role in the name"),
    "legal_form": _("Legal form"), "phone": _("Phone"), "internet": _("E-mail and website"), "address": _("Address"),
    "address_2": _("Second address line"), "street_number": _("Street number"), "town": _("Town"),
    "postcode": _("Postcode"), "region": _("Region"), "country": _("Country"), "given_name": _("Given name"),
    "family_name": _("Family name"), "birth_date": _("Date of birth"), "national_id": _("National number"),
    "email": _("E-mail"), "company": _("Company"), "identity": _("Identity number"),
}  # fmt: skip
LEVELS = {
    "same": _("the same"), "same_words": _("the same words"), "close": _("nearly the same"),
    "acronym": _("one is the initials of the other"),
    "contained": _("one holds the other"), "alike": _("alike"), "same_start": _("the same beginning"),
    "shared_word": _("a word in common"), "different": _("different"), "one_only": _("on one side only"),
    "sister": _("on one side only, with a shared phone or mailbox"),
    "property_company": _("only one is a property company"), "same_email": _("the same address"),
    "same_domain": _("the same domain"), "other_mailbox": _("different mailboxes"),
    "street_only": _("the same street, one number missing"), "other_number": _("the same street, another number"),
    "same_town": _("the same town, another postcode"), "same_postcode": _("the same postcode"),
    "same_area": _("the same area"), "swapped": _("exchanged with another field"),
    "nickname": _("a short form of the other"),
    "initial": _("an initial"), "one_digit": _("one character apart"), "two_digits": _("two characters apart"),
    "same_year": _("the same year"), "same_day": _("the same day and month"), "loose": _("somewhat alike"),
}  # fmt: skip


@dataclass(frozen=True)
class ExplainedPart:
    """One bar of the waterfall: `weight` in log odds, `words` in the reader's language ("Name: nearly the same")."""

    field: str
    level: str
    weight: float
    words: str


@dataclass(frozen=True)
class ExplainedScore:
    """A score with its parts in words. The weights of all parts add up to `weight`."""

    probability: float
    weight: float
    outcome: str
    conflict: bool
    parts: list[ExplainedPart]


def live_model(kind: str) -> Model:
    """The model in use for a kind: the live version, or the one that ships. Remembered for a minute a process."""
    known = _live.get(kind)
    now = time.monotonic()
    if known and now - known[0] < MODELS_KEPT_SECONDS:
        return known[1]
    row = MatchModel.objects.filter(kind=kind, is_live=True).first()
    model = row.weights if row else shipped_model(kind)
    if model is None:
        raise KeyError(f"no matching model for {kind}")
    _live[kind] = (now, model)
    return model


def forget_models() -> None:
    """Read the live models again at the next question: after a promotion, and between tests."""
    _live.clear()


def keys(kind: str, record: Raw) -> list[str]:
    """The blocking keys of a raw record, of at most 64 characters. Records without a common key are never compared."""
    return keys_of(kind, prepare(kind, record))


def lookup_keys(kind: str, prepared: Prepared) -> list[str]:
    """The keys of a prepared record for an index that is asked while somebody types: a few more than `keys`."""
    return lookup_keys_of(kind, prepared)


def question_keys(kind: str, prepared: Prepared) -> list[str]:
    """The keys to look for in such an index."""
    return question_keys_of(kind, prepared)


def score_pair(kind: str, left: Raw, right: Raw, model: Model | None = None) -> ExplainedScore:
    """How sure it is that two raw records are one thing, with the reasons in words."""
    return explain(score_prepared(kind, prepare(kind, left), prepare(kind, right), model))


def score_prepared(kind: str, left: Prepared, right: Prepared, model: Model | None = None) -> Score:
    """The same for records that `prepare` made comparable; no words, about 20 µs."""
    return score(model or live_model(kind), left, right)


def explain(scored: Score) -> ExplainedScore:
    """A score whose parts speak the reader's language."""
    parts = []
    for part in scored.parts:
        name = str(FIELDS.get(part.field, part.field))
        level = str(LEVELS.get(part.level, part.level))
        words = gettext("%(field)s: %(level)s") % {"field": name, "level": level} if part.level else name
        parts.append(ExplainedPart(part.field, part.level, part.weight, words))
    return ExplainedScore(scored.probability, scored.weight, scored.outcome, scored.conflict, parts)


def find_pairs(
    kind: str,
    rows: Iterable[tuple[int, Raw]],
    *,
    model: Model | None = None,
    only: Collection[int] | None = None,
    least: float = 0.3,
    processes: int = 1,
) -> list[Pair]:
    """All pairs of a table with at least the probability `least`, the heaviest first.

    `rows`: (your number, raw record). `only`: numbers of the records that changed; pairs without one are left out.
    Runs on DuckDB in this process's memory (about 3 GB for a million rows).
    """
    numbers: list[int] = []

    def records() -> Iterable[Raw]:
        for number, record in rows:
            numbers.append(number)
            yield record

    with Batch(kind) as batch:
        batch.load(records(), processes=processes)
        wanted = None
        if only is not None:
            changed = set(only)
            wanted = [place for place, number in enumerate(numbers) if number in changed]
        batch.compare(only=wanted)
        batch.weigh(model or live_model(kind))
        found = batch.pairs(least)
    return [
        replace(
            pair,
            left=min(numbers[pair.left], numbers[pair.right]),
            right=max(numbers[pair.left], numbers[pair.right]),
        )
        for pair in found
    ]


def cluster(pairs: Iterable[Pair], identities: Mapping[int, str], *, threshold: float) -> Clusters:
    """Join pairs from `threshold` on, the heaviest first; two different valid identities never meet in one cluster."""
    return clustering.cluster(pairs, identities, threshold=threshold)


def trial_of(model: Model, pairs: Iterable[LabelledPair] | None = None) -> dict[str, Any]:
    """How a model does on judged pairs (the frozen ones of its kind, unless given).

    Keys: pairs, precision and recall at its automatic threshold, f1 at one half, loss (mean log loss, base e).
    """
    if pairs is None:
        pairs = LabelledPair.objects.filter(kind=model.kind, is_frozen=True)
    return trial([(pair.levels, pair.is_match) for pair in pairs], model)


def trial(judged: Iterable[tuple[Mapping[str, str], bool]], model: Model) -> dict[str, Any]:
    """The same for (levels, whether they match)."""
    joined = right = found = guessed = guessed_right = total = matches = 0
    loss = 0.0
    for levels, is_match in judged:
        weight = model.bias + sum(model.weights.get(field, {}).get(level, 0) for field, level in levels.items())
        chance = probability(weight)
        total += 1
        matches += is_match
        if chance >= model.thresholds.automatic:
            joined += 1
            right += is_match
        if chance >= 0.5:
            guessed += 1
            guessed_right += is_match
        found += is_match and chance >= model.thresholds.automatic
        loss -= log(min(max(chance if is_match else 1 - chance, 1e-9), 1))
    return {
        "pairs": total,
        "precision": round(right / joined, 4) if joined else None,
        "recall": round(found / matches, 4) if matches else None,
        "f1": round(2 * guessed_right / (guessed + matches), 4) if guessed + matches else None,
        "loss": round(loss / total, 5) if total else None,
    }


def is_better(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether a trial is at least as good on F1 and on precision, and better on one of F1, precision, loss."""
    f1, precision = (new["f1"] or 0) - (old["f1"] or 0), (new["precision"] or 0) - (old["precision"] or 0)
    return f1 >= 0 and precision >= 0 and (f1 > 0 or precision > 0 or (new["loss"] or 0) < (old["loss"] or 0))


def levels_of(kind: str, left: Raw, right: Raw) -> dict[str, str]:
    """Field -> level of two raw records, the missing ones left out: what a labelled pair keeps."""
    one, two = prepare(kind, left), prepare(kind, right)
    found = {}
    for ladder in comparisons(kind):
        code = ladder.level(one, two)
        if code:
            found[ladder.field] = ladder.names[code] if code < len(ladder.names) else DIFFERENT
    return found
