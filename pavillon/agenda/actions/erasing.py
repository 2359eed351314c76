"""What is left of a row when the person in it is erased."""

from django.utils.translation import gettext as _

from pavillon.agenda.models import (
    AgendaKey,
    DayPlan,
    Entry,
    Interruption,
    InvitationLetter,
    MeetingMessage,
    Participant,
    Subscription,
)


def forget_entry(entry: Entry) -> None:
    """That time was taken stays; what for, where and with whom goes."""
    entry.title, entry.place, entry.notes, entry.video_url, entry.company = _("Erased"), "", "", "", None
    entry.save(update_fields=["title", "place", "notes", "video_url", "company", "changed_at"])


def forget_participant(participant: Participant) -> None:
    participant.delete()


def forget_message(message: MeetingMessage) -> None:
    message.text = _("Erased")
    message.save(update_fields=["text"])


def forget_interruption(interruption: Interruption) -> None:
    interruption.name = ""
    interruption.save(update_fields=["name"])


def forget_plan(plan: DayPlan) -> None:
    plan.first_things = ""
    plan.save(update_fields=["first_things", "changed_at"])


def forget_key(key: AgendaKey) -> None:
    key.delete()


def forget_subscription(subscription: Subscription) -> None:
    subscription.delete()


def forget_letter(letter: InvitationLetter) -> None:
    letter.delete()
