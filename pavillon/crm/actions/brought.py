"""Exchanges and requests that a file brings: many at once, as they stood elsewhere.

Nobody is told and nothing is routed: what a file brings has happened before. Figures and scores follow.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, record_births
from pavillon.campaigns.queries.campaigns import Named
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.receiving import locked_settings, search_text_of
from pavillon.crm.enums import LeadState, Step
from pavillon.crm.events import interactions_logged
from pavillon.crm.models import Discussion, HandOver, Interaction, Lead, LeadMessage, LeadStep, LeadTouch, Mission
from pavillon.crm.queries.campaigns import STILL_NAMED
from pavillon.crm.queries.clock import add_working_hours, working_minutes

# What a request of each state went through, with the column that says when.
PASSED = {
    LeadState.RECEIVED: (),
    LeadState.ASSIGNED: ("assigned",),
    LeadState.TAKEN: ("assigned", "taken"),
    LeadState.TREATED: ("assigned", "taken", "treated"),
    LeadState.CLOSED: ("assigned", "taken", "treated", "closed"),
    LeadState.REFUSED: ("refused",),
}


class LeadInUse(Exception):
    """Others worked on the request since it was brought: it stays."""


@transaction.atomic
def bring_interactions(*, rows: Sequence[Mapping[str, Any]], by: User) -> list[Interaction]:
    """Write down exchanges that were logged elsewhere; `rows` are columns of `Interaction`. In their order."""
    interactions = Interaction.objects.bulk_create(Interaction(**row) for row in rows)
    # The trail of an exchange is its own: the company's is open to the whole team.
    lines: list[Any] = [((one,), {"kind": one.kind, "visibility": one.visibility}) for one in interactions]
    record_births("crm.interaction_logged", lines, by=by)
    interactions_logged.send(sender=Interaction, interactions=interactions, by=by)
    return interactions


@transaction.atomic
def withdraw_interaction(*, interaction: Interaction, by: User) -> None:
    """Take back an exchange that a wrong file brought."""
    record("crm.interaction_withdrawn", interaction, by=by, kind=interaction.kind)
    interaction.delete()
    interactions_logged.send(sender=Interaction, interactions=[interaction], by=by)


@transaction.atomic
def bring_leads(*, rows: Sequence[Mapping[str, Any]], by: User) -> list[Lead]:
    """Take requests over as they stand elsewhere; `rows` are columns of `Lead`. In their order.

    One that nobody took charge of yet is due from now on: its clock does not run back. One whose words of what prompted
    it are the name or the code of a campaign points to it.
    """
    settings, now = locked_settings(), timezone.now()
    leads = [Lead(**row) for row in rows]
    for lead in leads:
        lead.company_name = lead.company.name if lead.company else lead.company_name
        lead.region = lead.region or (lead.company.region if lead.company else None)
        if lead.is_untouched:
            lead.due_at = lead.due_at or add_working_hours(now, settings.take_charge_hours, settings)
        elif lead.taken_at:
            lead.take_charge_minutes = working_minutes(lead.received_at, lead.taken_at, settings)
    Lead.objects.bulk_create(leads)
    for lead in leads:
        lead.search_text = search_text_of(lead)
    Lead.objects.bulk_update(leads, ["search_text"])
    LeadStep.objects.bulk_create(step for lead in leads for step in _steps_of(lead, by))
    named = Named((one.prompted_by for one in leads), by, STILL_NAMED)
    LeadTouch.objects.bulk_create(
        LeadTouch(
            lead=one, origin=one.origin, detail=one.prompted_by, touched_at=one.received_at, is_first=True,
            campaign=named.of(one.prompted_by, timezone.localdate(one.received_at)),
        )
        for one in leads
    )  # fmt: skip
    record_births(
        "crm.lead_received", [((one,), {"origin": one.origin, "subject": one.subject}) for one in leads], by=by
    )
    return leads


def _steps_of(lead: Lead, by: User) -> list[LeadStep]:
    """The history of a request as far as the file tells it."""
    steps = [LeadStep(lead=lead, step=Step.RECEIVED, at=lead.received_at, by=by)]
    for name in PASSED[LeadState(lead.state)]:
        at = lead.closed_at if name == "refused" else getattr(lead, f"{name}_at")
        if at is not None:
            steps.append(LeadStep(lead=lead, step=Step(name), at=at, by=lead.adviser or by, adviser=lead.adviser))
    return steps


@transaction.atomic
def complete_lead(*, lead: Lead, by: User, **fields: Any) -> Lead:
    """Fill or put right what a request says of itself: message, country, sector, who asked. Not how far it went."""
    lead = Lead.objects.select_for_update(of=("self",)).select_related("company").get(pk=lead.pk)
    before = snapshot(lead)
    for name, value in fields.items():
        setattr(lead, name, value)
    changes = changes_since(before, lead)
    if changes:
        lead.search_text = search_text_of(lead)
        lead.save()
        record("crm.lead_completed", lead, by=by, changes=changes)
    return lead


@transaction.atomic
def withdraw_lead(*, lead: Lead, by: User) -> None:
    """Take back a request that a wrong file brought. Raises LeadInUse once anything else names it."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    work: tuple[type[Model], ...] = (Interaction, HandOver, LeadMessage, Discussion, Mission)
    if any(model._default_manager.filter(lead=lead).exists() for model in work):
        raise LeadInUse(_("Others have worked on this request since: it stays."))
    record("crm.lead_withdrawn", lead, by=by, subject=lead.subject)
    lead.delete()
