"""What the pages of this room show."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.continuity.enums import Kind
from pavillon.continuity.models import Backup, Certificate, Event, Maintenance, PlatformIncident, RestoreTest
from pavillon.continuity.queries.evidence import Evidence, checks_in_words
from pavillon.continuity.queries.rates import Rate, days_of, months, official_probe, rate_of_days

SHOWN = 30
STATUS_DAYS = 90


@dataclass(frozen=True)
class StatusDay:
    """One square of the status page. `kind`: "ok", "warn" (was down), "bad" (beyond a day's part), "" (unknown)."""

    on: date
    rate: Rate | None
    is_demo: bool

    @property
    def kind(self) -> str:
        if self.rate is None:
            return ""
        if not self.rate.down_ms:
            return "ok"
        return "warn" if self.rate.down_ms < self.rate.allowed_ms else "bad"


def status_days() -> list[StatusDay]:
    return [StatusDay(*each) for each in days_of(STATUS_DAYS)]


def status() -> dict[str, Any]:
    """What everybody may know: now, ninety days, outages, announced work, places. No cause, no internals."""
    probe = official_probe()
    is_fresh = probe is not None and probe.last_at is not None and timezone.now() - probe.last_at < timedelta(minutes=5)
    since = timezone.now() - timedelta(days=STATUS_DAYS)
    outages = PlatformIncident.objects.filter(kind=Kind.OUTAGE, opened_at__gte=since)
    days = status_days()
    return {
        "is_up": probe.is_up if probe and is_fresh else None,
        "seen_at": probe.last_at if probe else None,
        "days": days,
        "first": days[0].on,
        "has_demo": any(each.is_demo for each in days),
        "rate": rate_of_days(STATUS_DAYS),
        "outages": outages[:SHOWN],
        "works": Maintenance.objects.ahead()[:10],
        "sites": settings.SITES,
        "target": Decimal(settings.AVAILABILITY_TARGET),
    }


def availability_page(user: User) -> dict[str, Any]:
    return {
        "probe": official_probe(),
        "month": rate_of_days(30),
        "months": months(),
        "incidents": PlatformIncident.objects.visible_to(user)[:SHOWN],
        "works": Maintenance.objects.visible_to(user).select_related("announced_by")[:10],
        "events": Event.objects.visible_to(user)[:10],
        "target": Decimal(settings.AVAILABILITY_TARGET),
    }


@dataclass(frozen=True)
class ToldTest:
    """A restore test with its checks in words."""

    row: RestoreTest
    checks: list[Evidence]


def backups_page(user: User) -> dict[str, Any]:
    tests = RestoreTest.objects.visible_to(user)[:10]
    return {
        "backups": Backup.objects.visible_to(user).prefetch_related("copies")[:SHOWN],
        "tests": [ToldTest(row, checks_in_words(row.checks)) for row in tests],
        "sites": settings.SITES,
    }


def register(user: User) -> list[Certificate]:
    return list(Certificate.objects.visible_to(user).in_register())


def last_restore_test() -> RestoreTest | None:
    """For the points of control of `privacy`."""
    return RestoreTest.objects.newest()


def hosting() -> list[dict[str, Any]]:
    """The declared sites: {code, role, town, country, provider, backups, is_demo, is_european}."""
    return list(settings.SITES)


def stays_in_the_union() -> bool:
    """Whether every declared site is in the European Union; nobody may say so where none is declared."""
    return bool(settings.SITES) and all(site["is_european"] for site in settings.SITES)
