"""What those who follow a company are told, when something is announced."""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.crm.actions.telling_together import tell_followers, tell_record_followers
from pavillon.crm.enums import FollowTopic, InteractionKind
from pavillon.crm.models import Interaction, Lead, Referent
from pavillon.directory.models import Company, Contact

# Columns of the card that say where a company stands.
STATE = {
    "status": _("{company}: its status changed"),
    "export_class": _("{company}: its export class changed"),
    "is_accompanied": _("{company}: its accompaniment changed"),
    "closed_on": _("{company} has closed"),
    "is_sensitive": _("{company}: its file was restricted or opened"),
}
REQUESTS = {
    "received": _("{company} asks: {subject}"),
    "taken": _("{company}: {adviser} takes charge of “{subject}”"),
    "closed": _("{company}: “{subject}” is closed"),
}


def follow_state(company: Company, changes: dict[str, Any], by: User | None) -> None:
    """The card of a company changed: its followers learn what concerns where it stands."""
    for column, title in STATE.items():
        if column in changes:
            told = format_lazy(title, company=company.name)
            tell_followers(company, FollowTopic.STATE, title=told, besides=[by.pk if by else None])


def follow_merge(kept: Company, removed: Company, by: User | None) -> None:
    title = format_lazy(_("{removed} was merged into {company}"), company=kept.name, removed=removed.name)
    tell_followers(kept, FollowTopic.STATE, title=title, besides=[by.pk if by else None])


def follow_referent(referent: Referent, by: User | None) -> None:
    title = format_lazy(
        _("{company}: {adviser} is the referent"),
        company=referent.company.name,
        adviser=referent.adviser.full_name,
    )
    known = [referent.adviser_id, by.pk if by else None]
    tell_followers(referent.company, FollowTopic.STATE, title=title, besides=known)


def follow_request(lead: Lead, step: str, by: User | None) -> None:
    """A request was "received", "taken" or "closed"; its adviser knows it already."""
    if lead.company is None:
        return
    title = format_lazy(
        REQUESTS[step],
        company=lead.company.name,
        subject=lead.lazy_title,
        adviser=lead.adviser.full_name if lead.adviser else "–",
    )
    known = [lead.adviser_id, by.pk if by else None]
    tell_followers(
        lead.company, FollowTopic.REQUESTS, title=title, url=lead.get_absolute_url(), seeing=lead, besides=known
    )


def follow_exchange(interaction: Interaction) -> None:
    """An exchange was logged: only those who may find it learn of it."""
    title = format_lazy(
        _("{company}: {kind} by {author}"),
        company=interaction.company.name,
        kind=InteractionKind(interaction.kind).label,
        author=interaction.author.full_name,
    )
    known = {interaction.author_id}
    if interaction.contact is not None:
        told = format_lazy(
            _("{contact}: {kind} by {author}"),
            contact=str(interaction.contact),
            kind=InteractionKind(interaction.kind).label,
            author=interaction.author.full_name,
        )
        known |= tell_record_followers(
            interaction.company,
            title=told,
            url=interaction.contact.get_absolute_url(),
            contact=interaction.contact,
            seeing=interaction,
            besides=known,
        )
    tell_followers(
        interaction.company,
        FollowTopic.EXCHANGES,
        title=title,
        seeing=interaction,
        besides=known,
    )


# Columns of a person's card whose change is news for who follows him.
OF_PERSON = {"job_title": _("{contact}: another function"), "company_id": _("{contact}: another company")}


def follow_contact(contact: Contact, changes: dict[str, Any], by: User | None) -> None:
    """The card of a person changed: followers learn of another company or function."""
    for column, title in OF_PERSON.items():
        if column in changes:
            tell_record_followers(
                contact.company,
                title=format_lazy(title, contact=str(contact)),
                url=contact.get_absolute_url(),
                contact=contact,
                besides=[by.pk if by else None],
            )
            return


def follow_signal(company: Company, kind: str, source: Any, by: User | None) -> None:
    title = format_lazy(_("{company}: news from {source}"), company=company.name, source=source.name)
    tell_followers(company, FollowTopic.SIGNALS, title=title, besides=[by.pk if by else None])
