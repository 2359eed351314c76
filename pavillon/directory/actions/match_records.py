"""Keeping the keys that find a company equal to what its card and its people say."""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import django
from django.db import connection, transaction
from django.utils import timezone

from pavillon.directory.models import MatchRecord
from pavillon.directory.queries.describing import KEYS_VERSION, records, seal
from pavillon.matching import queries as matching

BATCH = 2000
_STAGE = "CREATE TEMPORARY TABLE fresh_keys (LIKE directory_matchrecord) ON COMMIT DROP"
_PUT = """
INSERT INTO directory_matchrecord AS known (company_id, keys, reach, version, indexed_at)
SELECT company_id, keys, reach, version, indexed_at FROM fresh_keys
ON CONFLICT (company_id) DO UPDATE SET keys = excluded.keys, reach = excluded.reach, version = excluded.version,
    indexed_at = excluded.indexed_at
"""
# Both tables are walked in the order of their key: whatever is up to date costs a glance, once.
_STALE = """
SELECT c.id FROM directory_company c LEFT JOIN directory_matchrecord m ON m.company_id = c.id
WHERE c.id > %s AND c.merged_into_id IS NULL
    AND (m.company_id IS NULL OR m.version < %s OR c.changed_at > m.indexed_at)
ORDER BY c.id LIMIT %s
"""


@transaction.atomic
def index_companies(companies: Sequence[int]) -> int:
    """Make the keys of these companies anew. Returns how many there are.

    Called by whatever changes a card, a contact or a channel, in its transaction; bulk loads call it by slices, or
    leave it to `index_stale_companies`.
    """
    if len(companies) > 50:
        return _index_many(companies)
    now, count = timezone.now(), 0
    for pk, keys, reach in _made(companies):
        values = {"keys": keys, "reach": reach, "version": KEYS_VERSION, "indexed_at": now}
        MatchRecord.objects.update_or_create(company_id=pk, defaults=values)
        count += 1
    return count


def _made(companies: Sequence[int]) -> Iterable[tuple[int, list[int], dict[str, list[str]] | None]]:
    """(company, sealed keys, sealed reach) of each."""
    for pk, record in records(companies):
        prepared = matching.prepare("company", record)
        sealed = {key: seal(key) for key in matching.lookup_keys("company", prepared)}
        # The keys of phones and e-mails are among them, sealed already.
        reach = {
            "phones": [str(sealed.get(f"ph{value}") or seal(f"ph{value}")) for value in prepared.get("phones") or ()],
            "emails": [str(sealed.get(f"em{value}") or seal(f"em{value}")) for value in prepared.get("emails") or ()],
            "domains": list(prepared.get("domains") or ()),
        }
        yield pk, list(sealed.values()), {name: values for name, values in reach.items() if values} or None


def _index_many(companies: Sequence[int]) -> int:
    # Made before the copy begins: while one runs, its connection answers no other question.
    now, made = timezone.now(), list(_made(companies))
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY fresh_keys (company_id, keys, reach, version, indexed_at) FROM STDIN") as copy:
            for pk, keys, reach in made:
                copy.write_row((pk, keys, json.dumps(reach) if reach else None, KEYS_VERSION, now))
        cursor.execute(_PUT)
        cursor.execute("DROP TABLE fresh_keys")
    return len(made)


def index_stale_companies(limit: int | None = None, *, processes: int = 1) -> int:
    """Make the keys of companies that have none, or that changed since: whatever wrote them. Returns how many.

    Also those made by an earlier release that knew fewer rules. Each slice is a transaction of its own, so that a run
    that is stopped goes on where it was. `processes`: how many work side by side, for a first load (about 0.4 ms of
    computing a company).
    """
    if processes < 2:
        return sum(map(index_companies, _stale_slices(limit)))
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=django.setup) as pool:
        return sum(pool.map(index_companies, _stale_slices(limit)))


def _stale_slices(limit: int | None) -> Iterator[list[int]]:
    last, left = 0, limit
    while left is None or left > 0:
        with connection.cursor() as cursor:
            cursor.execute(_STALE, [last, KEYS_VERSION, BATCH if left is None else min(BATCH, left)])
            slice_ = [pk for (pk,) in cursor.fetchall()]
        if not slice_:
            return
        yield slice_
        last, left = slice_[-1], None if left is None else left - len(slice_)
