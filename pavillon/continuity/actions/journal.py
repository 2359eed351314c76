"""The journal beside the database (`<data>/continuity/`), taken in when the database is there."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pavillon.activity.actions import record
from pavillon.continuity.actions.probing import take_in_answers
from pavillon.continuity.enums import EventKind
from pavillon.continuity.models import Backup, BackupCopy, Event, RestoreTest
from pavillon.continuity.queries import journal


def take_in_journal() -> int:
    """Everything that was written since the last time. Returns how many lines were new; safe to repeat."""
    taken = take_in_events(lines=journal.events())
    for probe, answers in journal.answers():
        taken += take_in_answers(probe=probe, answers=answers)
    return taken


@transaction.atomic
def take_in_events(*, lines: list[dict[str, Any]]) -> int:
    """Backups, restore tests, fail-overs, renewals. A line is known by its reference, so none is taken twice."""
    known = set(Event.objects.values_list("reference", flat=True))
    known |= set(RestoreTest.objects.values_list("reference", flat=True))
    names = set(Backup.objects.values_list("name", flat=True))
    taken = 0
    for line in lines:
        kind, reference = line["kind"], line["reference"]
        if kind == "backup" and line["name"] not in names:
            _backup(line)
            names.add(line["name"])
        elif kind == "backup_retired":
            taken += _retire(line)
            continue
        elif kind == "restore_test" and reference not in known:
            _restore_test(line)
        elif kind in EventKind.values and reference not in known:
            facts = {name: value for name, value in line.items() if name not in ("reference", "kind", "at")}
            event = Event.objects.create(
                reference=reference, kind=kind, at=datetime.fromisoformat(line["at"]), facts=facts
            )
            record(f"continuity.platform_{kind}", event, by=None, **facts)
        else:
            continue
        taken += 1
    return taken


def _backup(line: dict[str, Any]) -> None:
    backup = Backup.objects.create(
        name=line["name"],
        finished_at=datetime.fromisoformat(line["finished_at"]),
        seconds=line["seconds"],
        size=line["size"],
        digest=line["digest"],
        key_number=line["key"],
        keep_until=datetime.fromisoformat(line["keep_until"]),
    )
    for site in line["sites"]:
        BackupCopy.objects.create(backup=backup, site=site["code"], town=site["town"], country=site["country"])
    # The digest in the trail: who swaps a backup at its site cannot swap this.
    record("continuity.backup_made", backup, by=None, digest=line["digest"], sites=len(line["sites"]))


def _retire(line: dict[str, Any]) -> int:
    copies = BackupCopy.objects.filter(backup__name=line["name"], site=line["site"], retired_at=None)
    return copies.update(retired_at=datetime.fromisoformat(line["at"]))


def _restore_test(line: dict[str, Any]) -> None:
    test = RestoreTest.objects.create(
        reference=line["reference"],
        at=datetime.fromisoformat(line["at"]),
        backup=line["backup"],
        site=line["site"],
        seconds=line["seconds"],
        passed=line["passed"],
        problem=line["problem"],
        checks=line["checks"],
    )
    record("continuity.restore_tested", test, by=None, passed=test.passed, seconds=line["seconds"])
