"""The room's lines on the privilege matrix, and its kinds of notification."""

from pavillon.core.policy import governs
from pavillon.crm.models import Interaction, Lead, Referent

governs(
    Lead,
    fields=["message", "contact_name", "contact_email", "contact_phone", "attachment", "next_action", "outcome"],
)
governs(Interaction, fields=["summary", "outcome", "contact", "duration_minutes"])
governs(Referent, fields=["reason"])
