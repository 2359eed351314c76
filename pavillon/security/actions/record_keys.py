"""Keys of single records: made with the first personal value that a log keeps, destroyed when the person is erased."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from pavillon.core.trail import record
from pavillon.security.models import RecordKey
from pavillon.security.record_keys import new_key, seal, subject_of, unwrapped, wrapped

# Keys that stand, and those that are made for records without: none stands twice, whoever makes one at the same moment.
# A new one comes last and is taken: the one before it was destroyed while this waited, which still shows it.
_KEYS = """
WITH made AS (
    INSERT INTO security_recordkey (subject, wrapped, created_at)
    SELECT subject, wrapped, %s FROM unnest(%s::text[], %s::bytea[]) AS new (subject, wrapped)
    ON CONFLICT DO NOTHING RETURNING subject, wrapped
)
SELECT subject, wrapped FROM security_recordkey WHERE subject = ANY(%s) UNION ALL SELECT subject, wrapped FROM made
"""


def seal_for_records(values: Sequence[tuple[Model, str]]) -> list[str]:
    """Texts sealed each under the key of its record, which is made when there is none. One statement, two when
    somebody makes the same key at once.

    Not in the trail: it is what the trail itself is written with.
    """
    subjects = sorted({subject_of(row) for row, _text in values})
    keys = _taken_or_made(subjects)
    # Somebody else made one at the same moment, and was not yet seen: his is the one that stands.
    if absent := [subject for subject in subjects if subject not in keys]:
        keys |= _taken_or_made(absent)
    return [seal(text, keys[subject_of(row)], subject_of(row)) for row, text in values]


def _taken_or_made(subjects: list[str]) -> dict[str, bytes]:
    new = [wrapped(new_key(), subject) for subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [timezone.now(), subjects, new, subjects])
        return {subject: unwrapped(bytes(stored), subject) for subject, stored in cursor.fetchall()}


@transaction.atomic
def destroy_record_key(subject: str) -> None:
    """Make all that the logs kept of a record ("directory.contact:12") unreadable for everybody. The lines stay."""
    if RecordKey.objects.filter(subject=subject).delete()[0]:
        record("security.record_key_destroyed", by=None, subject=subject)
