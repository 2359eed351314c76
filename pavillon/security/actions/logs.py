"""The read log, and the sealing of every log."""

import json
import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.core.postgresql.kept import Kept
from pavillon.core.trace import current_origin
from pavillon.core.trail import record
from pavillon.security.events import access_refused, reading_noted, record_missed
from pavillon.security.models import ChainedLog, LogAnchor, Reading
from pavillon.security.models.logs import NOT_SHOWN, canonical_address
from pavillon.security.queries import chained_logs, last_anchor
from pavillon.security.telling import told_already

BATCH = 2000
MONTHS_AHEAD = 3
REFRESH_MINUTES = 10
# What a page on the screen shows again by itself; a document or a file is a reading each time.
REFRESHED = frozenset({"page", "panel", "list", "search"})


def keep_reading(
    *, user: Any, model: type[Model], pk: object | None, how: str, rows: int = 1, ids: Iterable[object] = ()
) -> None:
    """Write one line of the read log: one statement, whatever was read.

    A page that loads its panels, or refreshes them when something moves, shows again what its reader has on the
    screen: for `REFRESH_MINUTES` that is the same reading, and adds no line.

    `ids` are the keys of the rows of a list or an export, so that "who saw this company" also finds the lists
    that it stood in; keys that are not whole numbers are left out (reference data).
    """
    person = user if isinstance(user, User) else None
    shown = [each for each in ids if isinstance(each, int)]
    told = told_already() if how == "panel" else None
    label, key = model._meta.label_lower, "" if pk is None else str(pk)
    this = (person.pk if person else None, label, key, *shown)
    if person is not None and told is not None and this in told:
        _announce(person, model, how, rows, is_new=False, line=None)
        return
    origin = current_origin()
    reading = Reading(
        user=person,
        organisation=person.organisation if person else None,
        model=label,
        object_id=key,
        how=how,
        rows=rows,
        ids=shown,
        read_at=timezone.now(),
        address=canonical_address(origin.address) or None,
        path=origin.path[:200],
    )
    is_new = True
    if person is not None and (how == "panel" or (origin.is_piece and how in REFRESHED)):
        is_new = _keep_unless_known(reading)
    else:
        _keep(reading)
    if told is not None:
        told.add(this)
    if person is not None and how != NOT_SHOWN:
        _announce(person, model, how, rows, is_new=is_new, line=reading.pk if is_new else None)


def _announce(user: User, model: type[Model], how: str, rows: int, *, is_new: bool, line: int | None) -> None:
    reading_noted.send(sender=Reading, user=user, model=model, how=how, rows=rows, is_new=is_new, line=line)


_COLUMNS = [column for column in Reading._meta.concrete_fields if not column.primary_key]
_INSERT = (
    f"INSERT INTO security_reading ({', '.join(str(column.column) for column in _COLUMNS)})"
    f" SELECT {', '.join(['%s'] * len(_COLUMNS))} "
)


def _keep(reading: Reading, unless: str = "", asked: Iterable[Any] = ()) -> bool:
    """Insert the line, the same columns whatever was read; whether it was inserted."""
    reading.put_signature()
    values = [column.get_db_prep_save(getattr(reading, column.attname), connection) for column in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(Kept(f"{_INSERT}{unless} RETURNING id"), [*values, *asked])
        reading.pk = next((key for (key,) in cursor.fetchall()), None)
        return reading.pk is not None


def _keep_unless_known(reading: Reading) -> bool:
    """Insert the line unless the same person was told the same a moment ago; whether it was inserted.

    What was made ready then and not shown (`note_not_shown`) was not told: it is read now.
    """
    since = reading.read_at - timedelta(minutes=REFRESH_MINUTES)
    return _keep(
        reading,
        "WHERE NOT EXISTS ("
        " SELECT 1 FROM security_reading AS known WHERE user_id = %s AND read_at > %s AND model = %s"
        " AND object_id = %s AND ids = %s::bigint[] AND how = ANY(%s) AND NOT EXISTS ("
        " SELECT 1 FROM security_reading AS word WHERE word.model = %s AND word.object_id = ''"
        " AND word.read_at > %s AND word.how = %s AND known.id = ANY(word.ids)))",
        [
            reading.user_id,
            since,
            reading.model,
            reading.object_id,
            reading.ids,
            ["page", "panel"] if reading.how in {"page", "panel"} else [reading.how],
            Reading._meta.label_lower,
            since,
            NOT_SHOWN,
        ],
    )


def note_not_shown(*, user: User, lines: Iterable[int]) -> None:
    """Say in the read log that what these lines tell was made ready and not shown: the answer stayed in.

    A line is never altered, so another one names them (`ids`, model "security.reading", how "refused").
    """
    keys = sorted(lines)
    if keys:
        keep_reading(user=user, model=Reading, pk=None, how=NOT_SHOWN, rows=len(keys), ids=keys)


def note_refusal(*, user: User, permission: str, path: str) -> None:
    """Keep in the trail that somebody was refused a page, an act or a call. What stood in the question stays out."""
    record("security.access_refused", user, by=user, permission=permission[:100], reason=path[:200])
    access_refused.send(sender=User, user=user)


def note_missing(*, user: User, path: str) -> None:
    """Keep in the trail that somebody asked for a record that is not there, or not for him: one after the other, they
    are numbers being tried. What stood in the question stays out."""
    record("security.record_missed", user, by=user, reason=path[:200])
    record_missed.send(sender=User, user=user)


def leave_reading(reading: Reading) -> None:
    """What erasing a person does to the read log: nothing.

    A line names the person by number only, so an erased account makes it anonymous; the line itself is proof for
    the companies whose records were read, and goes with the partition of its month at the end of its term.
    """


def open_reading_months(*, today: date, ahead: int = MONTHS_AHEAD) -> None:
    """Make the partitions of this month and of the next ones; existing ones are left alone."""
    with connection.cursor() as cursor:
        for month in range(today.month - 1, today.month + ahead):
            cursor.execute("SELECT open_reading_month(%s)", [date(today.year + month // 12, month % 12 + 1, 1)])


def seal_logs() -> dict[str, int]:
    """Give every line that has none its place in the chain. Returns how many, by log.

    A line of a transaction that still runs is not visible yet: it simply waits, unsealed, for the next run, so
    none is ever skipped. Lines that the application did not sign stay outside the chain, for `verify_trail`.
    """
    return {log._meta.label_lower: _seal(log) for log in chained_logs()}


def _seal(log: type[ChainedLog]) -> int:
    sealed, after = 0, 0
    while True:
        done, after, found = _seal_batch(log, after)
        sealed += done
        if found < BATCH:
            return sealed


@transaction.atomic
def _seal_batch(log: type[ChainedLog], after: int) -> tuple[int, int, int]:
    """Seal lines with an id beyond `after`. Returns (sealed, last id seen, lines seen)."""
    label = log._meta.label_lower
    with connection.cursor() as cursor:
        # Two sealers at once would give one place twice.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seal {label}"])
    waiting = list(log._default_manager.filter(sequence__isnull=True, pk__gt=after).order_by("pk")[:BATCH])
    if not waiting:
        return 0, after, 0
    anchor = last_anchor(log)
    # The head is what we signed, not what the table says: a tail cut off since then stays a hole.
    sequence, chain = (anchor.sequence, bytes(anchor.chain)) if anchor else (0, b"")
    places = []
    for line in waiting:
        if line.is_authentic():
            sequence, chain = sequence + 1, line.link_after(chain)
            places.append((line.pk, sequence, chain))
    if places:
        _give_places(log, places)
        head = LogAnchor(log=label, number=anchor.number + 1 if anchor else 1, sequence=sequence, chain=chain)
        head.signed_after(anchor.mac if anchor else b"").save()
        transaction.on_commit(lambda: _tell_witness(head))
    return len(places), waiting[-1].pk, len(waiting)


def _give_places(log: type[ChainedLog], places: list[tuple[int, int, bytes]]) -> None:
    ids, sequences, chains = (list(column) for column in zip(*places, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {log._meta.db_table} AS line SET sequence = place.sequence, chain = place.chain"  # noqa: S608
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS place (id, sequence, chain)"
            " WHERE line.id = place.id AND line.sequence IS NULL",
            [ids, sequences, chains],
        )


def _tell_witness(head: LogAnchor) -> None:
    """Keep the last head of each log outside the database, where who can cut the log cannot reach."""
    if not settings.LOG_WITNESS_FILE:
        return
    path = Path(settings.LOG_WITNESS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = json.loads(path.read_text()) if path.exists() else {}
    known[head.log] = {"number": head.number, "sequence": head.sequence, "chain": bytes(head.chain).hex()}
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(known, indent=1))
    os.replace(draft, path)
