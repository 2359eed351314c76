"""Reads every log from its first line to its last and names what does not hold.

Memory does not grow with the log: lines are read in runs of `BATCH`, in the order of their places.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from pavillon.security.models import ChainedLog, LogAnchor

BATCH = 5000


@dataclass(frozen=True)
class Fault:
    """One line that is not as the application wrote it: altered, missing, inserted or misplaced."""

    log: str
    kind: str
    line: str
    reason: str

    def __str__(self) -> str:
        return f"{self.log}: {self.line} {self.kind}: {self.reason}"


Progress = Callable[[str, int], Any]


def faults_of(log: type[ChainedLog], progress: Progress = lambda name, lines: None) -> Iterator[Fault]:
    """Every fault of one log. `progress(log, lines read)` is called after each run."""
    label = log._meta.label_lower
    yield from _anchor_faults(label)
    yield from _chain_faults(log, progress)
    yield from _unsealed_faults(log)
    yield from _doubles(log)
    yield from _witness_faults(label)


def _told(line: ChainedLog) -> str:
    return f"line {line.sequence} (id {line.pk})" if line.sequence else f"unsealed line (id {line.pk})"


def _anchors(label: str) -> Iterator[LogAnchor]:
    after = 0
    while run := list(LogAnchor.objects.filter(log=label, number__gt=after).order_by("number")[:BATCH]):
        yield from run
        after = run[-1].number


def _anchor_faults(label: str) -> Iterator[Fault]:
    previous_mac, expected = b"", 1
    for anchor in _anchors(label):
        if anchor.number != expected:
            yield Fault(label, "missing", f"anchors {expected} to {anchor.number - 1}", "taken out of the table")
        elif not anchor.is_authentic(previous_mac):
            yield Fault(label, "altered", f"anchor {anchor.number}", "its signature does not hold")
        previous_mac, expected = bytes(anchor.mac), anchor.number + 1


def _hole(label: str, first: int, last: int, reason: str) -> Fault:
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return Fault(label, "missing", lines, reason)


def _sealed(log: type[ChainedLog]) -> Iterator[list[ChainedLog]]:
    """Sealed lines in the order of their places, run by run. Two lines in one place stay in one run."""
    after = 0
    while True:
        run = list(log._default_manager.filter(sequence__gt=after).order_by("sequence", "pk")[:BATCH])
        if not run:
            return
        if len(run) == BATCH:
            # The last place may be shared with a line beyond this run.
            run += log._default_manager.filter(sequence=run[-1].sequence, pk__gt=run[-1].pk)
        yield run
        after = run[-1].sequence or after


def _chain_faults(log: type[ChainedLog], progress: Progress) -> Iterator[Fault]:
    label, anchors = log._meta.label_lower, _anchors(log._meta.label_lower)
    anchor = next(anchors, None)
    place, chain, is_whole, read = 0, b"", True, 0
    for run in _sealed(log):
        for line in run:
            assert line.sequence is not None
            if line.sequence == place:
                yield Fault(label, "inserted", _told(line), "its place is another line's")
                continue
            if line.sequence > place + 1:
                yield _hole(label, place + 1, line.sequence - 1, "taken out of the chain")
                is_whole = False
            stored = bytes(line.chain or b"")
            if not line.is_authentic():
                yield Fault(label, "altered", _told(line), "its content is not what was signed")
            elif is_whole and line.link_after(chain) != stored:
                yield Fault(label, "altered", _told(line), "its link does not follow from the line before")
            place, chain, is_whole = line.sequence, stored, True
            while anchor and anchor.sequence <= place:
                if anchor.sequence == place and bytes(anchor.chain) != stored:
                    reason = f"signed anchor {anchor.number} holds another chain: lines before were rewritten"
                    yield Fault(label, "altered", _told(line), reason)
                anchor = next(anchors, None)
        for faulty, reason in log.faults_beyond_the_line(run):
            yield Fault(label, "misplaced", _told(faulty), reason)
        read += len(run)
        progress(label, read)
    last = None
    while anchor:
        last, anchor = anchor, next(anchors, None)
    if last:
        yield _hole(label, place + 1, last.sequence, f"cut off the end: anchor {last.number} had signed them")
    elif place and not LogAnchor.objects.filter(log=label, sequence__gte=place).exists():
        yield Fault(label, "missing", "the last anchors", f"no anchor signs line {place}")


def _unsealed_faults(log: type[ChainedLog]) -> Iterator[Fault]:
    after = 0
    while run := list(log._default_manager.filter(sequence__isnull=True, pk__gt=after).order_by("pk")[:BATCH]):
        for line in run:
            if not line.is_authentic():
                reason = "not written by the application, or altered before it was sealed"
                yield Fault(log._meta.label_lower, "inserted", _told(line), reason)
        after = run[-1].pk


def _doubles(log: type[ChainedLog]) -> Iterator[Fault]:
    """Lines copied whole, signature included. PostgreSQL sorts; only what it finds comes here."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min(id), array_agg(id ORDER BY id) FROM {log._meta.db_table}"  # noqa: S608
            " GROUP BY mac HAVING count(*) > 1"
        )
        for first, ids in cursor.fetchall():
            for copy in ids[1:]:
                yield Fault(log._meta.label_lower, "inserted", f"line (id {copy})", f"a copy of line (id {first})")


def _witness_faults(label: str) -> Iterator[Fault]:
    """What the witness file saw last must still be in the table of anchors."""
    path = Path(settings.LOG_WITNESS_FILE) if settings.LOG_WITNESS_FILE else None
    seen = json.loads(path.read_text()).get(label) if path and path.exists() else None
    if seen is None:
        return
    anchor = LogAnchor.objects.filter(log=label, number=seen["number"]).first()
    if anchor is None:
        reason = f"the witness file {path} saw anchor {seen['number']} at line {seen['sequence']}"
        yield Fault(label, "missing", "the end of the log", reason)
    elif bytes(anchor.chain).hex() != seen["chain"]:
        yield Fault(label, "altered", f"anchor {anchor.number}", f"the witness file {path} saw another chain")
