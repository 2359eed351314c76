"""Advisers help a company that leaves a buyer waiting: an answer suggested to it, managers who look after it."""

from collections.abc import Iterable
from copy import copy
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.permissions import is_allowed
from pavillon.core.policy import may_read
from pavillon.crm.queries.routing import managers_of, national_managers
from pavillon.showroom.actions.enquiries import locked
from pavillon.showroom.actions.telling import showroom_managers, tell_sellers, wake_enquiry
from pavillon.showroom.enums import EnquiryState
from pavillon.showroom.models import Enquiry, ReplySuggestion
from pavillon.showroom.models.enquiries import FORGOTTEN

# In which roles one looks after what an adviser passes up.
MANAGERS = frozenset({Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER})


class NothingWaits(Exception):
    """The company answered, the request ended, managers look after it already, or none is there who sees it."""


class Told(NamedTuple):
    """Whom an escalation reached; `is_beyond_own` when managers of one's own are there and none of them sees it."""

    people: list[User]
    is_beyond_own: bool


@transaction.atomic
def suggest_reply(*, enquiry: Enquiry, text: str, by: User) -> ReplySuggestion:
    """Tell the company what one would answer; it decides what the buyer reads. Raises NothingWaits once it ended."""
    enquiry = locked(enquiry)
    if enquiry.state == EnquiryState.CLOSED:
        raise NothingWaits(_("The company closed this request meanwhile: there is nothing left to answer."))
    suggestion = ReplySuggestion.objects.create(
        enquiry=enquiry, text=text.strip(), suggested_by=by, organisation=by.organisation
    )
    record("showroom.reply_suggested", enquiry, enquiry.shop.company, by=by, suggestion=suggestion.pk)
    tell_sellers(
        enquiry,
        "showroom.seller_reminded",
        format_lazy(
            gettext_lazy("{adviser} suggests an answer to {buyer}"),
            adviser=by.full_name,
            buyer=enquiry.buyer.company_name,
        ),
    )
    wake_enquiry(enquiry)
    return suggestion


@transaction.atomic
def withdraw_suggestion(*, suggestion: ReplySuggestion, by: User) -> None:
    """Take back what one suggested. Raises NothingWaits once the company took its words."""
    enquiry = locked(suggestion.enquiry)
    if not ReplySuggestion.objects.unused().filter(pk=suggestion.pk).exists():
        raise NothingWaits(_("The company answered with this suggestion meanwhile: it stays."))
    record("showroom.suggestion_withdrawn", enquiry, enquiry.shop.company, by=by, suggestion=suggestion.pk)
    suggestion.delete()
    wake_enquiry(enquiry)


@transaction.atomic
def escalate_enquiry(*, enquiry: Enquiry, reason: str, by: User) -> Told:
    """Pass a buyer who waits up, once: managers who may see it are told why. Raises NothingWaits."""
    enquiry = locked(enquiry)
    if enquiry.state != EnquiryState.NEW:
        raise NothingWaits(_("The buyer waits no more: the company answered meanwhile."))
    if enquiry.escalated_at is not None:
        raise NothingWaits(_("A colleague passed it up already: managers look after it."))
    told = _managers_over(enquiry, by)
    if not told.people:
        raise NothingWaits(_("No manager who may see this request is there to be told."))
    before = snapshot(enquiry)
    enquiry.escalated_at, enquiry.escalated_why = timezone.now(), reason.strip()
    enquiry.save(update_fields=["escalated_at", "escalated_why", "changed_at"])
    changes = changes_since(before, enquiry)
    numbers = [person.pk for person in told.people]
    record("showroom.enquiry_escalated", enquiry, enquiry.shop.company, by=by, changes=changes, told=numbers)
    _tell(told.people, enquiry, by)
    wake_enquiry(enquiry)
    return told


def _tell(people: list[User], enquiry: Enquiry, by: User) -> None:
    """The reason goes along to those who may read it on the page."""
    readers = {person.pk for person in people if may_read(person, enquiry, "escalated_why")}
    for is_reader in (True, False):
        notify(
            [person for person in people if (person.pk in readers) is is_reader],
            "showroom.enquiry_unanswered",
            title=format_lazy(
                gettext_lazy("{adviser} asks for your help: {company} leaves a buyer waiting"),
                adviser=by.full_name,
                company=enquiry.shop.company.name,
            ),
            body=enquiry.escalated_why if is_reader else "",
            url=reverse("showroom_team:enquiry", args=[enquiry.pk]),
        )


def _managers_over(enquiry: Enquiry, by: User) -> Told:
    """One's own managers and those of the showroom, as far as they may open it; else those of the national agency."""

    def reached(people: Iterable[User]) -> dict[int, User]:
        as_managers = ((person, _as_manager(person, enquiry, by)) for person in people if person.pk != by.pk)
        return {person.pk: manager for person, manager in as_managers if manager is not None}

    managers = [person for person in managers_of(by.organisation) if person.pk != by.pk]
    own = reached(managers)
    people = own | reached(showroom_managers()) or reached(national_managers())
    return Told(list(people.values()), bool(managers) and not own)


def _as_manager(person: User, enquiry: Enquiry, by: User) -> User | None:
    """The person in a manager's role of one's own team or of the agency that opens the request, whatever his first."""
    for role in person.roles_today:
        if role.role in MANAGERS and (role.organisation == by.organisation or role.organisation.kind == Kind.AGENCY):
            manager = copy(person)
            manager.acting = role
            if is_allowed(manager, "showroom.view_enquiry_state", enquiry):
                return manager
    return None


@transaction.atomic
def forget_suggestion(suggestion: ReplySuggestion) -> None:
    """Keep that an answer was suggested, lose what it said."""
    suggestion.text = FORGOTTEN
    suggestion.save(update_fields=["text"])
