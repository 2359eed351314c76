"""What follows a merge, and what follows a card that changes."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from pavillon.accounts.models import User
from pavillon.curation import actions
from pavillon.curation.actions.contact_pairs import note_parted_contacts
from pavillon.curation.actions.duplicates import move_pairs, moved_with_the_left, note_undone_merge
from pavillon.curation.enums import ContactPairState, PairState
from pavillon.curation.models import BatchLine, CompanyQuality, ContactPair, DuplicatePair
from pavillon.directory.events import (
    companies_changed,
    companies_created,
    companies_merged,
    companies_parted,
    company_changed,
    company_created,
    contact_added,
    contact_changed,
    contacts_added,
    contacts_parted,
)
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.models.references import leaves_with, moved_by, stays

moved_by(DuplicatePair, "left", move_pairs)
moved_by(DuplicatePair, "right", moved_with_the_left)
moved_by(ContactPair, "left", move_pairs)
moved_by(ContactPair, "right", moved_with_the_left)
stays(BatchLine, "kept", why="history of the batch")
stays(BatchLine, "removed", why="history of the batch")
stays(CompanyQuality, "company", why="each record is judged anew")
leaves_with(CompanyQuality, "company")
leaves_with(DuplicatePair, "left", only=Q(state=PairState.WAITING))
leaves_with(DuplicatePair, "right", only=Q(state=PairState.WAITING))
leaves_with(ContactPair, "left", only=Q(state=ContactPairState.WAITING))
leaves_with(ContactPair, "right", only=Q(state=ContactPairState.WAITING))


@receiver(companies_merged)
def qualify_merged_company(kept: Company, **event: Any) -> None:
    actions.qualify_companies([kept.pk])


@receiver(companies_parted)
def note_parted_companies(kept: Company, removed: Company, by: User | None, event: MergeEvent, **more: Any) -> None:
    note_undone_merge(event=event, by=by)
    actions.qualify_companies([kept.pk, removed.pk])


@receiver(contacts_parted)
def note_parted_people(by: User | None, event: MergeEvent, **more: Any) -> None:
    note_parted_contacts(event=event, by=by)


@receiver(company_created)
@receiver(company_changed)
def qualify_changed_company(company: Company, **event: Any) -> None:
    actions.qualify_companies([company.pk])


@receiver(companies_changed)
@receiver(companies_created)
def qualify_changed_companies(companies: list[Company], **event: Any) -> None:
    actions.qualify_companies([company.pk for company in companies])


@receiver(contact_added)
@receiver(contact_changed)
def qualify_company_of_contact(contact: Contact, **event: Any) -> None:
    actions.qualify_companies([contact.company_id])


@receiver(contacts_added)
def qualify_companies_of_contacts(contacts: list[Contact], **event: Any) -> None:
    actions.qualify_companies(sorted({contact.company_id for contact in contacts}))
