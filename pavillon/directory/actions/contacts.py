"""What is done to the people of a company."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.channels import plain_phone
from pavillon.directory.events import contact_added
from pavillon.directory.models import Company, Contact


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
) -> Contact:
    """Add a person to a company."""
    contact = Contact.objects.create(
        company=company,
        first_name=first_name,
        last_name=last_name,
        email=email.strip().lower(),
        phone=plain_phone(phone),
        job_title=job_title,
        language=language,
        user=user,
        is_decision_maker=is_decision_maker,
    )
    record("directory.contact_added", contact, company, by=by)
    contact_added.send(sender=Contact, contact=contact, by=by)
    return contact


@transaction.atomic
def change_contact(*, contact: Contact, by: User | None, **fields: Any) -> Changes:
    """Change columns of a contact; returns what changed (encrypted columns as ciphertext)."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("company").get(pk=contact.pk)
    before = snapshot(contact)
    if "email" in fields:
        fields["email"] = fields["email"].strip().lower()
    if "phone" in fields:
        fields["phone"] = plain_phone(fields["phone"])
    for name, value in fields.items():
        setattr(contact, name, value)
    changes = changes_since(before, contact)
    if changes:
        contact.save()
        record("directory.contact_changed", contact, contact.company, by=by, changes=changes)
    return changes


@transaction.atomic
def forget_contact(contact: Contact) -> None:
    """Keep the row that exchanges point at, lose the person."""
    contact.first_name, contact.last_name, contact.job_title = "", _("Erased person"), ""
    contact.email, contact.phone, contact.user = "", "", None
    contact.save()
    record("directory.contact_forgotten", contact, contact.company, by=None)
