"""The nightly search for duplicates over the invented country: all of it, then what changed since"""

import resource
import time

from django.utils import timezone

from launch.bench import NothingPoured, Row
from pavillon.curation.actions import scan_base
from pavillon.directory.models import Company, Contact, MatchRecord

LEAST_COMPANIES = 10_000
# A normal night: so many of each thousand companies, and of each thousand people, changed that day.
CHANGED = 10


def run() -> list[Row]:
    """Seconds and memory of one whole search, of a night without changes and of one after a normal day."""
    if MatchRecord.objects.count() < LEAST_COMPANIES:
        raise NothingPoured
    rows = []
    whole, said = _timed("everything", is_whole=True)
    rows.append(whole)
    rows.append(_timed("nothing changed since")[0])
    for model in (Company, Contact):
        keys = list(model.objects.standing().order_by("pk").values_list("pk", flat=True)[:: 1000 // CHANGED])
        model.objects.filter(pk__in=keys).update(changed_at=timezone.now())
    rows.append(_timed("one per cent changed since")[0])
    return [*rows, Row("Pairs proposed by the whole search", said, "")]


def _timed(what: str, *, is_whole: bool = False) -> tuple[Row, int]:
    start = time.perf_counter()
    scan = scan_base(is_whole=is_whole)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    people = f"{scan.companies:,} companies and {scan.contacts:,} people"
    note = f"{people}; memory of the process {memory:.1f} GiB at most until here"
    return Row(f"The nightly search: {what}", seconds, "s", note=note), scan.proposed
