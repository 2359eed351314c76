"""Incidents: opened by a rule or a budget with its response, looked at, closed; suspensions lifted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.accounts.queries import password_locked_until
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.vigilance.enums import Kind, Response, State
from pavillon.vigilance.events import incident_opened
from pavillon.vigilance.models import Exemption, Incident, Rule
from pavillon.vigilance.models.budgets import OFFICERS


class NotOpen(Exception):
    """The incident is closed already; the message says since when."""


def officers(*, but: User | None = None) -> Iterable[User]:
    """Who hears of incidents: security officers who can act, never about themselves."""
    people = User.objects.working().not_held().acting_in(role__in=OFFICERS).distinct()
    return people.exclude(pk=but.pk) if but is not None else people


@transaction.atomic
def open_incident(
    *,
    kind: str,
    user: User,
    began_at: datetime,
    count: int,
    facts: dict[str, Any],
    response: str,
    quiet: timedelta,
    rule: Rule | None = None,
) -> Incident | None:
    """Note an unusual event, respond, and tell security officers at once.

    None, and nothing done, for somebody who is exempt, or about whom the same rule spoke less than `quiet` ago (a
    budget that goes from proof to refusal is the same incident: it is raised). Suspensions by failed sign-ins end with
    a new password, all others only by an officer.
    """
    with connection.cursor() as cursor:
        # Two requests that notice the same must not both speak.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('vigilance incident'), %s)", [user.pk])
    now = timezone.now()
    if is_exempt(user, rule):
        return None
    same = Incident.objects.filter(user=user, kind=kind, rule=rule, noticed_at__gt=now - quiet, is_demo=False)
    known = same.first()
    if known is not None and not (response == Response.BLOCK and known.response != Response.BLOCK and known.is_open):
        return None
    incident = known or Incident(
        kind=kind,
        rule=rule,
        rule_number=rule.number if rule else 0,
        user=user,
        organisation=user.organisation,
        began_at=began_at,
    )
    incident.response, incident.count, incident.facts = response, count, facts
    if response == Response.SUSPEND and rule is not None:
        # Wrong passwords close the password, by the address, whether somebody has it or not (`lock_what_fails`).
        is_lock = kind == Kind.FAILED_SIGN_INS
        until = now + timedelta(hours=rule.suspend_hours)
        incident.suspended_until = password_locked_until(user.email) if is_lock else until
    incident.save()
    told: dict[str, Any] = {"kind": kind, "response": response, "count": count, "person": user.pk}
    record("vigilance.incident_raised" if known else "vigilance.incident_opened", incident, user, by=None, **told)
    _respond(incident, user)
    _alert(incident, user)
    incident_opened.send(sender=Incident, incident=incident)
    return incident


def is_exempt(user: User, rule: Rule | None) -> bool:
    """Whether an officer asked to leave this person alone for now: by this rule, or altogether."""
    return any(
        one.rule_id in (None, rule.pk if rule else None) for one in Exemption.objects.in_force().filter(user=user)
    )


def _respond(incident: Incident, user: User) -> None:
    reason = incident.get_kind_display()
    if incident.response == Response.SUSPEND and incident.suspended_until:
        if incident.kind != Kind.FAILED_SIGN_INS:
            until = incident.suspended_until
            accounts.suspend_sign_in(user=user, until=until, by=None, reason=incident.kind, is_held=True)
    elif incident.response == Response.STEP_UP and incident.rule is not None:
        accounts.demand_proof(user=user, by=None, reason=str(reason))


def _alert(incident: Incident, user: User) -> None:
    people, url = list(officers(but=user)), incident.get_absolute_url()
    if not people:
        # No officer is left who could answer: the administrators, who may lift the last one's suspension, hear of it.
        people = list(User.objects.working().not_held().acting_in(role=Role.PLATFORM_ADMIN).exclude(pk=user.pk))
        url = reverse("accounts:user", args=[user.pk])
    for person in people:
        with translation.override(person.language):
            notify(
                [person],
                "vigilance.incident",
                title=_("Unusual: %(what)s") % {"what": incident.get_kind_display()},
                body=_("%(person)s (%(organisation)s). Response: %(response)s.")
                % {
                    "person": user.full_name,
                    "organisation": user.organisation or "–",
                    "response": incident.get_response_display(),
                },
                url=url,
            )
    wake("vigilance.incident", people=[person.pk for person in people], incident=incident.pk)


def _locked(incident: Incident) -> Incident:
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not incident.is_open:
        raise NotOpen(_("This incident is closed already."))
    return incident


@transaction.atomic
def look_at_incident(*, incident: Incident, by: User) -> Incident:
    """An officer takes an incident in hand. Raises NotOpen."""
    incident = _locked(incident)
    before = snapshot(incident)
    incident.state, incident.handled_by = State.LOOKED_AT, by
    incident.looked_at = incident.looked_at or timezone.now()
    incident.save()
    record("vigilance.incident_looked_at", incident, by=by, changes=changes_since(before, incident))
    wake("vigilance.incident", people=[person.pk for person in officers()], incident=incident.pk)
    return incident


@transaction.atomic
def close_incident(*, incident: Incident, reason: str, by: User) -> Incident:
    """Say what an incident was. A suspension that came of it stays until it is lifted or ends. Raises NotOpen."""
    incident = _locked(incident)
    before = snapshot(incident)
    incident.state, incident.reason, incident.handled_by = State.CLOSED, reason, by
    incident.closed_at = timezone.now()
    incident.looked_at = incident.looked_at or incident.closed_at
    incident.save()
    changes = changes_since(before, incident)
    record("vigilance.incident_closed", incident, by=by, changes=changes, reason=reason)
    wake("vigilance.incident", people=[person.pk for person in officers()], incident=incident.pk)
    return incident


@transaction.atomic
def lift_incident(*, incident: Incident, reason: str, by: User) -> Incident:
    """Let the person sign in again before the end of the suspension, with a reason; he is told."""
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    before = snapshot(incident)
    incident.suspended_until = None
    if incident.state == State.NEW:
        incident.state, incident.looked_at = State.LOOKED_AT, timezone.now()
    incident.handled_by = by
    incident.save()
    accounts.lift_suspension(user=incident.user, by=by)
    changes = changes_since(before, incident)
    record("vigilance.suspension_lifted", incident, incident.user, by=by, changes=changes, reason=reason)
    notify(
        [incident.user],
        "vigilance.my_account",
        title=gettext_lazy("You may sign in again"),
        body=gettext_lazy("The security officer ended the suspension of your account."),
    )
    return incident
