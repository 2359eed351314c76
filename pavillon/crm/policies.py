"""The room's lines on the privilege matrix, and its kinds of notification."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import register_kind
from pavillon.core.policy import governs, owned_by
from pavillon.crm.actions.kinds import Exchanges, Requests
from pavillon.crm.models import (
    ChannelCost,
    Comment,
    ContactMessage,
    DedicatedContact,
    HandOver,
    Interaction,
    Lead,
    Mission,
    MissionFile,
    Referent,
    SharedTask,
)
from pavillon.crm.queries.exported import EXCHANGES, OTHER_REQUESTS, REQUESTS
from pavillon.directory.models import Company, Contact, stands_behind
from pavillon.intake.models.parts import add_kind
from pavillon.segments.queries.parts import add_part
from pavillon.ui.keyset import among

governs(
    Lead,
    fields=["message", "contact_name", "contact_email", "contact_phone", "attachment", "next_action", "outcome"],
    along={"next_action_on": "next_action", "next_action_at": "next_action"},
)
governs(Interaction, fields=["summary", "outcome", "contact", "duration_minutes"])
governs(Referent, fields=["reason"])
governs(DedicatedContact, fields=["function", "starts_on", "ends_on"])
governs(ContactMessage, fields=["text"])
governs(Comment, fields=["text"])
governs(SharedTask, fields=["what"], along={"due_on": "what"})
governs(ChannelCost, fields=["cost"])
governs(MissionFile, fields=["file"], along={"name": "file"})

owned_by(Lead, lambda user: Q(adviser=user) | Q(requested_by=user))
owned_by(Interaction, lambda user: Q(author=user))
owned_by(Referent, lambda user: Q(adviser=user))
owned_by(DedicatedContact, lambda user: Q(person=user))
owned_by(ContactMessage, lambda user: Q(author=user))
owned_by(Comment, lambda user: Q(author=user))
owned_by(SharedTask, lambda user: Q(given_to=user) | Q(given_by=user))
owned_by(ChannelCost, lambda user: Q(noted_by=user))
owned_by(MissionFile, lambda user: Q(added_by=user) | Q(mission__adviser=user) | Q(mission__sent_by=user))


def transmitted_to(user: User) -> QuerySet[Lead]:
    """The requests that a private partner has in hand: their companies are its own as long as it has them."""
    is_partner = user.role == Role.PRIVATE_PARTNER and user.organisation is not None
    return Lead.objects.filter(team=user.organisation) if is_partner else Lead.objects.none()


def _of_these(column: str, rows: QuerySet[Any], user: User) -> Q:
    """The companies of these rows are the user's own. A private partner sees no others: as keys, each side of his
    condition has its index, while a question inside an OR lets PostgreSQL look at each company of the base."""
    companies = rows.order_by().values("company")
    return Q(among(companies, column)) if user.role == Role.PRIVATE_PARTNER else Q((f"{column}__in", companies))


owned_by(Company, lambda user: _of_these("pk", transmitted_to(user), user))
owned_by(Contact, lambda user: _of_these("company", transmitted_to(user), user))
# A referent calls the company, and its people, his own.
owned_by(Company, lambda user: _of_these("pk", Referent.objects.current().filter(adviser=user), user))
owned_by(Contact, lambda user: _of_these("company", Referent.objects.current().filter(adviser=user), user))

for _code, _label in {
    "crm.lead_assigned": _("A new request for me"),
    "crm.lead_unassigned": _("A request that nobody could take"),
    "crm.lead_escalated": _("A request that escalates"),
    "crm.hand_over": _("A hand-over: proposed, accepted, declined"),
    "crm.request_message": _("A message of a company about its request"),
    "crm.referent_changed": _("A change of referent"),
    "crm.company_closed": _("A company that I follow has closed"),
    "crm.dedication_changed": _("A company that I accompany, or no longer"),
    "crm.company_wrote": _("A message of a company that I accompany"),
    "crm.mentioned": _("A colleague names me in a comment"),
    "crm.discussion_answered": _("An answer in a discussion that I take part in"),
    "crm.task": _("A task: given to me, done, due or late"),
    "crm.routing_simulated": _("A simulation of routing rules that I asked for is ready"),
    "crm.territory_work": _("A large change of territories that I asked for is done, or was refused"),
    "crm.mission": _("A mission of a partner: deadline, result, quality"),
    "crm.handed_on": _("Follow-ups that pass to me, or that somebody leaves"),
    "crm.followed": _("A company, person or product that I follow"),
}.items():
    register_kind(_code, _label, "team")
register_kind("crm.request_moved", _("My request moves"), "company")
register_kind("crm.support_changed", _("A change among those who accompany my company"), "company")
register_kind("crm.contact_wrote", _("A message of a contact of my company"), "company")

for _kind in (Exchanges(), Requests()):
    add_kind(_kind)
for _part in (EXCHANGES, REQUESTS, OTHER_REQUESTS):
    add_part(_part)

stands_behind(HandOver, "lead__company")
stands_behind(Mission, "lead__company")
