"""The people of companies as `privacy` knows them, and what their data may serve."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from pavillon.directory.enums import ChannelKind, MergeKind
from pavillon.directory.models import Channel, Contact, MergeEvent
from pavillon.directory.models.contacts import people_reached
from pavillon.privacy.queries import Card, Verdict, address_key, may_use, refused_addresses, refused_numbers

# What the card of a person tells: approached by the team, completed by partners.
SHOWN = ("prospecting", "enrichment")


def introduce_contacts(contacts: Sequence[Contact]) -> list[Card]:
    """Two statements: what was answered under a record merged into this one, or any of its addresses, counts."""
    merged = defaultdict(list)
    for kept, removed in Contact.objects.filter(merged_into__in=[row.pk for row in contacts]).values_list(
        "merged_into", "pk"
    ):
        merged[kept].append(f"contact:{removed}")
    addresses = defaultdict(list)
    written = Channel.objects.filter(contact__in=[row.pk for row in contacts], kind=ChannelKind.EMAIL).order_by("pk")
    for contact, digest in written.exclude(value_index="").values_list("contact", "value_index"):
        addresses[contact].append(f"address:{digest}")
    return [
        Card(
            keys=tuple(
                dict.fromkeys(
                    key
                    for key in (
                        f"contact:{row.pk}",
                        *merged[row.pk],
                        f"user:{row.user_id}" if row.user_id else "",
                        address_key(row.email),
                        *addresses[row.pk],
                    )
                    if key
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


def _keys_of_all_records(number: Any) -> QuerySet[Any]:
    """The keys of a record, of the one that stands for it since a merge, and of the others merged into that."""
    standing = Contact.objects.filter(pk=number).values(standing=Coalesce("merged_into_id", "pk"))
    records = Contact.objects.filter(Q(pk__in=standing) | Q(merged_into__in=standing)).order_by()
    return records.values_list(Concat(Value("contact:"), Cast("pk", CharField())), flat=True)


def not_objecting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Whoever objects to being approached is in no campaign, under whatever key the objection stands.

    The same keys as `introduce_contacts`: the record, those merged into it, the account, and every address.
    """
    if rows.model is not Contact:
        return rows
    by_record = refused_numbers("prospecting", "contact", _keys_of_all_records)
    merged = Contact.objects.filter(pk__in=by_record, merged_into__isnull=False).order_by()
    reached = Channel.objects.filter(
        contact__isnull=False, kind=ChannelKind.EMAIL, value_index__in=refused_addresses("prospecting")
    ).order_by()
    rows = rows.exclude(pk__in=by_record).exclude(pk__in=merged.values("merged_into"))
    rows = rows.exclude(user__isnull=False, user__in=refused_numbers("prospecting", "user"))
    return rows.exclude(pk__in=reached.values("contact"))


@dataclass(frozen=True)
class Use:
    """One line of the card: a purpose by its code, and the verdict on this person now."""

    code: str
    verdict: Verdict


def uses_of(contact: Contact) -> list[Use]:
    return [Use(code, may_use(contact, code)) for code in SHOWN]
