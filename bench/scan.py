"""The nightly search for duplicates over the invented country: all of it, then what changed since"""

import resource
import time

from launch.bench import NothingPoured, Row
from pavillon.curation.actions import scan_base
from pavillon.directory.models import Company, MatchRecord

LEAST_COMPANIES = 10_000
CHANGED = 1000


def run() -> list[Row]:
    """Seconds and memory of one whole search, of a night without changes and of one with a thousand of them."""
    if MatchRecord.objects.count() < LEAST_COMPANIES:
        raise NothingPoured
    rows = []
    whole, said = _timed("everything", is_whole=True)
    rows.append(whole)
    rows.append(_timed("nothing changed since")[0])
    keys = list(Company.objects.standing().order_by("pk").values_list("pk", flat=True)[:CHANGED])
    for company in Company.objects.filter(pk__in=keys):
        company.save(update_fields=["changed_at"])
    rows.append(_timed(f"{CHANGED:,} companies changed since")[0])
    return [*rows, Row("Pairs proposed by the whole search", said, "")]


def _timed(what: str, *, is_whole: bool = False) -> tuple[Row, int]:
    start = time.perf_counter()
    scan = scan_base(is_whole=is_whole)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    note = f"{scan.companies:,} companies; memory of the process {memory:.1f} GiB at most until here"
    return Row(f"The nightly search: {what}", seconds, "s", note=note), scan.proposed
