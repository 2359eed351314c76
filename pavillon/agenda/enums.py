"""The words of the agenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Activity(models.TextChoices):
    """The twelve activities of the weekly template (ledger AGD-01, annex E), in the order of its lines."""

    MEETING = "meeting", pgettext_lazy("activity", "Meeting")
    PROSPECTS = "prospects", _("Identification of prospects")
    PHONE = "phone", _("Prospecting by phone")
    NETWORKS = "networks", _("Network evenings")
    PROPOSALS = "proposals", _("Writing of proposals")
    PREPARATION = "preparation", _("Preparation of visits")
    VISITS = "visits", _("Client visits")
    FIELD = "field", _("Prospecting in the field")
    REPORTING = "reporting", _("Reporting")
    FOLLOW_UP = "follow_up", _("Follow-up of clients")
    RECEIVABLES = "receivables", _("Collection of receivables")
    PLANNING = "planning", _("Plan of the next day")


class Half(models.TextChoices):
    """Half a day."""

    AM = "am", _("Morning")
    PM = "pm", _("Afternoon")


class EntryKind(models.TextChoices):
    """What stands in an agenda."""

    APPOINTMENT = "appointment", _("Appointment")
    VISIT = "visit", _("Visit")
    CALL = "call", _("Call")
    MEETING = "meeting", pgettext_lazy("agenda", "Meeting")
    ONE_TO_ONE = "one_to_one", _("One-to-one with the manager")
    TASK = "task", _("Task")
    SLOT = "slot", _("Time set aside")
    ABSENCE = "absence", _("Absence")
    EVENT = "event", _("Event of another calendar")


# What a person writes himself; the others come from the template, from absences and from other calendars.
WRITTEN_KINDS = (
    EntryKind.APPOINTMENT,
    EntryKind.VISIT,
    EntryKind.CALL,
    EntryKind.MEETING,
    EntryKind.ONE_TO_ONE,
    EntryKind.TASK,
)
# What an absence shuts out, and the reverse: held by the database.
BOOKED_KINDS = (
    EntryKind.APPOINTMENT,
    EntryKind.VISIT,
    EntryKind.CALL,
    EntryKind.MEETING,
    EntryKind.ONE_TO_ONE,
)
# What counts as a time of each kind that nobody gave an activity.
ACTIVITY_OF_KIND = {
    EntryKind.VISIT: Activity.VISITS,
    EntryKind.CALL: Activity.PHONE,
    EntryKind.MEETING: Activity.MEETING,
    EntryKind.ONE_TO_ONE: Activity.MEETING,
}


class AbsenceReason(models.TextChoices):
    """Why somebody is away; nothing about health."""

    LEAVE = "leave", _("Holidays")
    RTT = "rtt", _("Day off for working time (RTT)")
    BRIDGE = "bridge", _("Bridge day")
    TRAINING = "training", _("Training")
    OTHER = "other", pgettext_lazy("absence", "Other absence")


class Sight(models.TextChoices):
    """Who reads an entry; whoever may not is told only that the time is taken."""

    TEAM = "team", _("My organisation")
    BUSY = "busy", _("Only me and who takes part")


class Repeat(models.TextChoices):
    NEVER = "", _("Never")
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class Who(models.TextChoices):
    """By whom one is interrupted (ledger AGD-11)."""

    COLLEAGUE = "colleague", _("A colleague")
    MANAGER = "manager", _("My manager")
    CLIENT = "client", _("A client")
    PARTNER = "partner", _("A partner")
    PRIVATE = "private", _("Somebody private")


class Why(models.TextChoices):
    """What for."""

    QUESTION = "question", _("A question")
    URGENT = "urgent", _("Something urgent")
    CALL = "call", _("A phone call")
    TOOL = "tool", _("A tool that fails")
    OTHER = "other", pgettext_lazy("interruption", "Something else")


class Answer(models.TextChoices):
    """What somebody who is invited says."""

    WAITING = "waiting", _("No answer yet")
    ACCEPTED = "accepted", _("Takes part")
    TENTATIVE = "tentative", _("Perhaps")
    DECLINED = "declined", _("Does not take part")


class KeyKind(models.TextChoices):
    """What a secret opens."""

    FEED = "feed", _("Address of a calendar to subscribe to")
    APP = "app", _("Password for a calendar application")
