"""Keeping the keys that find a company equal to what its card and its people say."""

import json
from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.utils import timezone

from pavillon.directory.models import MatchRecord
from pavillon.directory.queries.describing import records, seal
from pavillon.matching import queries as matching

BATCH = 2000
_STAGE = "CREATE TEMPORARY TABLE fresh_keys (LIKE directory_matchrecord) ON COMMIT DROP"
_PUT = """
INSERT INTO directory_matchrecord AS known SELECT * FROM fresh_keys
ON CONFLICT (company_id) DO UPDATE SET keys = excluded.keys, reach = excluded.reach, indexed_at = excluded.indexed_at
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
        values = {"keys": keys, "reach": reach, "indexed_at": now}
        MatchRecord.objects.update_or_create(company_id=pk, defaults=values)
        count += 1
    return count


def _made(companies: Sequence[int]) -> Iterable[tuple[int, list[int], dict[str, list[str]] | None]]:
    """(company, sealed keys, sealed reach) of each."""
    for pk, record in records(companies):
        prepared = matching.prepare("company", record)
        keys = [seal(key) for key in matching.keys("company", record)]
        reach = {
            "phones": [str(seal(f"ph{value}")) for value in prepared.get("phones") or ()],
            "emails": [str(seal(f"em{value}")) for value in prepared.get("emails") or ()],
            "domains": list(prepared.get("domains") or ()),
        }
        yield pk, keys, {name: values for name, values in reach.items() if values} or None


def _index_many(companies: Sequence[int]) -> int:
    # Made before the copy begins: while one runs, its connection answers no other question.
    now, made = timezone.now(), list(_made(companies))
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy("COPY fresh_keys (company_id, keys, reach, indexed_at) FROM STDIN") as copy:
            for pk, keys, reach in made:
                copy.write_row((pk, keys, json.dumps(reach) if reach else None, now))
        cursor.execute(_PUT)
        cursor.execute("DROP TABLE fresh_keys")
    return len(made)


def index_stale_companies(limit: int | None = None) -> int:
    """Make the keys of companies that have none, or that changed since: whatever wrote them. Returns how many.

    Each slice is a transaction of its own, so that a run that is stopped goes on where it was.
    """
    done = 0
    while limit is None or done < limit:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id FROM directory_company c LEFT JOIN directory_matchrecord m ON m.company_id = c.id"
                " WHERE c.merged_into_id IS NULL AND (m.company_id IS NULL OR c.changed_at > m.indexed_at)"
                " ORDER BY c.id LIMIT %s",
                [BATCH],
            )
            slice_ = [pk for (pk,) in cursor.fetchall()]
        if not slice_:
            break
        done += index_companies(slice_)
    return done
