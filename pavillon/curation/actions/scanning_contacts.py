"""The nightly search for people who stand twice in the base; it only proposes."""

from collections.abc import Sequence

from django.db import connection, transaction

from pavillon.curation.enums import ContactPairState
from pavillon.curation.models import ContactPair, Scan
from pavillon.directory.models import Contact
from pavillon.directory.queries import match_people
from pavillon.matching import queries as matching

SLICE = 10_000
# Pairs with the same e-mail or phone whose names may be one, and pairs of one name in one company. A mailbox or a
# switchboard that everybody shares gives nothing by itself: the family names must agree, or stand where the given is.
_NEAR = """
SELECT DISTINCT least(a.id, b.id), greatest(a.id, b.id) FROM directory_contact a CROSS JOIN LATERAL (
    SELECT id, first_name, last_name FROM directory_contact WHERE a.email_index <> '' AND email_index = a.email_index
    UNION ALL
    SELECT id, first_name, last_name FROM directory_contact WHERE a.phone_index <> '' AND phone_index = a.phone_index
    UNION ALL
    SELECT id, first_name, last_name FROM directory_contact WHERE company_id = a.company_id
) AS b
WHERE a.id = ANY(%s) AND b.id <> a.id AND (
    upper(b.last_name) = upper(a.last_name)
    OR (upper(b.last_name) = upper(a.first_name) AND upper(b.first_name) = upper(a.last_name))
    OR similarity(b.last_name, a.last_name) > 0.5
)
"""


def scan_contacts(scan: Scan) -> None:
    """Propose the people who changed since the last search and may be one with somebody else.

    Each slice is a transaction: a search that was stopped goes on from there.
    """
    model = matching.live_model("person")
    while slice_ := _changed(scan):
        _scan_slice(scan, slice_, model)


def _changed(scan: Scan) -> list[int]:
    rows = Contact.objects.standing().filter(pk__gt=scan.contact_position, changed_at__lte=scan.until)
    if scan.since is not None and not scan.is_whole:
        rows = rows.filter(changed_at__gt=scan.since)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:SLICE])


@transaction.atomic
def _scan_slice(scan: Scan, changed: Sequence[int], model: matching.Model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [list(changed)])
        near = cursor.fetchall()
    numbers = {pk for pair in near for pk in pair}
    standing = set(Contact.objects.standing().filter(pk__in=numbers).values_list("pk", flat=True))
    near = [(left, right) for left, right in near if left in standing and right in standing]
    known = ContactPair.objects.filter(left__in=numbers, right__in=numbers).exclude(state=ContactPairState.WAITING)
    decided = set(known.values_list("left_id", "right_id"))
    described = match_people(sorted(standing))
    prepared = {pk: matching.prepare("person", person) for pk, person in described.items()}
    rows = []
    for left, right in near:
        score = matching.score_prepared("person", prepared[left], prepared[right], model)
        if score.probability >= model.thresholds.review and not score.conflict and (left, right) not in decided:
            rows.append(
                ContactPair(
                    left_id=left,
                    right_id=right,
                    probability=score.probability,
                    weight=score.weight,
                    model_version=model.version,
                )
            )
    before = ContactPair.objects.filter(left__in=numbers, right__in=numbers).count()
    ContactPair.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["left", "right"],
        update_fields=["probability", "weight", "model_version"],
    )
    after = ContactPair.objects.filter(left__in=numbers, right__in=numbers).count()
    scan.contact_position, scan.contacts = changed[-1], scan.contacts + len(changed)
    scan.contacts_proposed += after - before
    scan.save()
