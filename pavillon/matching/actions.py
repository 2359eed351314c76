"""New versions of the weights, and the judged pairs that they come from."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.matching.engine.batch import Batch
from pavillon.matching.engine.comparisons import comparisons
from pavillon.matching.engine.model import Model, Thresholds
from pavillon.matching.engine.records import Raw
from pavillon.matching.engine.shipped import shipped_model, shipped_pairs
from pavillon.matching.engine.training import Patterns, TooFewPairs, as_model, learn_from_labels
from pavillon.matching.enums import Origin, RecordKind
from pavillon.matching.models import LabelledPair, MatchModel
from pavillon.matching.queries import forget_models, is_better, levels_of, live_model, trial_of


class NotBetter(Exception):
    """The version does worse than the one in use on the frozen pairs; it is not put to use."""


class NoFrozenPairs(Exception):
    """There is nothing to try a version on: load the pairs that ship (`load_matching`), or freeze judged pairs."""


class NothingToLearnFrom(Exception):
    """There are no judged pairs of both sorts, and no rows with identities; the message says how many there are."""


@transaction.atomic
def add_model(*, kind: str, model: Model, learnt_from: str, by: User | None) -> MatchModel:
    """Keep a model as the next version of its kind, with its trial on the frozen pairs. It is not in use yet."""
    _one_at_a_time(kind)
    last = MatchModel.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    added = MatchModel.objects.create(
        kind=kind,
        version=last + 1,
        content=replace(model, version=str(last + 1)).content(),
        learnt_from=learnt_from,
        metrics=trial_of(model),
    )
    record("matching.model_added", added, by=by, kind=kind, version=added.version, metrics=added.metrics)
    return added


@transaction.atomic
def promote_model(*, version: MatchModel, by: User | None) -> MatchModel:
    """Put a version to use, if it does at least as well as the live one on the frozen pairs and better on one count.

    Counts: F1 at one half, precision at the automatic threshold, log loss. The first version of a kind needs no
    comparison. Raises NotBetter, NoFrozenPairs.
    """
    _one_at_a_time(version.kind)
    live = MatchModel.objects.filter(kind=version.kind, is_live=True).first()
    version = MatchModel.objects.get(pk=version.pk)
    if version.is_live:
        return version
    version.metrics = trial_of(version.weights)
    if live is not None:
        before = trial_of(live.weights)
        if not before["pairs"]:
            raise NoFrozenPairs(version.kind)
        if not is_better(version.metrics, before):
            raise NotBetter(f"{version.metrics} / {before}")
        live.is_live = False
        live.save(update_fields=["is_live"])
    version.is_live = True
    version.save(update_fields=["is_live", "metrics"])
    record(
        "matching.model_promoted",
        version,
        by=by,
        kind=version.kind,
        version=version.version,
        replaces=live.version if live else None,
        metrics=version.metrics,
    )
    transaction.on_commit(forget_models)
    return version


@transaction.atomic
def load_shipped() -> dict[str, int]:
    """Give each kind the model that ships, unless it has one, and the frozen pairs. Safe to repeat.

    Returns kind -> number of the version in use.
    """
    live: dict[str, int] = {}
    for kind in RecordKind.values:
        _one_at_a_time(kind)
        LabelledPair.objects.bulk_create(
            (
                LabelledPair(
                    kind=kind,
                    left=f"invented:{place}",
                    right=f"invented:{place}",
                    levels=levels,
                    is_match=is_match,
                    origin=Origin.INVENTED,
                    is_frozen=True,
                )
                for place, (levels, is_match) in enumerate(shipped_pairs(kind))
            ),
            ignore_conflicts=True,
        )
        model = shipped_model(kind)
        if model is not None and not MatchModel.objects.filter(kind=kind).exists():
            promote_model(version=add_model(kind=kind, model=model, learnt_from="invented records", by=None), by=None)
        live |= dict(MatchModel.objects.filter(kind=kind, is_live=True).values_list("kind", "version"))
    return live


@transaction.atomic
def label_pair(
    *,
    kind: str,
    left: tuple[str, Raw],
    right: tuple[str, Raw],
    is_match: bool,
    origin: str = Origin.PERSON,
    is_frozen: bool = False,
    by: User | None,
) -> LabelledPair:
    """Keep a verdict on two records, each ("room.model:number", raw record). A later one of its origin replaces it."""
    first, second = sorted((left, right), key=lambda side: side[0])
    labelled, _created = LabelledPair.objects.update_or_create(
        kind=kind,
        left=first[0],
        right=second[0],
        origin=origin,
        defaults={
            "levels": levels_of(kind, first[1], second[1]),
            "is_match": is_match,
            "is_frozen": is_frozen,
            "decided_at": timezone.now(),
            "decided_by": by,
        },
    )
    record("matching.pair_labelled", labelled, by=by, kind=kind, left=first[0], right=second[0], is_match=is_match)
    return labelled


def retrain(*, kind: str, rows: Iterable[Raw] | None = None, processes: int = 1, by: User | None) -> MatchModel:
    """Learn the next version of a kind. It is not put to use: see `promote_model`.

    With `rows`, from the pairs whose identities are both known; the verdicts of people then move it. Without, from the
    verdicts alone, starting from the model in use. Raises NothingToLearnFrom.
    """
    start, said = live_model(kind), []
    thresholds = start.thresholds
    if rows is not None:
        with Batch(kind) as batch:
            batch.load(rows, processes=processes)
            batch.compare()
            try:
                learnt = batch.learn()
            except TooFewPairs as error:
                raise NothingToLearnFrom(str(error)) from None
        if learnt.how != "shipped":
            start = learnt.model
            said.append(f"{learnt.how}: {sum(learnt.model.trained.get('pairs', []))}")
    judged = list(LabelledPair.objects.filter(kind=kind, is_frozen=False).order_by("pk"))
    yes, no = (_patterns(kind, [p for p in judged if p.is_match is verdict]) for verdict in (True, False))
    if yes.counts.sum() and no.counts.sum():
        ladders = comparisons(kind)
        bias, tables = learn_from_labels(ladders, yes, no, prior=(start.bias, start.table(ladders)), ridge=2.0)
        start = as_model(kind, ladders, bias, tables, trained={"how": "labels", "pairs": [len(judged)]})
        said.append(f"labels: {len(judged)}")
    if not said:
        raise NothingToLearnFrom(f"{len(judged)} judged pairs")
    return add_model(kind=kind, model=replace(start, thresholds=thresholds), learnt_from=", ".join(said), by=by)


def set_thresholds(*, version: MatchModel, automatic: float, review: float, by: User | None) -> MatchModel:
    """The next version: the same weights with other thresholds (probabilities, review < automatic)."""
    model = replace(version.weights, thresholds=Thresholds(automatic=automatic, review=review))
    return add_model(kind=version.kind, model=model, learnt_from=f"thresholds of version {version.version}", by=by)


def _patterns(kind: str, pairs: list[LabelledPair]) -> Patterns:
    """Labelled pairs as the levels that training reads; a level that no longer exists counts as missing."""
    ladders = comparisons(kind)
    codes = [{name: code for code, name in enumerate(ladder.names)} for ladder in ladders]
    rows = [
        [by_name.get(pair.levels.get(ladder.field, ""), 0) for ladder, by_name in zip(ladders, codes, strict=True)]
        for pair in pairs
    ]
    return Patterns(np.array(rows, dtype=np.int64).reshape(len(rows), len(ladders)), np.ones(len(rows)))


def _one_at_a_time(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('matching.' || %s))", [kind])
