"""Who accompanies a company."""

from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet

from pavillon.accounts.models import User
from pavillon.crm.models import ContactMessage, DedicatedContact, Referent
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady


def support_team_of(user: User) -> dict[str, Any]:
    """What a company reads on its home: its referent (or None) and its contacts of both sides. Two statements.

    {"referent", "agency": [contacts with `last_message_at`], "operator": […], "organisations": names of both sides}.
    """
    referent = Referent.objects.visible_to(user).current().select_related("adviser__office", "organisation").first()
    contacts = list(
        DedicatedContact.objects.visible_to(user)
        .reachable()
        .with_people()
        .annotate(last_message_at=Max("messages__written_at"))
        .order_by("starts_on", "pk")
    )
    places = [referent.organisation] if referent else []
    places += [contact.organisation for contact in contacts]
    return {
        "referent": referent,
        "agency": [contact for contact in contacts if not contact.is_operator],
        "operator": [contact for contact in contacts if contact.is_operator],
        "organisations": list(dict.fromkeys(place.name for place in places)),
    }


def contacts_of(company: Company, user: User) -> dict[str, list[DedicatedContact]]:
    """What the team reads on the company's page: {"current", "planned", "former", "gone"}.

    "gone" are named today but have left their organisation: somebody must follow them.
    """
    named = may_hold(company, DedicatedContact)
    rows = steady.rows("contacts of a company", user, _named_for, company.pk) if named else []
    return {
        "current": [row for row in rows if row.is_reachable],
        "gone": [row for row in rows if row.is_current and not row.is_reachable],
        "planned": [row for row in rows if row.is_planned],
        "former": [row for row in rows if row.is_ended],
    }


def _named_for(user: User, number: int) -> QuerySet[DedicatedContact]:
    reachable = DedicatedContact.objects.filter(pk=OuterRef("pk")).reachable()
    rows = DedicatedContact.objects.visible_to(user).filter(company=number).with_people().select_related("named_by")
    return rows.annotate(is_reachable=Exists(reachable))


def conversation_of(contact: DedicatedContact, *, at_most: int = 200) -> list[ContactMessage]:
    """The last messages between a company and one of its contacts, oldest first."""
    latest = contact.messages.select_related("author").order_by("-written_at", "-pk")[:at_most]
    return list(reversed(latest))
