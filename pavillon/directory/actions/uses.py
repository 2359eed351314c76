"""What an adviser does about the uses of a person's data: send the link, keep an objection said aloud."""

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.models import Contact
from pavillon.privacy import actions as privacy


class NoAddress(Exception):
    """The person has no e-mail address to write to."""


@transaction.atomic
def send_choices(*, contact: Contact, by: User) -> None:
    """Send the person the link to the page of her choices. Raises NoAddress."""
    try:
        privacy.send_choices_link(person=contact, by=by)
    except LookupError as error:
        raise NoAddress from error
    record("directory.choices_sent", contact, contact.company, by=by)


@transaction.atomic
def note_objection(*, contact: Contact, said: str, by: User) -> None:
    """Keep that the person told the team, by phone or in a meeting, that she objects to being approached."""
    proof = {"page": "", "button": "told", "told_to": by.full_name, "said": said}
    privacy.object_for(person=contact, purposes=["prospecting"], by=by, proof=proof)
    record("directory.objection_noted", contact, contact.company, by=by)
