"""The nightly search for duplicates, over what changed since the last one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.activity.actions import record, wake
from pavillon.curation.actions.scanning_contacts import scan_contacts
from pavillon.curation.enums import PairState, ScanState
from pavillon.curation.models import DuplicatePair, Scan
from pavillon.curation.queries import find_neighbours, priority_of
from pavillon.directory.actions import (
    AlreadyMerged,
    TwoAccounts,
    TwoSirens,
    gather_late_rows,
    index_stale_companies,
    merge_companies,
)
from pavillon.directory.models import Company
from pavillon.directory.queries import late_merges, match_descriptions, side_to_keep
from pavillon.matching import queries as matching

SLICE = 2000
# From so many changed companies on, the whole base is compared at once by the engine's batch.
WHOLE_FROM = 50_000
# Records read, and pairs written, by one statement.
AT_ONCE = 5000


def scan_base(*, is_whole: bool = False) -> Scan:
    """Look for duplicates of the companies and people that changed since the last search, in three outcomes.

    From the automatic threshold on, clusters are merged; down to the threshold of review, pairs are proposed; below,
    nothing happens. Two different valid SIREN never meet; a union that would join them is proposed to a person instead.
    Two records of a person are always proposed, never merged.
    Each slice is a transaction: a search that was stopped goes on from there when this is called again.
    """
    scan = _open_scan(is_whole)
    model = matching.live_model("company")
    try:
        for event in late_merges():
            gather_late_rows(event)
        index_stale_companies()
        scan.model_version = model.version
        if scan.is_whole:
            _scan_slice(scan, list(_changed(scan)), model, everything=True)
        else:
            while slice_ := list(_changed(scan)[:SLICE]):
                _scan_slice(scan, slice_, model)
        scan_contacts(scan)
    except Exception as error:
        scan.state, scan.finished_at, scan.error = ScanState.FAILED, timezone.now(), str(error)[:300]
        scan.save()
        raise
    scan.state, scan.finished_at = ScanState.DONE, timezone.now()
    scan.save()
    record("curation.scan_finished", scan, by=None, merged=scan.merged, proposed=scan.proposed, refused=scan.refused)
    wake("curation.duplicates", audience="team")
    return scan


def _open_scan(is_whole: bool) -> Scan:
    """The search that was stopped, to be gone on with, or a new one from where the last one ended."""
    stopped = Scan.objects.filter(state__in=[ScanState.FAILED, ScanState.RUNNING]).order_by("-pk").first()
    last = Scan.objects.filter(state=ScanState.DONE).order_by("-until").first()
    if stopped is not None and (last is None or stopped.pk > last.pk) and not is_whole:
        stopped.state, stopped.finished_at, stopped.error = ScanState.RUNNING, None, ""
        stopped.save()
        return stopped
    Scan.objects.filter(state=ScanState.RUNNING).update(state=ScanState.FAILED, finished_at=timezone.now())
    since = None if is_whole or last is None else last.until
    scan = Scan.objects.create(is_whole=is_whole, since=since)
    if not is_whole and _changed(scan).count() >= WHOLE_FROM:
        scan.is_whole = True
        scan.save(update_fields=["is_whole"])
    return scan


def _changed(scan: Scan) -> QuerySet[Company, int]:
    """Numbers of the standing companies that the search still has to look at, in order."""
    rows = Company.objects.standing().filter(pk__gt=scan.position, changed_at__lte=scan.until)
    if scan.since is not None and not scan.is_whole:
        rows = rows.filter(changed_at__gt=scan.since)
    return rows.order_by("pk").values_list("pk", flat=True)


def _scan_slice(scan: Scan, changed: Sequence[int], model: matching.Model, *, everything: bool = False) -> None:
    """Compare, then write. No transaction is open while a million records are compared: that takes minutes."""
    if not changed:
        return
    wanted = changed if everything else find_neighbours(changed)
    pairs = matching.find_pairs(
        "company",
        _described(wanted),
        model=model,
        only=None if everything else set(changed),
        least=model.thresholds.review,
    )
    known = _decided(pairs)
    fresh = [pair for pair in pairs if (pair.left, pair.right) not in known and not pair.conflict]
    numbers = sorted({number for pair in fresh for number in (pair.left, pair.right)})
    identities = {
        pk: name for pk, record_ in _described(numbers) if (name := matching.identity("company", record_)) is not None
    }
    clusters = matching.cluster(fresh, identities, threshold=model.thresholds.automatic)
    refused = {(pair.left, pair.right) for pair in clusters.refused}
    with transaction.atomic():
        merged = _merge_clusters(fresh, clusters, scan, model)
        waiting = [pair for pair in fresh if (pair.left, pair.right) not in merged]
        for start in range(0, len(waiting), AT_ONCE):
            _propose(waiting[start : start + AT_ONCE], refused, scan)
        scan.position, scan.companies = changed[-1], scan.companies + len(changed)
        scan.compared += len(pairs)
        scan.save()


def _described(companies: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Companies as the engine takes them, read by slices: a whole base does not fit in memory twice."""
    for start in range(0, len(companies), AT_ONCE):
        yield from match_descriptions(companies[start : start + AT_ONCE]).items()


def _decided(pairs: Iterable[matching.Pair]) -> set[tuple[int, int]]:
    """Pairs of which somebody said something: they are never proposed again."""
    numbers = sorted({pair.left for pair in pairs})
    found: set[tuple[int, int]] = set()
    for start in range(0, len(numbers), AT_ONCE):
        rows = DuplicatePair.objects.filter(left__in=numbers[start : start + AT_ONCE])
        found |= set(rows.exclude(state=PairState.WAITING).values_list("left_id", "right_id"))
    return found


def _merge_clusters(
    pairs: Sequence[matching.Pair], clusters: matching.Clusters, scan: Scan, model: matching.Model
) -> set[tuple[int, int]]:
    """Merge the records of each cluster into the best known one; returns the pairs that are one record now."""
    groups: dict[int, list[int]] = {}
    for number, root in clusters.of.items():
        groups.setdefault(root, []).append(number)
    chances = {(pair.left, pair.right): pair.probability for pair in pairs}
    done: set[tuple[int, int]] = set()
    for numbers in groups.values():
        companies = list(Company.objects.standing().filter(pk__in=numbers).order_by("pk"))
        if len(companies) < 2:
            continue
        kept = companies[0]
        for company in companies[1:]:
            kept, _removed = side_to_keep(kept, company)
        for company in companies:
            key = (min(kept.pk, company.pk), max(kept.pk, company.pk))
            if company.pk == kept.pk or not _merge_quietly(kept, company, chances.get(key), model):
                continue
            scan.merged += 1
            for other in numbers:
                done.add((min(other, company.pk), max(other, company.pk)))
            DuplicatePair.objects.update_or_create(
                left_id=key[0],
                right_id=key[1],
                defaults={
                    "state": PairState.MERGED,
                    "decided_at": timezone.now(),
                    "probability": chances.get(key, model.thresholds.automatic),
                    "weight": 0,
                    "model_version": model.version,
                },
            )
    return done


def _merge_quietly(kept: Company, removed: Company, chance: float | None, model: matching.Model) -> bool:
    """Whether the merge was done; one that is refused goes to a person."""
    try:
        with transaction.atomic():
            merge_companies(
                kept=kept,
                removed=removed,
                by=None,
                reason=_("Nightly search for duplicates"),
                score=chance,
                model_version=model.version,
            )
    except (AlreadyMerged, TwoAccounts, TwoSirens, IntegrityError):
        return False
    return True


def _propose(pairs: Sequence[matching.Pair], refused: set[tuple[int, int]], scan: Scan) -> None:
    numbers = {pair.left for pair in pairs} | {pair.right for pair in pairs}
    companies = Company.objects.standing().in_bulk(list(numbers))
    known = {
        (row.left_id, row.right_id): row
        for row in DuplicatePair.objects.filter(state=PairState.WAITING, left__in={pair.left for pair in pairs})
    }
    rows = []
    for pair in pairs:
        left, right = companies.get(pair.left), companies.get(pair.right)
        if left is None or right is None:
            continue
        is_refused = (pair.left, pair.right) in refused
        scan.refused += is_refused
        scan.proposed += (pair.left, pair.right) not in known
        rows.append(
            DuplicatePair(
                left=left,
                right=right,
                probability=pair.probability,
                weight=pair.weight,
                model_version=scan.model_version,
                is_refused=is_refused,
                is_doubled=(pair.left + pair.right) % 10 == 0,
                priority=priority_of(pair.probability, (left, right)),
            )
        )
    DuplicatePair.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["left", "right"],
        update_fields=["probability", "weight", "model_version", "is_refused", "priority"],
    )
