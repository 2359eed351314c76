"""Keys of single records: made with the first personal value that a log keeps, destroyed when the person is erased."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from pavillon.core.trail import record
from pavillon.security.models import RecordKey
from pavillon.security.record_keys import new_key, seal, subject_of, unwrapped, wrapped


@transaction.atomic
def seal_for_records(values: Sequence[tuple[Model, str]]) -> list[str]:
    """Texts sealed each under the key of its record, which is made when there is none. Two statements, three when
    somebody makes the same key at once.

    Not in the trail: it is what the trail itself is written with.
    """
    subjects = {subject_of(row) for row, _text in values}
    keys = _keys(subjects)
    if absent := sorted(subjects - keys.keys()):
        made = {subject: new_key() for subject in absent}
        keys |= {subject: made[subject] for subject in _kept(made)}
        # Somebody else may have made one at the same moment: his is the one that stands.
        if others := _absent_from(keys, absent):
            keys |= _keys(others)
    return [seal(text, keys[subject_of(row)], subject_of(row)) for row, text in values]


def _absent_from(keys: dict[str, bytes], subjects: Sequence[str]) -> list[str]:
    return [subject for subject in subjects if subject not in keys]


def _kept(made: dict[str, bytes]) -> list[str]:
    """Which of these keys stand in the table now, made by nobody else before: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO security_recordkey (subject, wrapped, created_at)"
            " SELECT subject, wrapped, %s FROM unnest(%s::text[], %s::bytea[]) AS made (subject, wrapped)"
            " ON CONFLICT DO NOTHING RETURNING subject",
            [timezone.now(), list(made), [wrapped(key, subject) for subject, key in made.items()]],
        )
        return [subject for (subject,) in cursor.fetchall()]


def _keys(subjects: Sequence[str] | set[str]) -> dict[str, bytes]:
    found = RecordKey.objects.filter(subject__in=subjects).values_list("subject", "wrapped")
    return {subject: unwrapped(bytes(stored), subject) for subject, stored in found}


@transaction.atomic
def destroy_record_key(subject: str) -> None:
    """Make all that the logs kept of a record ("directory.contact:12") unreadable for everybody. The lines stay."""
    if RecordKey.objects.filter(subject=subject).delete()[0]:
        record("security.record_key_destroyed", by=None, subject=subject)
