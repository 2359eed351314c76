"""The people of companies as `privacy` knows them, and what their data may serve."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from pavillon.directory.enums import MergeKind
from pavillon.directory.models import Contact, MergeEvent
from pavillon.directory.models.contacts import people_reached
from pavillon.privacy.queries import Card, Verdict, address_key, may_use, refused_numbers

# What the card of a person tells: approached by the team, completed by partners.
SHOWN = ("prospecting", "enrichment")


def introduce_contacts(contacts: Sequence[Contact]) -> list[Card]:
    """One statement: what was answered under a record that was merged into this one goes on counting."""
    merged = defaultdict(list)
    for kept, removed in Contact.objects.filter(merged_into__in=[row.pk for row in contacts]).values_list(
        "merged_into", "pk"
    ):
        merged[kept].append(f"contact:{removed}")
    return [
        Card(
            keys=tuple(
                filter(
                    None,
                    (
                        f"contact:{row.pk}",
                        *merged[row.pk],
                        f"user:{row.user_id}" if row.user_id else "",
                        address_key(row.email),
                    ),
                )
            ),
            name=str(row),
            email=row.email,
            language=row.language,
            user_id=row.user_id,
        )
        for row in contacts
    ]


def find_contacts(email: str, users: set[int]) -> QuerySet[Contact]:
    """People of the base who may be somebody: same address, preferred or not, or same account."""
    return Contact.objects.filter(Q(user__in=users) | Q(pk__in=people_reached(email) if email else ())).standing()


def merges_of(person: Any) -> QuerySet[MergeEvent]:
    """Merges of contacts that keep a copy of what both records said."""
    either = Q(kept__in=person.contacts) | Q(removed__in=person.contacts)
    return MergeEvent.objects.filter(either, kind=MergeKind.CONTACT)


def not_objecting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Whoever objects to being approached is in no campaign."""
    if rows.model is not Contact:
        return rows
    rows = rows.exclude(pk__in=refused_numbers("prospecting", "contact"))
    return rows.exclude(user__isnull=False, user__in=refused_numbers("prospecting", "user"))


@dataclass(frozen=True)
class Use:
    """One line of the card: a purpose by its code, and the verdict on this person now."""

    code: str
    verdict: Verdict


def uses_of(contact: Contact) -> list[Use]:
    return [Use(code, may_use(contact, code)) for code in SHOWN]
