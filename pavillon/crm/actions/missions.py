"""Missions of private partners: opened by a transfer, reported with a proof, reviewed by the team."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Kind
from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.crm.actions.leads import NothingLogged
from pavillon.crm.actions.telling import said_day
from pavillon.crm.enums import MissionState
from pavillon.crm.models import Lead, Mission
from pavillon.crm.models.missions import USUAL_DAYS


class MissionMoved(Exception):
    """The mission is not at a step that allows this."""


class WrongDeadline(Exception):
    """A deadline lies before the mission's start."""


def locked_mission(mission: Mission, *states: str) -> Mission:
    """The mission as it is now, locked. Raises MissionMoved unless it is at one of `states`."""
    mission = Mission.objects.select_for_update(of=("self",)).with_names().get(pk=mission.pk)
    if mission.state not in states:
        raise MissionMoved(
            _("The mission is at the step “%(step)s”: somebody changed it meanwhile.")
            % {"step": mission.get_state_display()}
        )
    return mission


@transaction.atomic
def open_mission(*, lead: Lead, partner: Organisation, adviser: User, sent_by: User, what: str, by: User) -> Mission:
    """A request was transmitted to a private partner: its mission begins, due in thirty days until said otherwise."""
    today = timezone.localdate()
    mission = Mission.objects.create(
        lead=lead,
        partner=partner,
        adviser=adviser,
        sent_by=sent_by,
        country_id=lead.country_id or partner.country_id,
        what=what,
        started_on=today,
        due_on=today + datetime.timedelta(days=USUAL_DAYS),
    )
    record("crm.mission_opened", mission, by=by, partner=partner.name, due_on=mission.due_on)
    return mission


@transaction.atomic
def follow_transfer(*, lead: Lead, by: User | None) -> None:
    """A request changed hands: missions of whoever lost it stop; a private partner who got it has one."""
    stop_missions(lead=lead, by=by, keeps=lead.team)
    if lead.team is None or lead.team.kind != Kind.PARTNER or lead.adviser is None or by is None:
        return
    running = lead.missions.running().first()
    if running is not None:
        # A colleague of the same partner goes on with it.
        before = snapshot(running)
        running.adviser = lead.adviser
        if changes := changes_since(before, running):
            running.save()
            record("crm.mission_changed", running, by=by, changes=changes)
        return
    offer = (
        lead.hand_overs.filter(is_accepted=True, team=lead.team).select_related("sender").order_by("answered_at").last()
    )
    sender = offer.sender if offer else by
    what = (offer.need or offer.note) if offer else ""
    open_mission(lead=lead, partner=lead.team, adviser=lead.adviser, sent_by=sender, what=what, by=by)


@transaction.atomic
def stop_missions(*, lead: Lead, by: User | None, keeps: Organisation | None = None) -> None:
    """End the running missions of a request, but those of the partner who keeps it: the others see it no longer."""
    rows = Mission.objects.select_for_update(of=("self",)).running().filter(lead=lead)
    for mission in rows.exclude(partner=keeps) if keeps else rows:
        before = snapshot(mission)
        mission.state = MissionState.STOPPED
        mission.save()
        record("crm.mission_stopped", mission, by=by, changes=changes_since(before, mission))


@transaction.atomic
def change_mission(*, mission: Mission, what: str, due_on: datetime.date, by: User) -> Mission:
    """Say what is expected, and by when; the partner is told. Raises MissionMoved, WrongDeadline."""
    mission = locked_mission(mission, MissionState.RUNNING)
    if due_on < mission.started_on:
        raise WrongDeadline(_("The mission began later than this day: choose another."))
    before = snapshot(mission)
    mission.what, mission.due_on = what, due_on
    changes = changes_since(before, mission)
    if changes:
        mission.save()
        # The words stay out of the trail.
        told = {name: pair for name, pair in changes.items() if name == "due_on"}
        record("crm.mission_changed", mission, by=by, changes=told, what="what" in changes)
        tell_of_mission(mission, [mission.adviser], gettext_lazy("Expected from you, and by when: {company}"), what)
    return mission


@transaction.atomic
def report_mission(*, mission: Mission, result: str, meetings: int, by: User) -> Mission:
    """The partner says what came of it.

    Raises NothingLogged without an exchange of its own since the mission began, MissionMoved.
    """
    mission = locked_mission(mission, MissionState.RUNNING)
    with house():
        own = mission.lead.interactions.filter(organisation=mission.partner)
        # The day of whoever began the mission may not have come yet where the partner is.
        since = mission.started_on - datetime.timedelta(days=1)
        is_proven = own.filter(happened_at__date__gte=since).exists()
    if not is_proven:
        raise NothingLogged(
            _("Log a call, a mail or a meeting since %(day)s on the request first: it is the proof of the result.")
            % {"day": said_day(mission.started_on)}
        )
    mission.result, mission.meetings = result, meetings
    mission.state, mission.reported_at = MissionState.REPORTED, timezone.now()
    mission.save()
    record("crm.mission_reported", mission, by=by, meetings=meetings, late=mission.due_on < timezone.localdate())
    tell_of_mission(mission, [mission.sent_by], gettext_lazy("The partner reports its result: {company}"), result)
    return mission


@transaction.atomic
def review_mission(*, mission: Mission, quality: int, quality_note: str, by: User) -> Mission:
    """Judge the partner's work from 1 (poor) to 5 (excellent); the partner is told. Raises MissionMoved."""
    mission = locked_mission(mission, MissionState.REPORTED)
    mission.quality, mission.quality_note = quality, quality_note
    mission.state, mission.reviewed_by, mission.reviewed_at = MissionState.REVIEWED, by, timezone.now()
    mission.save()
    record("crm.mission_reviewed", mission, by=by, quality=quality)
    tell_of_mission(mission, [mission.adviser], gettext_lazy("Your mission was reviewed: {company}"), quality_note)
    return mission


def remind_missions() -> int:
    """Tell partners of deadlines within a week, both sides of those that passed: each once for a day set. How many."""
    told, today = 0, timezone.localdate()
    for found in list(Mission.objects.to_remind(today).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Mission.objects.select_for_update(of=("self",)).with_names()
            mission = rows.filter(pk__in=Mission.objects.to_remind(today), pk=found).first()
            if mission is None:
                continue
            if mission.is_late:
                mission.told_late_for = mission.due_on
                tell_of_mission(mission, [mission.adviser, mission.sent_by], _LATE, mission.what)
            else:
                mission.reminded_for = mission.due_on
                tell_of_mission(mission, [mission.adviser], _NEAR, mission.what, day=said_day(mission.due_on))
            mission.save(update_fields=["reminded_for", "told_late_for", "changed_at"])
            record("crm.mission_reminded", mission, by=None, late=mission.is_late)
            told += 1
    return told


_NEAR = gettext_lazy("Its result is expected by {day}: {company}")
_LATE = gettext_lazy("The deadline of the mission has passed: {company}")


def tell_of_mission(mission: Mission, people: list[User], title: Any, body: str, **values: Any) -> None:
    """A notification that opens the mission, and desks that show it anew; `title` names its company."""
    wake("crm.mission", people=[person.pk for person in people], mission=mission.pk)
    notify(
        people,
        "crm.mission",
        title=format_lazy(title, company=mission.lead.company_label, **values),
        body=body,
        url=mission.get_absolute_url(),
    )
