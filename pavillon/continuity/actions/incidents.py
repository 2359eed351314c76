"""Incidents of the platform: opened when something is not as promised, closed when it is again. Officers are told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.continuity.enums import Kind
from pavillon.continuity.models import OFFICERS, Backup, Certificate, PlatformIncident, RestoreTest
from pavillon.continuity.queries.journal import archive_state
from pavillon.continuity.queries.rates import allowed_ms, rate_of_days

ARCHIVE_SILENCE = timedelta(minutes=5)


def officers() -> Iterable[User]:
    """Who answers for the platform: security officers and administrators who can act."""
    return User.objects.working().not_held().acting_in(role__in=OFFICERS).distinct()


def open_incident(
    kind: Kind, *, at: datetime, subject: str = "", is_planned: bool = False, **facts: Any
) -> PlatformIncident:
    """Open it and tell the officers; one that is open already only learns the new facts."""
    known = PlatformIncident.objects.select_for_update().open().filter(kind=kind, subject=subject).first()
    if known is not None:
        if known.facts != facts:
            known.facts = facts
            known.save(update_fields=["facts"])
        return known
    incident = PlatformIncident.objects.create(
        kind=kind, subject=subject, opened_at=at, is_planned=is_planned, facts=facts
    )
    record("continuity.incident_opened", incident, by=None, kind=kind, subject=subject, **facts)
    _tell(incident)
    return incident


def close_incident(kind: Kind, *, at: datetime, subject: str = "") -> None:
    """Close what is open of this kind, and tell the officers."""
    for incident in PlatformIncident.objects.select_for_update().open().filter(kind=kind, subject=subject):
        incident.closed_at = max(at, incident.opened_at)
        incident.save(update_fields=["closed_at"])
        seconds = round(incident.lasted.total_seconds())
        record("continuity.incident_closed", incident, by=None, kind=kind, subject=subject, seconds=seconds)
        _tell(incident)


def _tell(incident: PlatformIncident) -> None:
    for person in officers():
        with translation.override(person.language):
            what = str(incident)
            notify(
                [person],
                "continuity.incident",
                title=_("Over: %(what)s") % {"what": what} if incident.closed_at else what,
                body=incident.reason,
                url=reverse(
                    "continuity:availability" if incident.kind in (Kind.OUTAGE, Kind.RATE) else "continuity:today"
                ),
            )


def _hold(kind: Kind, is_wrong: bool, *, at: datetime, subject: str = "", **facts: Any) -> None:
    if is_wrong:
        open_incident(kind, at=at, subject=subject, **facts)
    else:
        close_incident(kind, at=at, subject=subject)


@transaction.atomic
def watch_over(*, now: datetime | None = None) -> None:
    """Compare what is with what was promised: rate, backups, log, restore tests, certificates."""
    now = now or timezone.now()
    month = rate_of_days(30, now=now)
    _hold(Kind.RATE, month.down_ms >= allowed_ms(timedelta(days=30)), at=now, down_ms=month.down_ms)
    if any(site["backups"] for site in settings.SITES):
        backup = Backup.objects.filter(is_demo=False).newest() or Backup.objects.newest()
        late = backup is None or now - backup.finished_at > settings.BACKUP_MAX_AGE
        _hold(Kind.BACKUP, late, at=now)
        test = RestoreTest.objects.newest()
        failed = test is None or not test.passed or now - test.at > settings.RESTORE_TEST_MAX_AGE
        _hold(Kind.RESTORE_TEST, failed, at=now)
        archive = archive_state()
        # Before the first backup there is no archive; afterwards its silence is a hole in what can be restored.
        is_silent = archive is not None and (bool(archive["problem"]) or now - archive["at"] > ARCHIVE_SILENCE)
        _hold(Kind.ARCHIVE, is_silent, at=now)
    ending = {
        str(row.pk): str(row) for row in Certificate.objects.in_register() if row.alert_on <= timezone.localdate(now)
    }
    for number, name in ending.items():
        open_incident(Kind.CERTIFICATE, at=now, subject=number, what=name)
    for incident in PlatformIncident.objects.open().filter(kind=Kind.CERTIFICATE).exclude(subject__in=ending):
        close_incident(Kind.CERTIFICATE, at=now, subject=incident.subject)
