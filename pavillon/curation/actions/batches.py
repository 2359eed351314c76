"""Merges in batches: rehearsed, run as a job, undone together."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.curation.enums import BatchState, LineState, PairState
from pavillon.curation.models import BatchLine, DuplicatePair, MergeBatch
from pavillon.directory.actions import (
    AlreadyMerged,
    CannotUndo,
    TwoAccounts,
    TwoSirens,
    merge_companies,
    rehearse_merge,
    undo_merge,
)
from pavillon.directory.models import Company
from pavillon.directory.queries import side_to_keep
from pavillon.matching import queries as matching

REFUSALS = (AlreadyMerged, TwoAccounts, TwoSirens)


@transaction.atomic
def rehearse_batch(*, title: str, least: float, most: int, by: User) -> MergeBatch:
    """Rehearse the merges of the pairs that wait, from a probability on: each is tried out and taken back.

    Pairs that hang together are brought into clusters first: each record is merged once, and two valid SIREN never
    meet.
    """
    batch = MergeBatch.objects.create(title=title, made_by=by)
    pairs = list(
        DuplicatePair.objects.visible_to(by)
        .filter(state=PairState.WAITING, is_refused=False, probability__gte=least)
        .by_priority()[:most]
    )
    numbers = {pair.left_id for pair in pairs} | {pair.right_id for pair in pairs}
    companies = Company.objects.standing().in_bulk(list(numbers))
    identities = {pk: f"siren:{company.siren}" for pk, company in companies.items() if company.siren}
    chances = {(pair.left_id, pair.right_id): pair.probability for pair in pairs}
    clusters = matching.cluster(
        [matching.Pair(pair.left_id, pair.right_id, pair.probability, pair.weight) for pair in pairs],
        identities,
        threshold=least,
    )
    groups: dict[int, list[Company]] = {}
    for number, root in clusters.of.items():
        if number in companies:
            groups.setdefault(root, []).append(companies[number])
    for group in groups.values():
        kept = group[0]
        for company in group[1:]:
            kept, _removed = side_to_keep(kept, company)
        for company in group:
            if company.pk != kept.pk:
                key = (min(kept.pk, company.pk), max(kept.pk, company.pk))
                _rehearse_line(batch, kept, company, chances.get(key), by)
    record("curation.batch_rehearsed", batch, by=by, title=title, merges=batch.lines.count(), least=least)
    return batch


def _rehearse_line(batch: MergeBatch, kept: Company, removed: Company, chance: float | None, by: User) -> None:
    line = BatchLine(batch=batch, kept=kept, removed=removed, probability=chance)
    try:
        moved = rehearse_merge(kept=kept, removed=removed, by=by).moved
        line.moves = sum(len(pks) for pks in moved.get("moved", {}).values()) + len(moved.get("changed", []))
    except REFUSALS as error:
        line.state, line.note = LineState.REFUSED, str(error)[:300]
    line.save()


@transaction.atomic
def run_batch(*, batch: MergeBatch, by: User) -> MergeBatch:
    """Start the job that merges the lines of a rehearsed batch."""
    batch = MergeBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if batch.state == BatchState.REHEARSED:
        batch.state = BatchState.RUNNING
        batch.save(update_fields=["state"])
        record("curation.batch_run", batch, by=by, title=batch.title)
        app.configure_task("curation.merge_batch").defer(batch_id=batch.pk, by_id=by.pk)
    return batch


def merge_lines(*, batch: MergeBatch, by: User) -> MergeBatch:
    """Merge the lines that are ready, each in a transaction of its own; a job that was stopped goes on."""
    for line in batch.lines.filter(state=LineState.READY).select_related("kept", "removed"):
        with transaction.atomic():
            try:
                with transaction.atomic():
                    line.event = merge_companies(
                        kept=line.kept, removed=line.removed, by=by, reason=batch.title, score=line.probability
                    )
                line.state = LineState.MERGED
                pairs = DuplicatePair.objects.filter(
                    left__in=[line.kept, line.removed], right__in=[line.kept, line.removed]
                )
                pairs.update(state=PairState.MERGED, decided_at=timezone.now())
            except REFUSALS as error:
                line.state, line.note = LineState.REFUSED, str(error)[:300]
            line.save()
        wake("curation.batch", audience="team", batch=batch.pk)
    batch.state, batch.finished_at = BatchState.DONE, timezone.now()
    batch.save(update_fields=["state", "finished_at"])
    notify([by], "curation.batch_done", title=batch.title, url=batch.get_absolute_url(), email=False)
    wake("curation.batch", audience="team", batch=batch.pk)
    return batch


def undo_batch(*, batch: MergeBatch, by: User) -> MergeBatch:
    """Undo every merge of a batch, the last first; one that cannot be undone says why and stays."""
    for line in batch.lines.filter(state=LineState.MERGED).select_related("event").order_by("-pk"):
        with transaction.atomic():
            try:
                with transaction.atomic():
                    undo_merge(event=line.event, by=by)  # type: ignore[arg-type]
                line.state, line.note = LineState.UNDONE, ""
                pairs = DuplicatePair.objects.filter(
                    left__in=[line.kept_id, line.removed_id], right__in=[line.kept_id, line.removed_id]
                )
                pairs.update(state=PairState.WAITING, decided_at=None)
            except CannotUndo as error:
                line.state, line.note = LineState.STUCK, str(error)[:300]
            line.save()
    batch.state = BatchState.UNDONE
    batch.save(update_fields=["state"])
    record("curation.batch_undone", batch, by=by, title=batch.title)
    return batch
