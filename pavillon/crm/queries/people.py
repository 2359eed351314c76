"""What this room knows about one person."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from pavillon.core.fields import blind_index
from pavillon.crm.models import Interaction, Lead, RoutingSimulation


def leads_of(person: Any) -> QuerySet[Lead]:
    """The requests of a person: from her account, from her record, or left on a site under her address.

    Addresses are found by their digest; those of before (`actions.index_addresses`) are opened one by one.
    """
    known = Q(requested_by__in=person.users) | Q(contact__in=person.contacts)
    if not person.emails:
        return Lead.objects.filter(known)
    digests = [blind_index(Lead, "contact_email_index", email) for email in person.emails]
    nobodys = Lead.objects.filter(contact__isnull=True, requested_by__isnull=True).exclude(contact_email="")
    old = nobodys.filter(contact_email_index="").order_by()
    rows = old.values_list("pk", "contact_email").iterator(chunk_size=2000)
    hers = [pk for pk, address in rows if address.strip().lower() in person.emails]
    named = Q(pk__in=nobodys.filter(contact_email_index__in=digests).order_by().values("pk"))
    return Lead.objects.filter(known | named | Q(pk__in=hers))


def simulations_of(person: Any) -> QuerySet[RoutingSimulation]:
    """Simulations that somebody asked for, and those that count or name him among the colleagues."""
    held = Q(asked_by__in=person.users)
    for user in person.users:
        held |= Q(answer__named__contains=[user])
    return RoutingSimulation.objects.filter(held)


def contacts_in_use(rows: QuerySet[Any], since: datetime) -> QuerySet[Any]:
    """Contacts without those whom somebody exchanged with since, or whose request is open."""
    spoken = Interaction.objects.filter(contact=OuterRef("pk"), happened_at__gte=since)
    waiting = Lead.objects.open().filter(contact=OuterRef("pk"))
    return rows.filter(~Exists(spoken), ~Exists(waiting))
