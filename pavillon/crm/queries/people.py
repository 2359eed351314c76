"""What this room knows about one person."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pavillon.crm.models import Interaction, Lead


def leads_of(person: Any) -> QuerySet[Lead]:
    """The requests of a person: from her account, from her record, or left on a site under her address.

    Addresses of requests are sealed without an index: those that belong to no record are opened one by one.
    """
    known = Q(requested_by__in=person.users) | Q(contact__in=person.contacts)
    if not person.emails:
        return Lead.objects.filter(known)
    nobodys = Lead.objects.filter(contact__isnull=True, requested_by__isnull=True).exclude(contact_email="")
    rows = nobodys.order_by().values_list("pk", "contact_email").iterator(chunk_size=2000)
    hers = [pk for pk, address in rows if address.strip().lower() in person.emails]
    return Lead.objects.filter(known | Q(pk__in=hers))


def contacts_in_use(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """Contacts without those whom somebody exchanged with since, or whose request is open."""
    spoken = Interaction.objects.filter(contact=OuterRef("pk"), happened_at__gte=since)
    waiting = Lead.objects.open().filter(contact=OuterRef("pk"))
    return rows.filter(~Exists(spoken), ~Exists(waiting))
