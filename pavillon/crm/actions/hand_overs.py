"""A request passes from one adviser to another, who says yes first."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import snapshot
from pavillon.crm.actions.leads import locked_lead, save_step
from pavillon.crm.actions.telling import tell_company, tell_hand_over, tell_hand_over_answer, wake_lead
from pavillon.crm.enums import LeadState, Step
from pavillon.crm.events import lead_handed_over
from pavillon.crm.models import HandOver, Lead, LeadStep
from pavillon.crm.queries.clock import working_minutes
from pavillon.crm.queries.partners import check_partner
from pavillon.crm.queries.workload import present_settings


class HandOverPending(Exception):
    """Somebody else was asked and has not answered."""


class HandOverAnswered(Exception):
    """This hand-over has its answer, or was withdrawn."""


@transaction.atomic
def hand_over_lead(
    *,
    lead: Lead,
    to: User,
    team: Organisation,
    note: str,
    by: User,
    need: str = "",
    budget: str = "",
    decision_makers: str = "",
    horizon: str = "",
) -> HandOver:
    """Ask a colleague to take a request over; it stays where it is until the answer.

    The last four are what was learned of the company's project. Raises HandOverPending, and for a private partner
    UseRefused or NobodyToAsk: what leaves needs a consent.
    """
    lead = locked_lead(lead, LeadState.RECEIVED, LeadState.ASSIGNED, LeadState.TAKEN)
    check_partner(lead, team)
    try:
        with transaction.atomic():
            offer = HandOver.objects.create(
                lead=lead,
                sender=by,
                receiver=to,
                team=team,
                note=note,
                need=need,
                budget=budget,
                decision_makers=decision_makers,
                horizon=horizon,
                asked_at=timezone.now(),
            )
    except IntegrityError as error:
        raise HandOverPending(_("This request was already proposed to somebody who has not answered.")) from error
    LeadStep.objects.create(
        lead=lead, step=Step.OFFERED, at=timezone.now(), by=by, adviser=lead.adviser, note=to.full_name
    )
    record("crm.hand_over_proposed", lead, by=by, receiver=to.pk)
    tell_hand_over(offer)
    wake_lead(lead, also=[to, by])
    return offer


def _locked_offer(hand_over: HandOver) -> HandOver:
    offer = HandOver.objects.select_for_update(of=("self",)).get(pk=hand_over.pk)
    if offer.answered_at is not None:
        raise HandOverAnswered(_("This hand-over was already answered or withdrawn."))
    return offer


@transaction.atomic
def accept_hand_over(*, hand_over: HandOver, by: User) -> Lead:
    """The receiver takes the request over, which takes it in charge. Raises HandOverAnswered, UseRefused."""
    lead = locked_lead(hand_over.lead)
    offer = _locked_offer(hand_over)
    check_partner(lead, offer.team)
    before, former, now = snapshot(lead), lead.adviser, timezone.now()
    offer.answered_at, offer.is_accepted = now, True
    offer.save()
    lead.adviser, lead.team, lead.assigned_at = by, offer.team, now
    reason = {"code": "handed_over", "sender": offer.sender.full_name, "note": offer.note}
    lead.routing = [*lead.routing, reason]
    if lead.is_untouched:
        lead.state, lead.taken_at = LeadState.TAKEN, now
        lead.take_charge_minutes = working_minutes(lead.received_at, now, present_settings())
    save_step(lead, before, Step.HANDED_OVER, "crm.lead_handed_over", by=by)
    lead_handed_over.send(sender=Lead, lead=lead, before=former, by=by)
    tell_hand_over_answer(offer)
    tell_company(
        lead,
        format_lazy(gettext_lazy("{adviser} now handles your request"), adviser=by.full_name),
        format_lazy(
            gettext_lazy("{adviser} ({team}) continues with “{subject}”."),
            adviser=by.full_name,
            team=offer.team.name,
            subject=lead.lazy_title,
        ),
    )
    wake_lead(lead, also=[former, offer.sender])
    return lead


@transaction.atomic
def decline_hand_over(*, hand_over: HandOver, answer: str, by: User) -> Lead:
    """The receiver says no and why; the sender keeps the request. Raises HandOverAnswered."""
    lead = locked_lead(hand_over.lead)
    offer = _locked_offer(hand_over)
    offer.answered_at, offer.is_accepted, offer.answer = timezone.now(), False, answer
    offer.save()
    LeadStep.objects.create(lead=lead, step=Step.RETURNED, at=timezone.now(), by=by, adviser=lead.adviser, note=answer)
    record("crm.hand_over_declined", lead, by=by, answer=answer)
    tell_hand_over_answer(offer)
    wake_lead(lead, also=[by, offer.sender])
    return lead
