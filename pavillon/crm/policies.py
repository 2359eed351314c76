"""The room's lines on the privilege matrix, and its kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.core.policy import governs
from pavillon.crm.models import Interaction, Lead, Referent

governs(
    Lead,
    fields=["message", "contact_name", "contact_email", "contact_phone", "attachment", "next_action", "outcome"],
)
governs(Interaction, fields=["summary", "outcome", "contact", "duration_minutes"])
governs(Referent, fields=["reason"])

for _code, _label in {
    "crm.lead_assigned": _("A new request for me"),
    "crm.lead_unassigned": _("A request that nobody could take"),
    "crm.lead_escalated": _("A request that escalates"),
    "crm.hand_over": _("A hand-over: proposed, accepted, declined"),
    "crm.request_message": _("A message of a company about its request"),
    "crm.referent_changed": _("A change of referent"),
}.items():
    register_kind(_code, _label, "team")
register_kind("crm.request_moved", _("My request moves"), "company")
