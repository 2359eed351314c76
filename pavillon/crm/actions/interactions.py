"""What was said is written down, corrected by who wrote it, and what was promised gets done."""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.agenda import finish_promise_in_agenda
from pavillon.crm.actions.leads import set_next_action
from pavillon.crm.enums import Visibility
from pavillon.crm.events import interaction_logged, interactions_logged
from pavillon.crm.models import Interaction, Lead
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact

# Clocks of phones and servers differ a little.
TOLERANCE = datetime.timedelta(minutes=5)


# Nearer than this in time, two exchanges of one kind by one person with one company are probably the same.
SAME_WITHIN = datetime.timedelta(hours=1)


class NotYetHappened(Exception):
    """An interaction tells what was, not what will be."""


class AlreadyLogged(Exception):
    """Its author has meanwhile logged what is probably the same exchange: `interaction`."""

    def __init__(self, interaction: Interaction) -> None:
        super().__init__(_("You have already logged an exchange of this kind with this company at that time."))
        self.interaction = interaction


@transaction.atomic
def log_interaction(
    *,
    company: Company,
    kind: str,
    happened_at: datetime.datetime,
    summary: str,
    by: User,
    contact: Contact | None = None,
    duration_minutes: int | None = None,
    outcome: str = "",
    lead: Lead | None = None,
    next_action: str = "",
    next_action_on: datetime.date | None = None,
    next_action_at: datetime.time | None = None,
    visibility: str = "organisation",
    token: uuid.UUID | None = None,
) -> Interaction:
    """Write down a call, a visit, a mail, a meeting or a note about a company, in the author's organisation's name.

    With `lead`, the next action is the request's own (the company reads it). Raises NotYetHappened.
    """
    if happened_at > timezone.now() + TOLERANCE:
        raise NotYetHappened(_("This date is in the future: log it when it has happened, or set a next action."))
    interaction = Interaction.objects.create(
        company=forwarded(company),
        lead=lead,
        kind=kind,
        happened_at=happened_at,
        duration_minutes=duration_minutes,
        contact=contact,
        summary=summary,
        outcome=outcome,
        author=by,
        organisation=by.organisation,
        region_id=by.region_id or (by.acting.covers_id if by.acting else None) or company.region_id,
        visibility=visibility,
        next_action="" if lead else next_action.strip(),
        next_action_on=None if lead else next_action_on,
        next_action_at=None if lead or not next_action_on else next_action_at,
        token=token,
    )
    record("crm.interaction_logged", interaction, by=by, kind=kind, visibility=visibility)
    if lead is not None and next_action:
        set_next_action(
            lead=lead, by=by, next_action=next_action, next_action_on=next_action_on, next_action_at=next_action_at
        )
    interaction_logged.send(sender=Interaction, interaction=interaction, by=by)
    _wake_timeline(interaction)
    return interaction


@transaction.atomic
def store_report(
    *,
    token: uuid.UUID,
    company: Company,
    kind: str,
    happened_at: datetime.datetime,
    by: User,
    despite: bool = False,
    **fields: Any,
) -> Interaction:
    """Store a report that was written without a network: once, however often its device sends it.

    `token` is the device's name for it; `fields` are those of `log_interaction`. Raises AlreadyLogged when its author
    has meanwhile logged an exchange of that kind with that company within the hour: only he knows whether both
    happened (`despite` stores it all the same). Raises NotYetHappened.
    """
    with connection.cursor() as cursor:
        # The same report from two tabs: the second waits here, then finds it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"report {by.pk} {token}"])
    known = Interaction.objects.filter(author=by, token=token).first()
    if known:
        return known
    near = (happened_at - SAME_WITHIN, happened_at + SAME_WITHIN)
    mine = Interaction.objects.filter(author=by, company=forwarded(company), kind=kind, happened_at__range=near)
    if not despite and (other := mine.first()):
        raise AlreadyLogged(other)
    return log_interaction(company=company, kind=kind, happened_at=happened_at, by=by, token=token, **fields)


def _wake_timeline(interaction: Interaction) -> None:
    # A hint never reaches those who may not know that the note exists.
    shared = interaction.visibility != Visibility.ORGANISATION
    audience = "team" if shared else f"organisation:{interaction.organisation_id}"
    wake("crm.timeline", audience=audience, company=interaction.company_id)


@transaction.atomic
def change_interaction(
    *,
    interaction: Interaction,
    summary: str,
    outcome: str,
    duration_minutes: int | None,
    contact: Contact | None,
    visibility: str,
    by: User,
) -> Interaction:
    """Its author corrects what he wrote, or shares it more widely; the trail keeps both versions."""
    interaction = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    before = snapshot(interaction)
    interaction.summary, interaction.outcome, interaction.visibility = summary, outcome, visibility
    interaction.duration_minutes, interaction.contact = duration_minutes, contact
    changes = changes_since(before, interaction)
    if changes:
        interaction.save()
        record("crm.interaction_changed", interaction, by=by, changes=changes)
        _wake_timeline(interaction)
    return interaction


@transaction.atomic
def move_interaction(
    *, interaction: Interaction, company: Company, by: User, contact: Contact | None = None, lead: Lead | None = None
) -> Interaction:
    """It was with another company: it stands there from now on, and leaves where it stood."""
    interaction = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    before = snapshot(interaction)
    _wake_timeline(interaction)
    interaction.company, interaction.contact, interaction.lead = forwarded(company), contact, lead
    interaction.save()
    record("crm.interaction_changed", interaction, by=by, changes=changes_since(before, interaction))
    _wake_timeline(interaction)
    return interaction


@transaction.atomic
def drop_interaction(*, interaction: Interaction, by: User) -> None:
    """What told of an exchange was thrown away: it leaves the timeline and the figures.

    Where something stands on it (a risk that it ended), it stays and says that its words are gone.
    """
    interaction = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    record("crm.interaction_dropped", interaction, by=by, kind=interaction.kind)
    _wake_timeline(interaction)
    try:
        with transaction.atomic():
            interaction.delete()
    except ProtectedError:
        interaction.contact, interaction.summary = None, _("What told of this exchange was thrown away by its author.")
        interaction.save()
    else:
        interactions_logged.send(sender=Interaction, interactions=[interaction], by=by)


@transaction.atomic
def finish_next_action(*, interaction: Interaction, by: User) -> None:
    """What was promised is done."""
    interaction = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if interaction.next_action_done_at is None:
        interaction.next_action_done_at = timezone.now()
        interaction.save(update_fields=["next_action_done_at", "changed_at"])
        record("crm.next_action_finished", interaction, by=by)
        finish_promise_in_agenda(interaction, by=by)
        wake("crm.lead", people=[by.pk])
