"""The four criteria with today's evidence: everything is read when the page opens, nothing is written down by hand."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.accounts.queries import factor_counts
from pavillon.activity.models import Entry
from pavillon.continuity.enums import CheckKind
from pavillon.continuity.models import Backup, Check, PlatformIncident, RestoreTest
from pavillon.continuity.queries.journal import archive_state, replication_state
from pavillon.continuity.queries.rates import rate_of_days
from pavillon.continuity.words import in_words
from pavillon.core.encryption import cipher
from pavillon.core.fields import EncryptedTextField
from pavillon.core.policy import governed
from pavillon.security.enums import HELD
from pavillon.security.models import DataKey, LogAnchor, PolicyCell, Reading
from pavillon.security.queries import chained_logs, collector_place, shipping_state
from pavillon.ui.words import ago, day, moment, number
from pavillon.vigilance.models import Incident, Rule

SEALED_WITHIN = timedelta(minutes=15)
OLD_KEY_DAYS = 730
NEEDS_FACTOR = (Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN, Role.KEY_HOLDER, Role.DATA_PROTECTION_OFFICER)
MOST_SESSIONS = 2_000
CHECK_DAYS = 8


@dataclass(frozen=True)
class Evidence:
    """One fact in words; `is_good` is None where it is neither good nor bad. `url`: where its detail is."""

    label: str
    value: str
    is_good: bool | None = None
    url: str = ""


@dataclass(frozen=True)
class Criterion:
    """One of the four, with its facts. `code` is its anchor on the page."""

    code: str
    name: str
    about: str
    facts: list[Evidence] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return sum(fact.is_good is False for fact in self.facts)


def criteria() -> list[Criterion]:
    """Availability, confidentiality, integrity, traceability (ledger SEC-01). About forty statements."""
    return [
        Criterion(
            "availability", _("Availability"), _("The platform answers, and comes back when it is lost."),
            _availability(),
        ),
        Criterion(
            "confidentiality", _("Confidentiality"), _("Who may not read, cannot."), _confidentiality()
        ),
        Criterion("integrity", _("Integrity"), _("What is kept is what was written."), _integrity()),
        Criterion(
            "traceability", _("Traceability"), _("Who did what, and who saw what, can be told."), _traceability()
        ),
    ]  # fmt: skip


def percent_in_words(value: Any) -> str:
    """99,954 %: as it was cut, never rounded."""
    return "—" if value is None else f"{number(value)} %"


def _availability() -> list[Evidence]:
    month = rate_of_days(30)
    page, copies = reverse("continuity:availability"), reverse("continuity:backups")
    opened = PlatformIncident.objects.open().count()
    return [
        Evidence(
            _("Answered, of the time observed in 30 days"), percent_in_words(month.percent) + _demo(month),
            month.keeps_target, page,
        ),
        Evidence(
            _("Downtime in 30 days, of %(allowed)s allowed") % {"allowed": in_words(month.allowed_ms)},
            in_words(month.down_ms) + _demo(month), month.down_ms < month.allowed_ms, page,
        ),
        Evidence(_("Not observed in 30 days"), in_words(month.unobserved_ms), None, page),
        Evidence(_("Open incidents of the platform"), str(opened), opened == 0, page),
        *_copies(copies),
        *_followers(copies),
    ]  # fmt: skip


def _copies(page: str) -> list[Evidence]:
    now = timezone.now()
    backup, test, archive = Backup.objects.newest(), RestoreTest.objects.newest(), archive_state()
    found = []
    if backup is None:
        found.append(Evidence(_("Last backup"), _("none yet"), False, page))
    else:
        towns = ", ".join(copy.town for copy in backup.copies.filter(retired_at=None))
        is_fresh = now - backup.finished_at <= settings.BACKUP_MAX_AGE
        found.append(Evidence(_("Last backup"), f"{ago(backup.finished_at)} · {towns}{_demo(backup)}", is_fresh, page))
    if test is None:
        found.append(Evidence(_("Last restore test"), _("none yet"), False, page))
    else:
        is_good = test.passed and now - test.at <= settings.RESTORE_TEST_MAX_AGE
        word = _("passed") if test.passed else _("failed")
        seconds = _("%(n)s s") % {"n": number(test.seconds)}
        found.append(
            Evidence(_("Last restore test"), f"{ago(test.at)} · {word} · {seconds}{_demo(test)}", is_good, page)
        )
    if archive is not None:
        is_fresh = not archive["problem"] and now - archive["at"] < timedelta(minutes=5)
        found.append(Evidence(_("Log of the database copied"), ago(archive["at"]), is_fresh, page))
    return found


def _demo(row: Any) -> str:
    return f" ({_('demo')})" if row.is_demo else ""


def _followers(page: str) -> list[Evidence]:
    state = replication_state()
    if state is None or not state["standbys"]:
        return [Evidence(_("Second site that follows"), _("none"), None, page)]
    modes = {"sync": _("synchronous"), "quorum": _("synchronous"), "async": _("asynchronous")}
    told = ", ".join(f"{modes.get(one['mode'], one['mode'])} · {number(one['bytes'])} B" for one in state["standbys"])
    return [Evidence(_("Second site that follows"), told, timezone.now() - state["at"] < timedelta(minutes=5), page)]


def _confidentiality() -> list[Evidence]:
    keys = DataKey.objects.in_use()
    newest = max((key.created_at for key in keys.values()), default=None)
    is_revoked = any(key.revoked_at for purpose, key in keys.items() if purpose in HELD)
    people = _people()
    sessions, strong = _sessions()
    waiting = Incident.objects.unanswered().filter(is_demo=False).count()
    columns = _sealed_columns()
    age = (timezone.now() - newest).days if newest else None
    seconds = int(getattr(settings, "SECURE_HSTS_SECONDS", 0) or 0)
    return [
        Evidence(
            _("Keys of people’s data"),
            _("revoked") if is_revoked else (_("locked") if cipher().is_locked() else pgettext("keys", "open")),
            not is_revoked and not cipher().is_locked(), reverse("security:read_keys"),
        ),
        Evidence(
            _("Last rotation of a key"),
            f"{day(timezone.localdate(newest))} ({ngettext('%(n)s day', '%(n)s days', age) % {'n': age}})"
            if newest and age is not None else "—",
            age is not None and age <= OLD_KEY_DAYS, reverse("security:read_keys"),
        ),
        Evidence(_("Encrypted columns; files that people send are sealed too"), str(columns), columns > 0),
        *people,
        Evidence(
            _("Sessions of the last day with a second factor"),
            f"{strong} / {sessions} ({100 * strong // sessions} %)" if sessions else _("no session"),
        ),
        Evidence(_("Browsers are told to come by TLS only (days)"), str(seconds // 86400), seconds >= 31536000),
        Evidence(
            _("Unusual events that nobody has looked at"), str(waiting), waiting == 0,
            reverse("vigilance:read_incidents"),
        ),
    ]  # fmt: skip


def _sealed_columns() -> int:
    return sum(
        isinstance(column, EncryptedTextField)
        for model in apps.get_models() if not model._meta.proxy
        for column in model._meta.local_concrete_fields
    )  # fmt: skip


def _people() -> list[Evidence]:
    strong = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values("user")
    team = User.objects.of_the_team().filter(is_active=True)
    officers = User.objects.working().acting_in(role__in=NEEDS_FACTOR).distinct()
    found = []
    for label, people in (
        (_("Accounts of the team with a second factor"), team),
        (_("Officers, key-holders and administrators with one"), officers),
    ):
        total, having = people.count(), people.filter(pk__in=strong).count()
        found.append(Evidence(label, f"{having} / {total}", having == total))
    return found


def _sessions() -> tuple[int, int]:
    """Sessions seen within a day, and those that proved a second factor; of the newest 2,000."""
    since = timezone.now() - timedelta(days=1)
    keys = UserSession.objects.filter(last_seen_at__gte=since).order_by("-last_seen_at")
    rows = Session.objects.filter(session_key__in=list(keys.values_list("session_key", flat=True)[:MOST_SESSIONS]))
    total = strong = 0
    for row in rows:
        total += 1
        records = row.get_decoded().get("account_authentication_methods", [])
        strong += any(record.get("method") == "mfa" for record in records)
    return total, strong


def _check(label: str, kind: CheckKind, page: str) -> Evidence:
    check = Check.objects.newest(kind)
    if check is None:
        return Evidence(label, _("never run"), False, page)
    is_good = check.is_good and timezone.now() - check.at <= timedelta(days=CHECK_DAYS)
    return Evidence(label, f"{check.passed} / {len(check.results)} · {ago(check.at)}", is_good, page)


def _integrity() -> list[Evidence]:
    page = reverse("continuity:today") + "#tests"
    unsealed = sum(log._default_manager.filter(sequence=None).count() for log in chained_logs())
    backup = Backup.objects.filter(is_demo=False).newest()
    return [
        _check(_("Logs verified: without an altered, missing or inserted line"), CheckKind.LOGS, page),
        _check(_("Access tests passed on this installation"), CheckKind.ACCESS, page),
        Evidence(_("Lines that wait for their seal"), str(unsealed)),
        Evidence(
            _("Digest of the last backup, to compare"), backup.digest[:16] + "…" if backup else "—", None,
            reverse("continuity:backups"),
        ),
    ]  # fmt: skip


def _traceability() -> list[Evidence]:
    found, now = [], timezone.now()
    names = {"activity.entry": _("Trail"), "security.reading": _("Read log")}
    for log in chained_logs():
        anchors = LogAnchor.objects.filter(log=log._meta.label_lower).order_by("-number")
        last = anchors.first()
        before = anchors.filter(sealed_at__lte=now - timedelta(days=1)).first()
        name = names.get(log._meta.label_lower, str(log._meta.verbose_name))
        # A log that nobody wrote into yet has nothing to seal.
        is_fresh = now - last.sealed_at <= SEALED_WITHIN if last else None
        found.append(
            Evidence(_("%(log)s: last seal") % {"log": name}, moment(last.sealed_at) if last else "—", is_fresh)
        )
        lines = (last.sequence if last else 0) - (before.sequence if before else 0)
        found.append(Evidence(_("%(log)s: lines sealed within a day") % {"log": name}, number(lines)))
    names_of_logs = {label: str(name) for label, name in names.items()}
    for state in shipping_state():
        words = _("%(n)s lines wait") % {"n": number(state.waiting)} if state.waiting else _("every sealed line")
        if state.position and state.position.failure:
            words = f"{words}: {state.position.failure}"
        label = _("%(log)s: sent to the collector") % {"log": names_of_logs.get(state.log, state.log)}
        found.append(Evidence(label, words, state.is_well))
    if not collector_place():
        found.append(Evidence(_("Collector on another machine that log lines are sent to"), _("none is named")))
    oldest = Entry.objects.order_by("pk").values_list("happened_at", flat=True).first()
    consulted = Reading.objects.filter(how="audit", read_at__gte=now - timedelta(days=30)).count()
    return [
        *found,
        Evidence(_("Trail kept since"), day(timezone.localdate(oldest)) if oldest else "—"),
        Evidence(
            _("Consultations of the logs by their readers, 30 days"), number(consulted), None,
            reverse("security:find_record"),
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Function:
    """One of the three functions that others sell as an option (ledger SEC-18): whether it works here, and why so."""

    name: str
    is_on: bool
    facts: list[Evidence]


def _second_factor() -> list[Evidence]:
    """What is demanded of whom, and who has it already: a demonstration that demands nothing says so."""
    counts = factor_counts()
    share = f"{counts['with_factor']} / {counts['people']}"
    if not settings.REQUIRE_MFA:
        told = [Evidence(_("second factor demanded of the team"), _("no"))]
    elif counts["since"] is None:
        told = [Evidence(_("second factor demanded of the team"), _("yes, from the next sign-in"))]
    else:
        since = ngettext(
            "yes, since %(moment)s, after %(n)s day of grace", "yes, since %(moment)s, after %(n)s days of grace",
            settings.MFA_GRACE_DAYS,
        ) % {"moment": moment(counts["since"]), "n": settings.MFA_GRACE_DAYS}  # fmt: skip
        told = [Evidence(_("second factor demanded of officers at once, of the whole team"), since)]
    return [*told, Evidence(_("people of the team who have one"), share)]


def functions() -> list[Function]:
    """Encryption, traceability, stronger access: their true state, from what works now."""
    heads = [LogAnchor.objects.filter(log=log._meta.label_lower).order_by("-number").first() for log in chained_logs()]
    anchors, now = [head for head in heads if head], timezone.now()
    sealed = bool(anchors) and all(now - anchor.sealed_at <= SEALED_WITHIN for anchor in anchors)
    opens, columns = not cipher().is_locked(), _sealed_columns()
    rules = Rule.objects.filter(is_on=True).count()
    cells = PolicyCell.objects.count()
    return [
        Function(
            _("Encryption"), opens and columns > 0,
            [
                Evidence(_("encrypted columns"), str(columns)),
                Evidence(_("keys"), pgettext("keys", "open") if opens else _("locked")),
            ],
        ),
        Function(
            _("Traceability"), sealed,
            [Evidence(_("logs sealed within a quarter of an hour"), str(len(anchors)), sealed)],
        ),
        Function(
            _("Stronger access management"), bool(settings.REQUIRE_MFA) and rules > 0,
            [
                *_second_factor(),
                Evidence(_("rules of unusual events at work"), str(rules)),
                Evidence(_("objects on the privilege matrix"), str(len(governed()))),
                Evidence(_("squares set by hand"), str(cells)),
            ],
        ),
    ]  # fmt: skip


def checks_in_words(results: list[dict[str, Any]]) -> list[Evidence]:
    """The results of a self-test or a restore test in words."""
    words = {
        "strangers": _("Pages refused to who is not signed in"),
        "database_role": _("Powers that the application’s role in the database lacks"),
        "logs_refuse": _("Changes and deletions of log lines that the database refuses"),
        "secret_files": _("Key files that nobody else on the machine may read"),
        "sealed_columns": _("Encrypted columns without an open value"),
        "sealed_files": _("Newest files of people, all sealed"),
        "files_are_whole": _("Each file of the database is what was copied"),
        "server_starts": _("Unpacked and started (seconds)"),
        "rows": _("Rows counted"),
        "logs_hold": _("Log lines verified"),
        "keys_open": _("Encrypted values opened"),
        "tables": _("Tables found"),
        "restore": _("Put back"),
        "lines": _("Log lines verified"),
    }
    found, is_number = [], re.compile(r"\d+(\.\d+)?")
    for one in results:
        failed = ", ".join(one.get("failed", []))
        value = number(Decimal(one["value"])) if is_number.fullmatch(str(one["value"])) else str(one["value"])
        label = words.get(one["code"], one["code"])
        found.append(Evidence(label, f"{value} {failed}".strip() or _("yes"), bool(one["is_good"])))
    return found


def last_checks() -> dict[str, Any]:
    """For the page: the last access tests with their results, and the last verification of the logs."""
    access, logs = Check.objects.newest(CheckKind.ACCESS), Check.objects.newest(CheckKind.LOGS)
    return {
        "access": access,
        "access_results": checks_in_words(access.results) if access else [],
        "logs": logs,
        "logs_results": checks_in_words(logs.results) if logs else [],
    }
