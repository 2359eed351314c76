"""Keys of single records: made with the first personal value that a log keeps, destroyed when the person is erased."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Model

from pavillon.core.trail import record
from pavillon.security.models import RecordKey
from pavillon.security.record_keys import new_key, seal, subject_of, unwrapped, wrapped


@transaction.atomic
def seal_for_records(values: Sequence[tuple[Model, str]]) -> list[str]:
    """Texts sealed each under the key of its record, which is made when there is none. Three statements at most.

    Not in the trail: it is what the trail itself is written with.
    """
    subjects = {subject_of(row) for row, _text in values}
    keys = _keys(subjects)
    if absent := sorted(subjects - keys.keys()):
        made = [RecordKey(subject=subject, wrapped=wrapped(new_key(), subject)) for subject in absent]
        RecordKey.objects.bulk_create(made, ignore_conflicts=True)
        # Somebody else may have made one at the same moment: his is the one that stands.
        keys |= _keys(absent)
    return [seal(text, keys[subject_of(row)], subject_of(row)) for row, text in values]


def _keys(subjects: Sequence[str] | set[str]) -> dict[str, bytes]:
    found = RecordKey.objects.filter(subject__in=subjects).values_list("subject", "wrapped")
    return {subject: unwrapped(bytes(stored), subject) for subject, stored in found}


@transaction.atomic
def destroy_record_key(subject: str) -> None:
    """Make all that the logs kept of a record ("directory.contact:12") unreadable for everybody. The lines stay."""
    if RecordKey.objects.filter(subject=subject).delete()[0]:
        record("security.record_key_destroyed", by=None, subject=subject)
