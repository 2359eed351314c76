"""Forgetting people: called by the register of personal data when the time is over or the person asks."""

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.crm.actions.mission_files import empty_file
from pavillon.crm.models import (
    Absence,
    Comment,
    ContactMessage,
    HandOver,
    Interaction,
    Lead,
    LeadMessage,
    Mission,
    MissionFile,
    SharedTask,
)


@transaction.atomic
def forget_lead(lead: Lead) -> None:
    """Keep the request for the figures, lose the person and the words."""
    lead.contact_name = lead.contact_email = lead.contact_phone = lead.message = ""
    lead.contact, lead.requested_by, lead.attachment, lead.attachment_id = None, None, None, None
    lead.routing = []
    lead.attachment_type = lead.search_text = lead.closing_note = ""
    if lead.state == "refused":
        lead.closing_note = "–"
    lead.save()


@transaction.atomic
def forget_interaction(interaction: Interaction) -> None:
    """Keep that an exchange took place, lose with whom and what was said."""
    interaction.contact, interaction.summary, interaction.next_action, interaction.next_action_on = None, "", "", None
    interaction.save()


@transaction.atomic
def forget_hand_over(hand_over: HandOver) -> None:
    """Empty what was said of people when a request was passed on; that it was, and to whom, stays."""
    hand_over.note, hand_over.need, hand_over.decision_makers = _("Erased"), "", ""
    hand_over.answer = _("Erased") if hand_over.answer else ""
    hand_over.save()


@transaction.atomic
def forget_mission(mission: Mission) -> None:
    """Keep the mission, its deadline and its marks; lose what was written about people, documents too."""
    for file in mission.files.all():
        empty_file(file)
    mission.what = mission.result = mission.quality_note = ""
    mission.save()


@transaction.atomic
def forget_mission_file(file: MissionFile) -> None:
    """Keep that a document came; lose the document and its name."""
    empty_file(file)


@transaction.atomic
def forget_message(message: LeadMessage) -> None:
    message.text = ""
    message.save(update_fields=["text"])


@transaction.atomic
def forget_contact_message(message: ContactMessage) -> None:
    message.text = ""
    message.save(update_fields=["text"])


@transaction.atomic
def forget_absence(absence: Absence) -> None:
    absence.delete()


@transaction.atomic
def forget_comment(comment: Comment) -> None:
    """Keep that somebody said something, lose the words."""
    comment.text = ""
    comment.save(update_fields=["text"])


@transaction.atomic
def forget_task(task: SharedTask) -> None:
    task.what = ""
    task.save(update_fields=["what", "changed_at"])
