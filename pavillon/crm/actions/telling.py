"""Who is told of what happens to a request, and which browsers look again."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from pavillon.accounts.enums import COMPANY_ROLES, Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, wake
from pavillon.crm.models import ContactMessage, DedicatedContact, HandOver, Lead, Referent
from pavillon.crm.queries.clock import TEAM_ZONE
from pavillon.crm.queries.routing import managers_of, national_managers
from pavillon.directory.models import Company
from pavillon.ui.words import day as day_in_words
from pavillon.ui.words import moment as moment_in_words

MY_REQUESTS = "crm:my_requests"


def _moment(at: datetime.datetime) -> str:
    with timezone.override(TEAM_ZONE):
        return moment_in_words(at)


# Dates are written in each recipient's own language, when his text is rendered.
said_moment = lazy(_moment, str)
said_day = lazy(day_in_words, str)


def people_of_company(company: Company | None) -> list[User]:
    """The managers of the company's own account, if it has one: those who were confirmed as its people."""
    if company is None or company.organisation_id is None:
        return []
    return list(
        User.objects.working()
        .acting_in(organisation=company.organisation_id, role=Role.COMPANY_MANAGER, is_confirmed=True)
        .order_by("pk")
    )


def people_who_asked(lead: Lead) -> list[User]:
    """The person who asked; else the managers of the company, when they may see this request."""
    if lead.requested_by is not None:
        return [lead.requested_by]
    return people_of_company(lead.company) if Lead.objects.of_companies().filter(pk=lead.pk).exists() else []


def wake_lead(lead: Lead, *, also: Iterable[User | None] = ()) -> None:
    """Ask the browsers of those concerned to look at this request again."""
    people = {person.pk for person in (lead.adviser, *also, *people_who_asked(lead)) if person is not None}
    wake("crm.lead", people=people, audience="agency", lead=lead.pk, state=lead.state)
    if lead.team_id:
        wake("crm.lead", audience=f"organisation:{lead.team_id}", lead=lead.pk, state=lead.state)


def tell_adviser(lead: Lead) -> None:
    """The adviser has a new request."""
    if lead.adviser is None or lead.due_at is None:
        return
    notify(
        [lead.adviser],
        "crm.lead_assigned",
        title=format_lazy(_("New request: {subject}"), subject=lead.lazy_title),
        body=format_lazy(
            _("{company} asks: {subject}. Take it in charge before {due}."),
            company=lead.company_label,
            subject=lead.lazy_title,
            due=said_moment(lead.due_at),
        ),
        url=lead.get_absolute_url(),
    )


def alert_managers(lead: Lead) -> None:
    """Nobody fits, everybody has too much, or nobody who could answer is there: the team's managers should look.

    Those of the national agency too, when no manager of the team has ever signed in.
    """
    managers = list(managers_of(lead.team).exclude(pk=lead.adviser_id or 0))
    if all(manager.is_only_invited for manager in managers):
        managers += [one for one in national_managers() if one not in managers and one.pk != lead.adviser_id]
    notify(
        managers,
        "crm.lead_unassigned",
        title=format_lazy(_("A request needs you: {subject}"), subject=lead.lazy_title),
        body=_why_managers(lead),
        url=lead.get_absolute_url(),
    )


def _why_managers(lead: Lead) -> Any:
    if lead.adviser is None:
        return _("Nobody present could simply take it. Its page says why.")
    if lead.adviser.is_only_invited:
        told = _("{adviser} has it, was invited and has never signed in: nobody else of the team is there.")
        return format_lazy(told, adviser=lead.adviser.full_name)
    return _("The team is beyond its capacity. The page of the request says who has it.")


def tell_escalation(lead: Lead) -> None:
    """The first time the team's managers, then the national ones."""
    managers = managers_of(lead.team) if lead.escalations <= 1 else national_managers()
    notify(
        managers,
        "crm.lead_escalated",
        title=format_lazy(_("Nobody took this request in charge: {subject}"), subject=lead.lazy_title),
        body=format_lazy(
            _("{company} has waited since {received}. Adviser: {adviser}."),
            company=lead.company_label,
            received=said_moment(lead.received_at),
            adviser=lead.adviser.full_name if lead.adviser else "–",
        ),
        url=lead.get_absolute_url(),
    )


def tell_company(lead: Lead, title: Any, body: Any) -> None:
    """Tell whoever asked that something moved; the link opens "my requests"."""
    notify(people_who_asked(lead), "crm.request_moved", title=title, body=body, url=f"{reverse(MY_REQUESTS)}#{lead.pk}")


def tell_diagnosis(lead: Lead, path: str) -> None:
    """A company that does not export yet gets the self-service diagnosis, in each one's language (LEAD-02).

    Without an account it gets a letter, when the request gave an address.
    """
    people = people_who_asked(lead)
    if not people and lead.contact_email:
        app.configure_task("crm.send_diagnosis_letter").defer(lead_id=lead.pk)
    for person in people:
        notify(
            [person],
            "crm.request_moved",
            title=_("While we read your request: where do you stand on exporting?"),
            body=_("Ten minutes of questions show your strong points and the steps that come first."),
            url=path.format(language=person.language),
        )


def tell_hand_over(hand_over: HandOver) -> None:
    lead = hand_over.lead
    notify(
        [hand_over.receiver],
        "crm.hand_over",
        title=format_lazy(
            _("{sender} hands a request over to you: {subject}"),
            sender=hand_over.sender.full_name,
            subject=lead.lazy_title,
        ),
        body=hand_over.note,
        url=lead.get_absolute_url(),
    )


def tell_hand_over_answer(hand_over: HandOver) -> None:
    lead = hand_over.lead
    title = _("{receiver} took over: {subject}") if hand_over.is_accepted else _("{receiver} declined: {subject}")
    notify(
        [hand_over.sender],
        "crm.hand_over",
        title=format_lazy(title, receiver=hand_over.receiver.full_name, subject=lead.lazy_title),
        body=hand_over.answer,
        url=lead.get_absolute_url(),
    )


def tell_referent(referent: Referent, before: User | None) -> None:
    """The company learns who answers for it; so do the one who comes and the one who leaves."""
    company = referent.company
    values = {
        "adviser": referent.adviser.full_name,
        "company": company.name,
        "day": said_day(referent.starts_on),
        "organisation": referent.organisation.name,
    }
    notify(
        people_of_company(company),
        "crm.referent_changed",
        title=format_lazy(_("Your export referent: {adviser}"), **values),
        body=format_lazy(_("{adviser} ({organisation}) answers for all your export questions from {day}."), **values),
        url=reverse(MY_REQUESTS),
    )
    team = [person for person in (referent.adviser, before) if person is not None and person != referent.decided_by]
    notify(
        team,
        "crm.referent_changed",
        title=format_lazy(_("Referent of {company}: {adviser}, from {day}"), **values),
        body=referent.reason,
        url=reverse("directory:company", args=[company.pk]),
    )


def tell_closing(company: Company) -> None:
    """The register says that a company closed: its referent and whoever holds an open request of it learn it."""
    people = [
        referent.adviser for referent in Referent.objects.current().filter(company=company).select_related("adviser")
    ]
    open_leads = Lead.objects.open().filter(company=company, adviser__isnull=False).select_related("adviser")
    people += [lead.adviser for lead in open_leads if lead.adviser is not None]
    notify(
        people,
        "crm.company_closed",
        title=format_lazy(_("The register says that {company} has closed"), company=company.name),
        body=_("Its card says since when. What is open there is yours to end or to hand over."),
        url=reverse("directory:company", args=[company.pk]),
        about=company,
    )


def everybody_of(company: Company) -> list[User]:
    """All who act for the company: managers and those of its shop."""
    if company.organisation_id is None:
        return []
    people = User.objects.working().acting_in(organisation=company.organisation_id, role__in=COMPANY_ROLES)
    return list(people.order_by("pk"))


SUPPORT_CHANGES = {
    "named": (
        _("{person} accompanies your company"),
        _("From {day}, turn to {person} ({organisation}) for: {function}."),
        _("You accompany {company} from {day}"),
    ),
    "changed": (
        _("What you turn to {person} for has changed"),
        _("Turn to {person} ({organisation}) for: {function}."),
        _("Your function for {company} has changed"),
    ),
    "ended": (
        _("{person} no longer accompanies your company after {end}"),
        _("Your other contacts stay at your side: their names are on the home page of your company."),
        _("You no longer accompany {company} after {end}"),
    ),
}


def tell_support(contact: DedicatedContact, change: str, *, by: User | None) -> None:
    """The company learns who is at its side from now on ("named", "changed" or "ended"), and so does the person."""
    to_company, body, to_person = SUPPORT_CHANGES[change]
    values = {
        "person": contact.person.full_name,
        "company": contact.company.name,
        "organisation": contact.organisation.name,
        "function": contact.function,
        "day": said_day(contact.starts_on),
        "end": said_day(contact.ends_on or timezone.localdate()),
    }
    notify(
        everybody_of(contact.company),
        "crm.support_changed",
        title=format_lazy(to_company, **values),
        body=format_lazy(body, **values),
        url=reverse("crm:my_contact", args=[contact.pk]),
    )
    notify(
        [contact.person] if by is None or contact.person_id != by.pk else [],
        "crm.dedication_changed",
        title=format_lazy(to_person, **values),
        body=contact.function,
        url=contact.get_absolute_url(),
    )


# The words themselves stay in the conversation, where they are encrypted.
OPEN_IT = _("Open the conversation to read and answer.")


def tell_contact_message(message: ContactMessage) -> None:
    """The other side of the conversation is told."""
    contact = message.contact
    if message.from_company:
        title = format_lazy(_("{company} writes to you"), company=contact.company.name)
        notify([contact.person], "crm.company_wrote", title=title, body=OPEN_IT, url=contact.get_absolute_url())
        return
    # Those who wrote in this conversation; everybody of the company while nobody has.
    wrote = list(User.objects.working().filter(pk__in=contact.messages.filter(from_company=True).values("author")))
    notify(
        wrote or everybody_of(contact.company),
        "crm.contact_wrote",
        title=format_lazy(_("{adviser} writes to you"), adviser=message.author.full_name),
        body=OPEN_IT,
        url=reverse("crm:my_contact", args=[contact.pk]),
    )


def wake_conversation(contact: DedicatedContact, by: User) -> None:
    """Open pages of this conversation draw it again, on both sides."""
    people = {by.pk, contact.person_id, *(person.pk for person in everybody_of(contact.company))}
    wake("crm.contact", people=people, contact=contact.pk)
