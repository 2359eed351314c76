"""Entries of agendas, weekly templates, real times, meetings, and what is exchanged with other calendars."""

from pavillon.agenda.models.entries import Entry, EntryQuerySet, Series
from pavillon.agenda.models.exchange import AgendaKey, Subscription
from pavillon.agenda.models.meetings import InvitationLetter, MeetingMessage, Participant
from pavillon.agenda.models.templates import DayPlan, TemplateCell, WeeklyTemplate
from pavillon.agenda.models.times import Interruption, TimeSpan

__all__ = [
    "AgendaKey",
    "DayPlan",
    "Entry",
    "EntryQuerySet",
    "Interruption",
    "InvitationLetter",
    "MeetingMessage",
    "Participant",
    "Series",
    "Subscription",
    "TemplateCell",
    "TimeSpan",
    "WeeklyTemplate",
]
