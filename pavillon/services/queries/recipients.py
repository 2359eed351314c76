"""Whom a survey asks: a rule, so that nobody who delivers can choose."""

from collections.abc import Iterator
from dataclasses import dataclass

from pavillon.accounts.enums import TEAM_ROLES, Role
from pavillon.accounts.models import Membership, User
from pavillon.core.wall import house
from pavillon.directory.models import Contact
from pavillon.privacy.queries import may_use
from pavillon.services.enums import Unasked
from pavillon.services.models import ServiceOrder, Survey

# The purpose of the surveys (privacy.wording): a public task, to which a person may object.
PURPOSE = "service_survey"
# People of a company that are looked at, decision makers first.
MOST = 50


@dataclass(frozen=True)
class Recipient:
    """Somebody of the company, with an account (`user`) or known to the team (`contact`)."""

    email: str
    language: str
    user: User | None = None
    contact: Contact | None = None


@house()
def choose_recipient(order: ServiceOrder) -> Recipient | Unasked:
    """Who asked for the service from an account, else a manager of it, else the company's people, deciders first.

    Who entered the company's account by its public number alone waits for his confirmation, here too.
    A person whom an adviser wrote on a request has no precedence: that would be a choice. Whoever objected is left out,
    and an address of the export team too, wherever it was written. Asked by the house: who delivers may not see the
    request.
    """
    found = Unasked.NOBODY
    for one in _candidates(order):
        if _is_of_the_team(one.email):
            continue
        if may_use(one.user or one.contact, PURPOSE):
            return one
        found = Unasked.OBJECTED
    return found


def may_be_reminded(survey: Survey) -> bool:
    """Whether who was asked is still there, and has not objected since."""
    if survey.user is not None:
        return survey.user.is_active and bool(may_use(survey.user, PURPOSE))
    person = Contact.objects.standing().filter(pk=survey.contact_id).first()
    return person is not None and bool(may_use(person, PURPOSE))


def _candidates(order: ServiceOrder) -> Iterator[Recipient]:
    lead, company = order.lead, order.company
    managers = User.objects.working().acting_in(
        organisation=company.organisation, role=Role.COMPANY_MANAGER, is_confirmed=True
    )
    accounts = list(managers.order_by("pk")[:MOST]) if company.organisation_id else []
    if lead is not None:
        yield from (_of_user(user) for user in accounts if user.pk == lead.requested_by_id)
    yield from (_of_user(user) for user in accounts)
    people = Contact.objects.standing().filter(company=company).exclude(email_index="")
    yield from (_of_contact(person) for person in people.order_by("-is_decision_maker", "pk")[:MOST])


def _of_user(user: User) -> Recipient:
    return Recipient(user.email, user.language, user=user)


def _of_contact(contact: Contact) -> Recipient:
    return Recipient(contact.email, contact.language, contact=contact)


def _is_of_the_team(email: str) -> bool:
    return Membership.objects.current().filter(user__email=email.strip().lower(), role__in=TEAM_ROLES).exists()
