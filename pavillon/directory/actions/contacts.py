"""What is done to the people of a company."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.core.personal_data import erase
from pavillon.directory.actions.deriving import derive, follow_row
from pavillon.directory.actions.merging import forget_merge
from pavillon.directory.actions.offering import note_hand, whole
from pavillon.directory.actions.sources import source_of_person
from pavillon.directory.events import contact_added, contact_changed
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.models.sources import Source
from pavillon.directory.zones import zone_of


@transaction.atomic
def add_contact(
    *,
    company: Company,
    by: User | None,
    last_name: str,
    first_name: str = "",
    email: str = "",
    phone: str = "",
    job_title: str = "",
    language: str = "fr",
    user: User | None = None,
    is_decision_maker: bool = False,
    time_zone: str = "",
    source: Source | None = None,
    observed_on: date | None = None,
) -> Contact:
    """Add a person to a company: that is the main role, and the channels are the preferred ones.

    `source` says who brings the person, by default whoever enters it. Without `time_zone`, that of the company's place.
    """
    source = source or source_of_person(by)
    contact = Contact(
        company=company,
        first_name=first_name,
        last_name=last_name,
        email=email,
        phone=phone,
        origin=source,
        sourced_on=(observed_on or timezone.localdate()) if source else None,
        job_title=job_title,
        language=language,
        user=user,
        is_decision_maker=is_decision_maker,
        time_zone=time_zone or zone_of(company.country_id, company.region_id),
    )
    derive(contact)
    contact.save()
    follow_row(contact)
    record("directory.contact_added", contact, company, by=by)
    contact_added.send(sender=Contact, contact=contact, by=by)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, by: User | None, source: Source | None = None, **fields: Any) -> Changes:
    """Change columns of a contact; returns what changed (encrypted columns as ciphertext).

    Job title, company, e-mail and phone are those of the main role and of the preferred channels, which follow. What
    changes is noted as the word of `source`, or of the person.
    """
    contact = Contact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact.pk)
    before, said = snapshot(contact), whole(contact)
    for name, value in fields.items():
        setattr(contact, name, value)
    derive(contact)
    changes = changes_since(before, contact)
    if changes:
        contact.save()
        follow_row(contact)
        note_hand(contact, said, by, source=source)
        record("directory.contact_changed", contact, contact.company, by=by, changes=changes)
        contact_changed.send(sender=Contact, contact=contact, changes=changes, by=by)
    return changes


@transaction.atomic
def forget_contact(contact: Contact) -> None:
    """Keep the row that exchanges point at, lose the person: here, in records merged into this one, and in merges."""
    for event in MergeEvent.objects.of(contact):
        forget_merge(event)
    for merged in Contact.objects.filter(merged_into=contact):
        erase(merged)
    contact.first_name, contact.last_name, contact.job_title = "", _("Erased person"), ""
    contact.email, contact.phone, contact.user = "", "", None
    contact.save()
    contact.channels.all().delete()
    contact.call_windows.all().delete()
    contact.values_offered.all().delete()
    contact.roles.update(function="")
    record("directory.contact_forgotten", contact, contact.company, by=None)
