"""Ninety days of the probe, backups at two sites, a restore test, certificates: invented, and labelled so."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pavillon.continuity import actions
from pavillon.continuity.enums import Kind
from pavillon.continuity.models import (
    Backup,
    BackupCopy,
    Certificate,
    Day,
    Maintenance,
    PlatformIncident,
    Probe,
    RestoreTest,
)
from pavillon.continuity.queries.rates import DAY_MS

SITES = (("paris", "Paris", "FR"), ("frankfurt", "Francfort", "DE"))
# Days ago, seconds down, of which announced, and why.
OUTAGES = ((11, 372, 0, "database"), (34, 1_260, 1_260, "no_answer"), (67, 48, 0, "slow"))
CERTIFICATES = (
    ("iso_27001", "", "paris", "DEMO-27001-A", "Exploitation et hébergement, centre de Paris", 700, 395),
    ("iso_27018", "", "frankfurt", "DEMO-27018-B", "Protection des données personnelles en nuage, centre de Francfort",
     300, 795),
    ("tls", "export.pavillon.example", "paris", "DEMO-TLS", "Site national et sites régionaux", 50, 40),
)  # fmt: skip


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    _declare_sites()
    if Certificate.objects.filter(is_demo=True).exists():
        return
    _days()
    _copies()
    by, today = world["users"]["nora"], timezone.localdate()
    for standard, name, site, number, scope, since, left in CERTIFICATES:
        actions.keep_certificate(
            standard=standard, name=name, holder="Hébergeur de démonstration", issuer="Organisme de démonstration",
            number=number, scope=scope, site=site, valid_from=today - timedelta(days=since),
            valid_until=today + timedelta(days=left), alert_days=60, is_demo=True, by=by,
        )  # fmt: skip
    begin = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=9)
    work = actions.announce_work(
        starts_at=begin,
        ends_at=begin + timedelta(minutes=30),
        what_fr="Nouvelle version de la base de données au second site : aucun arrêt attendu",
        what_en="New version of the database at the second site: no stop expected",
        by=by,
    )
    Maintenance.objects.filter(pk=work.pk).update(is_demo=True)


def _declare_sites() -> None:
    """Two folders of this machine that stand for two sites, unless somebody declared the real ones."""
    target = Path(settings.DATA) / "sites.toml"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(__file__).parent / "data" / "sites.demo.toml", target)


def _days() -> None:
    probe, _made = Probe.objects.get_or_create(name=settings.AVAILABILITY_PROBE)
    today = timezone.localdate()
    down = {ago: (seconds, planned) for ago, seconds, planned, _reason in OUTAGES}
    known = set(probe.days.values_list("on", flat=True))
    Day.objects.bulk_create(
        Day(
            probe=probe,
            on=today - timedelta(days=ago),
            observed_ms=DAY_MS,
            down_ms=down.get(ago, (0, 0))[0] * 1000,
            planned_ms=down.get(ago, (0, 0))[1] * 1000,
            answers=5760,
            is_demo=True,
        )
        for ago in range(1, 90)
        if today - timedelta(days=ago) not in known
    )
    for ago, seconds, planned, reason in OUTAGES:
        at = timezone.now().replace(hour=3, minute=12, second=0, microsecond=0) - timedelta(days=ago)
        PlatformIncident.objects.create(
            kind=Kind.OUTAGE, opened_at=at, closed_at=at + timedelta(seconds=seconds), is_planned=bool(planned),
            facts={"reason": reason}, is_demo=True,
        )  # fmt: skip


def _copies() -> None:
    now = timezone.now()
    for night in range(5, 0, -1):
        at = (now - timedelta(days=night - 1)).replace(minute=5, second=0, microsecond=0) - timedelta(hours=2)
        name = f"{at:%Y%m%dT%H%M%S}-demo"
        backup = Backup.objects.create(
            name=name, finished_at=at, seconds=74 + night, size=412_000_000 + night * 1_300_000,
            digest=hashlib.sha256(name.encode()).hexdigest(), key_number="demo", keep_until=at + timedelta(days=35),
            is_demo=True,
        )  # fmt: skip
        for site, town, country in SITES:
            BackupCopy.objects.create(backup=backup, site=site, town=town, country=country)
    RestoreTest.objects.create(
        reference="demo", at=now - timedelta(days=12), backup=name, site="frankfurt", seconds="186.40", passed=True,
        checks=[
            {"code": "files_are_whole", "is_good": True, "value": ""},
            {"code": "server_starts", "is_good": True, "value": "97.2"},
            {"code": "rows", "is_good": True, "value": "1184220"},
            {"code": "logs_hold", "is_good": True, "value": "310450"},
            {"code": "keys_open", "is_good": True, "value": "9"},
        ],
        is_demo=True,
    )  # fmt: skip
