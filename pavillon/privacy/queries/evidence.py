"""Evidence that the product collects by itself for the points of control: read now, never written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.continuity.queries.pages import last_restore_test
from pavillon.privacy import ledger
from pavillon.privacy.models import Breach, ControlPoint, Erasure, Processing, Processor, RetentionRule, RetentionRun
from pavillon.security.models import DataKey, LogAnchor, PolicyCell
from pavillon.ui.words import day, moment, number

SEALED_WITHIN = timedelta(minutes=15)
OLD_KEY_DAYS = 730


@dataclass(frozen=True)
class Evidence:
    """One fact with the words of its meaning; `is_good` None where a fact is neither good nor bad."""

    label: str
    value: str
    is_good: bool | None = None


def _second_factor() -> list[Evidence]:
    people = User.objects.of_the_team().filter(is_active=True)
    total = people.count()
    strong = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values("user")
    with_factor = people.filter(pk__in=strong).count()
    share = round(100 * with_factor / total) if total else 0
    return [
        Evidence(_("Accounts of the team with a second factor"), f"{with_factor} / {total} ({share} %)", share == 100),
        Evidence(
            _("Second factor demanded of the whole team"),
            _("yes") if settings.REQUIRE_MFA else _("no"),
            bool(settings.REQUIRE_MFA),
        ),
    ]


def _privileges() -> list[Evidence]:
    last = PolicyCell.objects.order_by("-changed_at").first()
    year_ago = timezone.now() - timedelta(days=365)
    asleep = User.objects.of_the_team().filter(is_active=True, last_login__lt=year_ago).count()
    return [
        Evidence(_("Squares of the privilege matrix that are set"), str(PolicyCell.objects.count())),
        Evidence(_("Last change of the matrix"), moment(last.changed_at) if last else "—"),
        Evidence(_("Accounts of the team unused for a year"), str(asleep), asleep == 0),
    ]


def _trail() -> list[Evidence]:
    last = LogAnchor.objects.order_by("-sealed_at").first()
    is_fresh = last is not None and last.sealed_at > timezone.now() - SEALED_WITHIN
    untold = Breach.objects.untold().count()
    return [
        Evidence(_("Last seal of the logs"), moment(last.sealed_at) if last else "—", is_fresh),
        Evidence(_("Breaches whose clock runs"), str(untold), untold == 0),
    ]


def _servers() -> list[Evidence]:
    seconds = int(getattr(settings, "SECURE_HSTS_SECONDS", 0) or 0)
    return [
        Evidence(_("Error pages with details"), _("yes") if settings.DEBUG else _("no"), not settings.DEBUG),
        Evidence(_("Browsers are told to come by TLS only (days)"), str(seconds // 86400), seconds >= 31536000),
    ]


def _restores() -> list[Evidence]:
    test = last_restore_test()
    told = f"{moment(test.at)} · {_('%(n)s s') % {'n': number(test.seconds)}}" if test else "—"
    last = Erasure.objects.filter(replayed_at__isnull=False).order_by("-replayed_at").first()
    return [
        Evidence(_("Last restore test"), told, bool(test and test.passed)),
        Evidence(_("Last backup put back (erasures made again on)"), moment(last.replayed_at) if last else "—"),
        Evidence(_("Lines of the ledger of erasures beside the database"), str(_lines())),
    ]


def _lines() -> int:
    try:
        return len(ledger.read())
    except ledger.AlteredLine:
        return 0


def _archives() -> list[Evidence]:
    active = RetentionRule.objects.filter(is_active=True).count()
    last = RetentionRun.objects.filter(done_at__isnull=False).order_by("-done_at").first()
    return [
        Evidence(_("Rules of retention that run by themselves"), str(active), active > 0),
        Evidence(_("Last application of a rule"), moment(last.done_at) if last else "—"),
    ]


def _processors() -> list[Evidence]:
    rows = list(Processor.objects.all())
    lacking = sum(row.lacks_contract for row in rows)
    return [
        Evidence(_("Processors in the register"), str(len(rows))),
        Evidence(_("Processors without a contract in force"), str(lacking), lacking == 0),
        Evidence(_("Processors outside the European Union"), str(sum(row.leaves_eu for row in rows))),
    ]


def _keys() -> list[Evidence]:
    newest = DataKey.objects.order_by("-created_at").first()
    age = (timezone.now() - newest.created_at).days if newest else None
    made = day(timezone.localdate(newest.created_at)) if newest else "—"
    return [
        Evidence(
            _("Newest key of the encrypted fields"),
            f"{made} ({_('%(n)s days') % {'n': age}})" if age is not None else made,
            age is not None and age <= OLD_KEY_DAYS,
        ),
        Evidence(_("Generations of keys"), str(DataKey.objects.values("purpose", "generation").count())),
    ]


COLLECTORS: dict[int, Callable[[], list[Evidence]]] = {
    2: _second_factor,
    3: _privileges,
    4: _trail,
    8: _servers,
    10: _restores,
    11: _archives,
    13: _processors,
    17: _keys,
}


def evidence_for(point: ControlPoint) -> list[Evidence]:
    """What the product knows by itself about a point of control, now."""
    collect = COLLECTORS.get(point.number)
    return collect() if collect else []


def points_with_evidence() -> list[tuple[ControlPoint, list[Evidence]]]:
    """The points in their order, each with what is collected; about twenty statements."""
    return [(point, evidence_for(point)) for point in ControlPoint.objects.all()]


def figures_of_protection() -> dict[str, Any]:
    """The officer's first page: what waits, what is late, what runs by itself."""
    points = list(ControlPoint.objects.values_list("state", flat=True))
    return {
        "breaches": Breach.objects.untold().order_by("noticed_at"),
        "runs": RetentionRun.objects.filter(state__in=["listed", "noticed"]).select_related("rule")[:20],
        "points_met": sum(state in ("done", "outside") for state in points),
        "points": len(points),
        "erasures": Erasure.objects.count(),
        "processors_without_contract": sum(row.lacks_contract for row in Processor.objects.all()),
        "transfers": Processor.objects.filter(leaves_eu=True).count()
        + Processing.objects.filter(leaves_eu=True).count(),
    }
