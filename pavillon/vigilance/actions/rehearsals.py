"""Dry runs: what a rule would have done on a past period."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.vigilance.enums import Progress
from pavillon.vigilance.models import Rehearsal, Rule
from pavillon.vigilance.queries.detection import Hit, find_hits

DAYS = 31
# Of so many hits the moments are kept; beyond, their number.
MOST = 200


@transaction.atomic
def rehearse_rule(*, rule: Rule, figures: dict[str, int], by: User) -> Rehearsal:
    """Ask what these figures would have found in the last month. A job answers; nobody is told or suspended."""
    now = timezone.now()
    rehearsal = Rehearsal.objects.create(
        rule=rule, figures=figures, since=now - timedelta(days=DAYS), until=now, asked_by=by
    )
    record("vigilance.rule_rehearsed", rule, by=by, figures=figures)
    app.configure_task("vigilance.run_rehearsal").defer(rehearsal_id=rehearsal.pk)
    return rehearsal


@transaction.atomic
def run_rehearsal(*, rehearsal: Rehearsal) -> None:
    """Answer a dry run; put back after a crash it answers the same."""
    rehearsal = Rehearsal.objects.select_for_update(of=("self",)).select_related("rule").get(pk=rehearsal.pk)
    rule = rehearsal.rule
    filled = rule.about.filled(rehearsal.figures)
    hits = find_hits(rule.kind, filled, since=rehearsal.since, until=rehearsal.until)
    rehearsal.hits, rehearsal.people = len(hits), len({hit.user_id for hit in hits})
    rehearsal.found = [_told(hit) for hit in reversed(hits[-MOST:])]
    rehearsal.progress, rehearsal.done_at = Progress.DONE, timezone.now()
    rehearsal.save()
    record("vigilance.rehearsal_done", rule, by=rehearsal.asked_by, hits=rehearsal.hits, people=rehearsal.people)
    if rehearsal.asked_by_id:
        wake("vigilance.rehearsal", people=[rehearsal.asked_by_id], rehearsal=rehearsal.pk)


def _told(hit: Hit) -> dict[str, Any]:
    return {
        "user": hit.user_id,
        "began": hit.began_at.isoformat(),
        "noticed": hit.noticed_at.isoformat(),
        "count": hit.count,
        "facts": hit.facts,
    }
