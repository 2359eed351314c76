"""Rules: written with a history, asked at events and every few minutes."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.actions import lock_password
from pavillon.accounts.models import User
from pavillon.accounts.queries import failures_since, password_locked_until
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.vigilance.actions.incidents import open_incident
from pavillon.vigilance.enums import Kind, Response
from pavillon.vigilance.kinds import KINDS
from pavillon.vigilance.models import Rule, RuleVersion
from pavillon.vigilance.queries.detection import Hit, find_hits


@transaction.atomic
def create_rule(
    *, kind: str, figures: dict[str, int], response: str, suspend_hours: int, is_on: bool, reason: str, by: User | None
) -> Rule:
    """Write a rule, its first version."""
    rule = Rule.objects.create(kind=kind, figures=figures, response=response, suspend_hours=suspend_hours, is_on=is_on)
    _keep_version(rule, reason, by)
    record("vigilance.rule_created", rule, by=by, reason=reason)
    return rule


@transaction.atomic
def change_rule(
    *, rule: Rule, figures: dict[str, int], response: str, suspend_hours: int, is_on: bool, reason: str, by: User
) -> Rule:
    """Write a rule anew: what it said before stays readable as a version. The same again changes nothing."""
    rule = Rule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    before = snapshot(rule)
    rule.figures, rule.response, rule.suspend_hours, rule.is_on = figures, response, suspend_hours, is_on
    if not changes_since(before, rule):
        return rule
    rule.number += 1
    rule.save()
    _keep_version(rule, reason, by)
    record("vigilance.rule_changed", rule, by=by, changes=changes_since(before, rule), reason=reason)
    return rule


def _keep_version(rule: Rule, reason: str, by: User | None) -> None:
    RuleVersion.objects.create(
        rule=rule,
        number=rule.number,
        figures=rule.figures,
        response=rule.response,
        suspend_hours=rule.suspend_hours,
        is_on=rule.is_on,
        reason=reason,
        made_by=by,
    )


def judge_event(*, kinds: Iterable[str], user: User) -> None:
    """Ask the rules of these kinds about one person, at the event itself."""
    now = timezone.now()
    for rule in Rule.objects.at_work().filter(kind__in=list(kinds)):
        for hit in find_hits(
            rule.kind, rule.filled, since=now - rule.span, until=now + timedelta(seconds=1), person=user
        ):
            _speak(rule, hit, user)


def lock_what_fails(*, email: str) -> None:
    """Close the password of an address at which too many failed, as the rules at work say; somebody may have it or not.

    Nothing that only an account can have is asked here, neither an exemption nor an incident: otherwise the time of
    the lock would tell which addresses have one. Made longer at most once in the span of the rule.
    """
    now = timezone.now()
    for rule in Rule.objects.at_work().filter(kind=Kind.FAILED_SIGN_INS, response=Response.SUSPEND):
        if failures_since(email, now - rule.span) < rule.filled["count"]:
            continue
        until, stands = now + timedelta(hours=rule.suspend_hours), password_locked_until(email)
        if stands is None or stands <= until - rule.span:
            lock_password(email=email, until=until, reason=rule.kind)


def watch_logs() -> int:
    """Ask the rules that read whole logs, over the time that they look back. Returns how many incidents came of it."""
    now, opened = timezone.now(), 0
    for rule in Rule.objects.at_work().filter(kind__in=[kind for kind, about in KINDS.items() if not about.is_quick]):
        hits = find_hits(rule.kind, rule.filled, since=now - rule.span, until=now)
        people = User.objects.working().in_bulk({hit.user_id for hit in hits})
        opened += sum(_speak(rule, hit, people[hit.user_id]) for hit in hits if hit.user_id in people)
    return opened


def _speak(rule: Rule, hit: Hit, user: User) -> bool:
    incident = open_incident(
        kind=rule.kind,
        rule=rule,
        user=user,
        began_at=hit.began_at,
        count=hit.count,
        facts=hit.facts,
        response=rule.response,
        quiet=rule.span,
    )
    return incident is not None
