"""What is promised to companies stands in the agendas, and what was done there as real time."""

import contextlib
import datetime
from zoneinfo import ZoneInfo

from pavillon.accounts.models import User
from pavillon.agenda import actions as agenda
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import Entry
from pavillon.crm.actions.routing import AbsenceOverlaps, cancel_absence, plan_absence
from pavillon.crm.enums import PROMISING, InteractionKind
from pavillon.crm.models import Absence, Interaction, Lead

# A next action is drawn half an hour long: nobody said how long it will be.
MINUTES = 30
# A title that says nothing: what is promised is told by this room to each reader (`queries.promises`).
LEAD_ORIGIN, PROMISE_ORIGIN, EXCHANGE_ORIGIN = "crm.lead", "crm.promise", "crm.interaction"
KINDS = {
    InteractionKind.CALL: EntryKind.CALL,
    InteractionKind.VISIT: EntryKind.VISIT,
    InteractionKind.MEETING: EntryKind.MEETING,
}


def keep_promise_in_agenda(lead: Lead, *, by: User | None) -> None:
    """The next action of a request stands in the agenda of its adviser, whoever that is now and whoever wrote it."""
    adviser = lead.adviser if lead.state in PROMISING else None
    _keep(f"{LEAD_ORIGIN}:{lead.pk}", adviser, lead, lead.reference, lead.get_absolute_url(), by)


def keep_promise_of_exchange(interaction: Interaction, *, by: User | None) -> None:
    """What was promised outside a request stands in its author's agenda, or in that of whoever keeps it now."""
    url, holder = interaction.company.get_absolute_url(), interaction.keeper or interaction.author
    _keep(f"{PROMISE_ORIGIN}:{interaction.pk}", holder, interaction, str(interaction.company), url, by)


def _keep(origin: str, person: User | None, row: Lead | Interaction, title: str, url: str, by: User | None) -> None:
    start = None
    if row.next_action_on and person is not None:
        time = row.next_action_at or datetime.time.min
        start = datetime.datetime.combine(row.next_action_on, time, ZoneInfo(person.time_zone))
    agenda.keep_origin(
        origin=origin,
        person=person,
        starts_at=start,
        minutes=MINUTES if row.next_action_at else 24 * 60,
        all_day=row.next_action_at is None,
        title=title,
        company=row.company,
        url=url,
        by=by,
    )


def finish_promise_in_agenda(interaction: Interaction, *, by: User) -> None:
    for entry in Entry.objects.filter(origin=f"{PROMISE_ORIGIN}:{interaction.pk}"):
        agenda.finish_entry(entry=entry, by=by)


def keep_away(person: User, starts_on: datetime.date, ends_on: datetime.date, *, by: User) -> None:
    """Whoever planned to be away gets no request meanwhile; days that a manager has planned already stay his."""
    with contextlib.suppress(AbsenceOverlaps):
        plan_absence(person=person, starts_on=starts_on, ends_on=ends_on, by=by)


def come_back(person: User, starts_on: datetime.date, ends_on: datetime.date, *, by: User) -> None:
    for absence in Absence.objects.filter(person=person, starts_on=starts_on, ends_on=ends_on):
        cancel_absence(absence=absence, by=by)


def note_exchange_in_agenda(interaction: Interaction) -> None:
    """A call, visit or meeting with a length is real time in its author's agenda (ledger AGD-10)."""
    kind = KINDS.get(InteractionKind(interaction.kind))
    if kind is None or not interaction.duration_minutes:
        return
    starts_at = interaction.happened_at
    length = datetime.timedelta(minutes=interaction.duration_minutes)
    # Whoever writes down a call at its end leaves "when" empty: then it ended at that moment.
    if starts_at + length > interaction.created_at:
        starts_at = min(starts_at, interaction.created_at - length)
    agenda.note_exchange(
        person=interaction.author,
        company=interaction.company,
        kind=kind,
        title=str(interaction.get_kind_display()),
        starts_at=starts_at,
        ends_at=starts_at + length,
        origin=f"{EXCHANGE_ORIGIN}:{interaction.pk}",
        url=interaction.company.get_absolute_url(),
    )
