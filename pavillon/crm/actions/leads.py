"""What happens to a request once somebody has it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.crm.actions.agenda import keep_promise_in_agenda
from pavillon.crm.actions.telling import tell_adviser, tell_company, tell_escalation, wake_lead
from pavillon.crm.enums import PROMISING, LeadState, Outcome, Step
from pavillon.crm.events import (
    lead_assigned,
    lead_closed,
    lead_escalated,
    lead_refused,
    lead_taken,
    lead_treated,
)
from pavillon.crm.models import HandOver, Lead, LeadMessage, LeadSettings, LeadStep
from pavillon.crm.queries.clock import add_working_hours, working_minutes
from pavillon.crm.queries.partners import check_partner
from pavillon.crm.queries.workload import present_settings

# The team's manager is told first, the national level second; then it stays visible without more noise.
ESCALATIONS_AT_MOST = 2


class AlreadyTaken(Exception):
    """Somebody took this request in charge before."""


class WrongState(Exception):
    """The request is not at a step that allows this."""


class NothingLogged(Exception):
    """A request is treated by an exchange with the company, and none is logged."""


def locked_lead(lead: Lead, *states: str) -> Lead:
    """The request as it is now, locked. Raises WrongState unless it is at one of `states` (all when empty)."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if states and lead.state not in states:
        raise WrongState(
            _("The request is at the step “%(step)s”: somebody changed it meanwhile.")
            % {"step": lead.get_state_display()}
        )
    return lead


def save_step(lead: Lead, before: dict[str, object], step: Step, verb: str, *, by: User | None, note: str = "") -> None:
    """Store the request, one line of its history and one line of the trail."""
    lead.save()
    LeadStep.objects.create(lead=lead, step=step, at=timezone.now(), by=by, adviser=lead.adviser, note=note)
    record(verb, lead, by=by, changes=changes_since(before, lead))


@transaction.atomic
def take_charge(*, lead: Lead, by: User) -> Lead:
    """The adviser begins: the clock stops, the delay is stored in working minutes, the company is told.

    Whoever takes a request of the queue or of a colleague becomes its adviser. Raises AlreadyTaken.
    """
    lead = locked_lead(lead)
    if not lead.is_untouched:
        holder = lead.adviser.full_name if lead.adviser else "–"
        raise AlreadyTaken(_("%(adviser)s has this request already.") % {"adviser": holder})
    before = snapshot(lead)
    if lead.adviser_id != by.pk:
        lead.routing = [*lead.routing, {"code": "taken_from_queue", "adviser": by.full_name}]
    now = timezone.now()
    lead.state, lead.adviser, lead.taken_at = LeadState.TAKEN, by, now
    lead.team = lead.team or by.organisation
    lead.assigned_at = lead.assigned_at or now
    lead.take_charge_minutes = working_minutes(lead.received_at, now, present_settings())
    save_step(lead, before, Step.TAKEN, "crm.lead_taken", by=by)
    lead_taken.send(sender=Lead, lead=lead, by=by)
    tell_company(
        lead,
        format_lazy(gettext_lazy("{adviser} handles your request"), adviser=by.full_name),
        format_lazy(
            gettext_lazy("{adviser} ({team}) will contact you about “{subject}”."),
            adviser=by.full_name,
            team=lead.team.name if lead.team else "",
            subject=lead.lazy_title,
        ),
    )
    wake_lead(lead)
    return lead


@transaction.atomic
def assign_lead(*, lead: Lead, adviser: User, team: Organisation, by: User) -> Lead:
    """A manager gives a request to somebody of a team; taken ones stay taken, by the new person.

    Raises UseRefused or NobodyToAsk when the team is a private partner and the company did not agree.
    """
    lead = locked_lead(lead, LeadState.RECEIVED, LeadState.ASSIGNED, LeadState.TAKEN)
    check_partner(lead, team)
    before, former = snapshot(lead), lead.adviser
    withdraw_hand_over(lead, by=by)
    lead.adviser, lead.team, lead.assigned_at = adviser, team, timezone.now()
    lead.routing = [*lead.routing, {"code": "assigned_by", "by": by.full_name}]
    if lead.state == LeadState.RECEIVED:
        lead.state = LeadState.ASSIGNED
    save_step(lead, before, Step.ASSIGNED, "crm.lead_assigned", by=by)
    lead_assigned.send(sender=Lead, lead=lead, adviser=adviser, reason=lead.routing_reason, by=by)
    if adviser != by:
        tell_adviser(lead)
    wake_lead(lead, also=[former, by])
    return lead


@transaction.atomic
def set_next_action(
    *,
    lead: Lead,
    by: User,
    next_action: str,
    next_action_on: datetime.date | None,
    next_action_at: datetime.time | None = None,
) -> Lead:
    """Say what comes next and when; the company reads it. Both empty: nothing is promised any more.

    It stands in the agenda of the request's adviser.
    """
    lead = locked_lead(lead, *PROMISING)
    before = snapshot(lead)
    lead.next_action, lead.next_action_on = next_action.strip(), next_action_on
    lead.next_action_at = next_action_at if next_action_on else None
    changes = changes_since(before, lead)
    if changes:
        lead.save()
        record("crm.lead_next_action_set", lead, by=by, changes=changes)
        keep_promise_in_agenda(lead, by=by)
        wake_lead(lead, also=[by])
    return lead


@transaction.atomic
def treat_lead(*, lead: Lead, by: User, note: str = "") -> Lead:
    """The answer was given. Raises NothingLogged unless an exchange with the company is logged on it."""
    lead = locked_lead(lead, LeadState.TAKEN)
    with house():
        # Also one that the colleague before kept to his organisation.
        is_answered = lead.interactions.exists()
    if not is_answered:
        raise NothingLogged(_("Log the call, the mail or the meeting first: that is what treats a request."))
    before = snapshot(lead)
    withdraw_hand_over(lead, by=by)
    lead.state, lead.treated_at = LeadState.TREATED, timezone.now()
    save_step(lead, before, Step.TREATED, "crm.lead_treated", by=by, note=note)
    lead_treated.send(sender=Lead, lead=lead, by=by)
    tell_company(
        lead,
        format_lazy(gettext_lazy("Your request was treated: {subject}"), subject=lead.lazy_title),
        gettext_lazy("Tell us on its page if something is missing."),
    )
    wake_lead(lead, also=[by])
    return lead


@transaction.atomic
def close_lead(*, lead: Lead, by: User, outcome: str, note: str = "") -> Lead:
    """Say what the request led to; `note` is read by the company."""
    lead = locked_lead(lead, LeadState.TREATED)
    before = snapshot(lead)
    lead.state, lead.closed_at, lead.outcome, lead.closing_note = LeadState.CLOSED, timezone.now(), outcome, note
    lead.next_action, lead.next_action_on, lead.next_action_at = "", None, None
    save_step(lead, before, Step.CLOSED, "crm.lead_closed", by=by)
    lead_closed.send(sender=Lead, lead=lead, by=by)
    tell_company(
        lead,
        format_lazy(gettext_lazy("Your request is closed: {subject}"), subject=lead.lazy_title),
        note or Outcome(outcome).label,
    )
    wake_lead(lead, also=[by])
    return lead


@transaction.atomic
def refuse_lead(*, lead: Lead, by: User, reason: str) -> Lead:
    """The team cannot help with this; the reason is told to the company."""
    lead = locked_lead(lead, LeadState.RECEIVED, LeadState.ASSIGNED, LeadState.TAKEN)
    before = snapshot(lead)
    withdraw_hand_over(lead, by=by)
    lead.state, lead.closed_at, lead.closing_note = LeadState.REFUSED, timezone.now(), reason
    lead.next_action, lead.next_action_on, lead.next_action_at = "", None, None
    save_step(lead, before, Step.REFUSED, "crm.lead_refused", by=by, note=reason)
    lead_refused.send(sender=Lead, lead=lead, by=by)
    tell_company(
        lead, format_lazy(gettext_lazy("We cannot follow up this request: {subject}"), subject=lead.lazy_title), reason
    )
    wake_lead(lead, also=[by])
    return lead


@transaction.atomic
def add_message(*, lead: Lead, by: User, text: str) -> LeadMessage:
    """The company adds something to its request, or its adviser writes to it; the other side is told."""
    lead = locked_lead(lead)
    from_company = not by.is_team
    message = LeadMessage.objects.create(
        lead=lead, author=by, from_company=from_company, text=text, written_at=timezone.now()
    )
    record("crm.lead_message_added", lead, by=by, from_company=from_company)
    if from_company:
        LeadStep.objects.create(lead=lead, step=Step.ANSWERED, at=timezone.now(), by=by, adviser=lead.adviser)
        notify(
            [lead.adviser] if lead.adviser else [],
            "crm.request_message",
            title=format_lazy(gettext_lazy("{company} adds to its request"), company=lead.company_label),
            body=text,
            url=lead.get_absolute_url(),
        )
    else:
        tell_company(lead, format_lazy(gettext_lazy("{adviser} writes to you"), adviser=by.full_name), text)
    wake_lead(lead, also=[by])
    return message


def withdraw_hand_over(lead: Lead, *, by: User) -> None:
    """An offer that is still open ends when the request goes another way."""
    for offer in HandOver.objects.select_for_update(of=("self",)).filter(lead=lead, answered_at__isnull=True):
        offer.answered_at, offer.is_accepted = timezone.now(), False
        offer.answer = _("The request moved on before the answer.")
        offer.save()
        record("crm.hand_over_withdrawn", lead, by=by, receiver=offer.receiver_id)


def escalate_late_leads() -> int:
    """Escalate what nobody took in time; run regularly. Returns how many moved.

    Each request is its own transaction, so that one failure holds up no other.
    """
    moved = 0
    for pk in Lead.objects.due().filter(escalations__lt=ESCALATIONS_AT_MOST).order_by("due_at").values_list("pk"):
        moved += _escalate(pk[0])
    return moved


@transaction.atomic
def _escalate(pk: int) -> bool:
    lead = Lead.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    now = timezone.now()
    if lead is None or not lead.is_late or lead.escalations >= ESCALATIONS_AT_MOST:
        return False
    before = snapshot(lead)
    settings = LeadSettings.objects.get_or_create(pk=1)[0]
    lead.escalated_at, lead.escalations = now, lead.escalations + 1
    lead.due_at = add_working_hours(now, settings.take_charge_hours, settings)
    save_step(lead, before, Step.ESCALATED, "crm.lead_escalated", by=None)
    lead_escalated.send(sender=Lead, lead=lead)
    tell_escalation(lead)
    wake_lead(lead)
    return True
