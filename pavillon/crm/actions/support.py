"""The people who accompany a company are named, changed and told; both sides write to each other."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.telling import tell_contact_message, tell_support, wake_conversation
from pavillon.crm.models import ContactMessage, DedicatedContact
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company
from pavillon.ui.words import day as day_in_words

ONE_DAY = datetime.timedelta(days=1)


class NotAccompanied(Exception):
    """The company is neither accompanied nor does it have an account: nobody would read the name."""


class AlreadyDedicated(Exception):
    """This person is a contact of the company at that time already."""


class ContactEnded(Exception):
    """The person no longer accompanies the company: the conversation is closed."""


class WrongDay(Exception):
    """The end lies before the beginning."""


@transaction.atomic
def name_dedicated_contact(
    *,
    company: Company,
    person: User,
    organisation: Organisation,
    function: str,
    by: User | None,
    starts_on: datetime.date | None = None,
    replaces: DedicatedContact | None = None,
) -> DedicatedContact:
    """Name somebody who accompanies a company; the company and the person are told.

    `replaces` ends the day before. Raises NotAccompanied, AlreadyDedicated, WrongDay.
    """
    # Two people who name at once: the second sees the first.
    company = Company.objects.select_for_update(of=("self",)).get(pk=forwarded(company).pk)
    starts_on = starts_on or timezone.localdate()
    if not company.is_accompanied and company.organisation_id is None:
        raise NotAccompanied(
            _("%(company)s is not accompanied and has no account: nobody there would read the name.")
            % {"company": company}
        )
    same = DedicatedContact.objects.filter(company=company, person=person).exclude(ends_on__lt=starts_on).first()
    if same is not None:
        raise AlreadyDedicated(
            _("%(person)s is a contact of this company already, from %(day)s.")
            % {"person": person, "day": day_in_words(same.starts_on)}
        )
    if replaces is not None:
        end_dedicated_contact(contact=replaces, ends_on=starts_on - ONE_DAY, by=by)
    contact = DedicatedContact.objects.create(
        company=company,
        person=person,
        organisation=organisation,
        function=function,
        starts_on=starts_on,
        named_by=by,
    )
    record(
        "crm.dedicated_contact_named",
        contact,
        company,
        by=by,
        person=person.pk,
        function=function,
        starts_on=starts_on,
        replaces=replaces.person_id if replaces else None,
    )
    tell_support(contact, "named", by=by)
    return contact


@transaction.atomic
def change_dedicated_contact(*, contact: DedicatedContact, function: str, by: User) -> DedicatedContact:
    """Say otherwise what the company turns to this person for."""
    contact = DedicatedContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    before = snapshot(contact)
    contact.function = function
    changes = changes_since(before, contact)
    if not changes:
        return contact
    contact.save()
    record("crm.dedicated_contact_changed", contact, contact.company, by=by, changes=changes)
    tell_support(contact, "changed", by=by)
    return contact


@transaction.atomic
def end_dedicated_contact(
    *, contact: DedicatedContact, by: User | None, ends_on: datetime.date | None = None
) -> DedicatedContact:
    """Say until which day (today when empty) a person accompanies a company. Raises WrongDay."""
    contact = DedicatedContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    ends_on = ends_on or timezone.localdate()
    if ends_on < contact.starts_on:
        raise WrongDay(
            _("%(person)s begins on %(day)s: choose a later day.")
            % {"person": contact.person, "day": day_in_words(contact.starts_on)}
        )
    before = snapshot(contact)
    contact.ends_on = ends_on
    contact.save()
    record("crm.dedicated_contact_ended", contact, contact.company, by=by, changes=changes_since(before, contact))
    tell_support(contact, "ended", by=by)
    return contact


@transaction.atomic
def write_contact_message(*, contact: DedicatedContact, by: User, text: str) -> ContactMessage:
    """One side writes, the other is told in its inbox and by e-mail. Raises ContactEnded."""
    contact = DedicatedContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    if contact.is_ended:
        raise ContactEnded(
            _("%(person)s has accompanied the company until %(day)s: write to the present contact.")
            % {"person": contact.person, "day": day_in_words(contact.ends_on or timezone.localdate())}
        )
    message = ContactMessage.objects.create(
        contact=contact, author=by, from_company=by.is_company, text=text, written_at=timezone.now()
    )
    # Tied to the contact alone: the company's trail is open to the whole team, this conversation is not.
    record("crm.contact_message_written", contact, by=by, from_company=message.from_company)
    tell_contact_message(message)
    wake_conversation(contact, by)
    return message
