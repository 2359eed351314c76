"""The life of the keys: new ones take over, holders revoke them, shares of a recovery secret bring them back."""

from collections.abc import Iterable, Sequence

import tink
from django.db import connection, transaction
from django.utils import timezone

from keyservice.holding import KeyRevoked, KeyUnavailable, MasterKey
from keyservice.shares import combine, split
from pavillon.accounts.models import User
from pavillon.core.trail import record
from pavillon.security import keys
from pavillon.security.enums import HELD, ROTATING, Purpose, Source
from pavillon.security.hearing import tell_keys_changed
from pavillon.security.keysets import (
    new_recovery,
    open_by_recovery,
    seal_for_recovery,
    unwrap,
    with_new_primary,
    wrap,
)
from pavillon.security.master import MasterKeyMissing, source
from pavillon.security.models import DataKey, RecoverySet, RecoveryShare


class IndexKeyCannotRotate(Exception):
    """Every digest of a search column would have to be computed again: that is a migration, not a rotation."""


class NotRevoked(Exception):
    """The keys open: there is nothing to rebuild."""


class NothingToRebuildFrom(Exception):
    """No recovery secret was ever split, or it was split after the keys were revoked."""


class SameSource(Exception):
    """The keys are there already."""


def _changed() -> None:
    """Tell every process, this one included, once the transaction holds."""
    with connection.cursor() as cursor:
        tell_keys_changed(cursor)
    transaction.on_commit(keys.keyring.forget)


def _last(purposes: Iterable[Purpose]) -> dict[Purpose, DataKey]:
    """The keys in use of these purposes, locked until the end of the transaction. Makes those that were never needed.

    Raises MasterKeyMissing when they are revoked or cannot be opened.
    """
    for purpose in purposes:
        keys.keyring.ring(purpose)
    rows = DataKey.objects.select_for_update().filter(purpose__in=purposes).order_by("purpose", "generation")
    found = {Purpose(row.purpose): row for row in rows}
    if any(row.revoked_at for row in found.values()):
        raise MasterKeyMissing("The keys are revoked: only the recovery shares open the data again.")
    return found


def _open(row: DataKey) -> tink.KeysetHandle:
    return unwrap(bytes(row.wrapped), row.purpose, row.generation, source(row.source).wrapping())


def _add(
    last: DataKey, handle: tink.KeysetHandle, *, where: Source, master: MasterKey, by: User | None, reason: str
) -> DataKey:
    """The next generation of a data key, wrapped, and sealed for the recovery secret in force."""
    generation, recovery_set = last.generation + 1, RecoverySet.objects.in_force()
    sealed = None
    if recovery_set is not None and last.purpose in HELD:
        sealed = seal_for_recovery(handle, last.purpose, generation, recovery_set.public_key)
    return DataKey.objects.create(
        purpose=last.purpose,
        generation=generation,
        wrapped=wrap(handle, last.purpose, generation, master.wrapping()),
        source=where,
        recovery=sealed,
        recovery_set=recovery_set if sealed else None,
        created_by=by,
        reason=reason[:200],
        told_at=timezone.now(),
    )


@transaction.atomic
def rotate_data_key(*, purpose: Purpose, by: User | None, reason: str) -> DataKey:
    """Give new data of one purpose a new key; what older keys closed stays readable.

    Other processes are told at the commit. Raises IndexKeyCannotRotate for the search digests.
    """
    if purpose not in ROTATING:
        raise IndexKeyCannotRotate
    last = _last([purpose])[purpose]
    key = _add(
        last,
        with_new_primary(_open(last), purpose),
        where=Source(last.source),
        master=source(last.source),
        by=by,
        reason=reason,
    )
    record("security.data_key_rotated", key, by=by, purpose=purpose, generation=key.generation, reason=reason)
    _changed()
    return key


@transaction.atomic
def rotate_keys(*, by: User | None, reason: str) -> list[DataKey]:
    """A new version of the master key and new data keys; no row and no file is written again, no process restarts.

    What rotates not (the key of the search digests) is wrapped by the new master key all the same.
    Raises KeyUnavailable, DataLocked.
    """
    last = _last([*ROTATING, Purpose.INDEX])
    handles = {purpose: _open(row) for purpose, row in last.items()}
    for where in {row.source for row in last.values()}:
        source(where).rotate()
    made = []
    for purpose, row in last.items():
        handle = with_new_primary(handles[purpose], purpose) if purpose in ROTATING else handles[purpose]
        key = _add(row, handle, where=Source(row.source), master=source(row.source), by=by, reason=reason)
        made.append(key)
        record("security.data_key_rotated", key, by=by, purpose=purpose, generation=key.generation, reason=reason)
    _changed()
    return made


@transaction.atomic
def move_keys(*, to: Source, by: User | None, reason: str) -> list[DataKey]:
    """Wrap the held keys by the master key of another source, from now on; processes follow by themselves.

    The old master key still opens older backups of the database: destroy it once those are gone.
    Raises SameSource, KeyUnavailable, DataLocked.
    """
    last = _last(HELD)
    if all(row.source == to for row in last.values()):
        raise SameSource(f"The keys are in {to} already.")
    handles, target = {purpose: _open(row) for purpose, row in last.items()}, source(to)
    target.create()
    made = [_add(row, handles[purpose], where=to, master=target, by=by, reason=reason) for purpose, row in last.items()]
    record("security.data_keys_moved", *made, by=by, source=to.value, place=target.place, reason=reason)
    _changed()
    return made


def _revoke(*, by: User | None, also_by: User | None, reason: str) -> list[DataKey]:
    """Destroy the master key at its source, then the wrapped keys. What the recovery secret opens is left.

    Works as well when the source does not answer: its holder stopped it, or destroyed the key himself.
    """
    rows = DataKey.objects.select_for_update().filter(purpose__in=HELD, revoked_at=None)
    left, where = [], sorted({row.source for row in rows})
    now, problems = timezone.now(), []
    for row in rows:
        row.wrapped, row.revoked_at, row.told_at = b"", now, row.told_at or now
        row.save(update_fields=["wrapped", "revoked_at", "told_at"])
        left.append(row)
    for name in where:
        try:
            source(name).revoke()
        except KeyRevoked:
            continue
        except KeyUnavailable as error:
            problems.append(str(error))
    record(
        "security.data_keys_revoked",
        *left,
        by=by,
        reason=reason,
        confirmed_by=str(also_by or ""),
        sources=where,
        problems=problems,
    )
    _changed()
    return left


def _split(
    *, threshold: int, holders: Sequence[User], asked_by: User | None, by: User | None, reason: str
) -> RecoverySet:
    """A new recovery secret; each holder's share waits for him, sealed. The shares of earlier sets open nothing new."""
    recovery_set, lines = _new_set(threshold=threshold, shares=len(holders), asked_by=asked_by, by=by, reason=reason)
    for number, (holder, words) in enumerate(zip(holders, lines, strict=True), start=1):
        RecoveryShare.objects.create(recovery_set=recovery_set, number=number, holder=holder, words=words)
    return recovery_set


def _new_set(
    *, threshold: int, shares: int, asked_by: User | None, by: User | None, reason: str
) -> tuple[RecoverySet, list[str]]:
    last = _last(HELD)
    secret, public = new_recovery()
    lines = split(secret, threshold=threshold, shares=shares)
    recovery_set = RecoverySet.objects.create(
        public_key=public, threshold=threshold, shares=shares, asked_by=asked_by, confirmed_by=by
    )
    for purpose, row in last.items():
        row.recovery = seal_for_recovery(_open(row), purpose, row.generation, public)
        row.recovery_set = recovery_set
        row.save(update_fields=["recovery", "recovery_set"])
    # What was sealed for an earlier secret is taken away: its shares must open nothing any more.
    DataKey.objects.exclude(recovery_set=recovery_set).exclude(recovery=None).update(recovery=None, recovery_set=None)
    RecoveryShare.objects.exclude(recovery_set=recovery_set).exclude(words="").update(words="")
    record(
        "security.data_key_secret_split",
        recovery_set,
        by=by,
        threshold=threshold,
        shares=shares,
        asked_by=str(asked_by or ""),
        reason=reason,
    )
    return recovery_set, lines


@transaction.atomic
def split_offline(*, threshold: int, shares: int, reason: str) -> tuple[RecoverySet, list[str]]:
    """A new recovery secret whose shares are handed to the caller and kept nowhere. Raises ValueError, DataLocked."""
    return _new_set(threshold=threshold, shares=shares, asked_by=None, by=None, reason=reason)


@transaction.atomic
def collect_share(*, share: RecoveryShare, by: User) -> str:
    """A holder's words, told once and then gone from here. "" when they were collected before."""
    share = RecoveryShare.objects.select_for_update().select_related("recovery_set").get(pk=share.pk)
    words = share.words
    if words:
        share.words, share.collected_at = "", timezone.now()
        share.save(update_fields=["words", "collected_at"])
        record("security.data_key_share_collected", share.recovery_set, by=by, number=share.number)
    return words


@transaction.atomic
def rebuild_keys(*, lines: Sequence[str], by: User | None, reason: str, to: Source | None = None) -> list[DataKey]:
    """With enough shares, a new master key that opens the data again. Split another secret then: one was seen whole.

    Raises NotRevoked, NothingToRebuildFrom, WrongShares, KeyUnavailable.
    """
    rows = DataKey.objects.select_for_update().filter(purpose__in=HELD).order_by("purpose", "generation")
    last = {Purpose(row.purpose): row for row in rows}
    if not last or not all(row.revoked_at for row in last.values()):
        raise NotRevoked
    secret = combine(list(lines))
    handles = {}
    for purpose, row in last.items():
        if not row.recovery or row.recovery_set is None:
            raise NothingToRebuildFrom
        public, sealed = row.recovery_set.public_key, bytes(row.recovery)
        handles[purpose] = open_by_recovery(sealed, purpose, row.generation, public, secret)
    where = to or Source(next(iter(last.values())).source)
    target = source(where)
    target.replace()
    made = [
        _add(row, handles[purpose], where=where, master=target, by=by, reason=reason) for purpose, row in last.items()
    ]
    record("security.data_keys_rebuilt", *made, by=by, shares=len(lines), source=where.value, reason=reason)
    _changed()
    return made
