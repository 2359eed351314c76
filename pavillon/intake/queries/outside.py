"""What pages show of signals: the score of an international project, the lines of a company, the state of the feeds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.directory.enums import PriorityZone
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.intake.enums import SignalKind
from pavillon.intake.models import LegalApproval, ProspectTerms, Signal, ZoneExchange
from pavillon.intake.models.signals import SECRET_KINDS
from pavillon.intake.queries.prospects import expired_source_of
from pavillon.privacy.models import Clearance, RestrictedClass
from pavillon.privacy.queries import clearance_of
from pavillon.ui.words import money

# Our own rule: a recent patent abroad costs tens of thousands of euros and is filed for markets, so it weighs most.
RECENT, OLD = timedelta(days=3 * 365), timedelta(days=10 * 365)
FOR_RECENT, FOR_OLD, FOR_OFFICES = 30, 10, 20
SUGGESTS = 50
EVERY = timedelta(days=183)


def international_score(signals: list[Signal]) -> int:
    """How likely an international project is, from 0 to 100, by patents abroad.

    30 for each of the last three years, 10 for each of the last ten, 20 more when three offices or more are named.
    """
    today = timezone.localdate()
    score, offices = 0, set()
    for signal in signals:
        if signal.kind != SignalKind.PATENT:
            continue
        age = today - signal.observed_on
        score += FOR_RECENT if age <= RECENT else FOR_OLD if age <= OLD else 0
        offices |= set(signal.facts.get("offices", []))
    return min(100, score + (FOR_OFFICES if score and len(offices) >= 3 else 0))


@dataclass(frozen=True)
class SignalLine:
    """A signal in words."""

    signal: Signal
    text: str


def told(signal: Signal) -> str:
    """What a signal says, in the reader's words."""
    facts = signal.facts
    match SignalKind(signal.kind):
        case SignalKind.PATENT:
            offices = ", ".join(facts.get("offices", []))
            return " · ".join(part for part in (signal.key, facts.get("title", ""), offices) if part)
        case SignalKind.EXPORT_TURNOVER | SignalKind.CUSTOMS:
            return f"{money(facts['amount'])} ({facts['year']})"
        case SignalKind.FINANCE_PRODUCT:
            return f"{facts['product']} ({facts['year']})"
        case SignalKind.ZONE:
            zones = [str(PriorityZone(zone).label) for zone in facts["zones"]]
            return ", ".join(zones) or _("in no priority zone")


def outside_of(company: Company, user: User) -> dict[str, Any]:
    """The panel of a company: its signals, the score, whether a lead is suggested, whether its licence is over."""
    signals = _signals_of(company, user) if may_hold(company, Signal) else []
    score = international_score(signals)
    return {
        "lines": [SignalLine(signal, told(signal)) for signal in signals],
        "secrets": secrets_of(company, user) if may_hold(company, Signal) else [],
        "score": score,
        "suggests": score >= SUGGESTS,
        "expired": expired_source_of(company),
    }


def _signals_of(company: Company, user: User) -> list[Signal]:
    return list(Signal.objects.visible_to(user).filter(company=company).select_related("source")[:30])


@dataclass(frozen=True)
class Secret:
    """A class of secret data that a company has: masked, or open by a clearance for its purpose."""

    name: str
    clearance: Clearance | None


def secrets_of(company: Company, user: User) -> list[Secret]:
    """What the law keeps secret about a company: that there is something, never what. Three statements."""
    kinds = Signal.objects.filter(company=company, kind__in=SECRET_KINDS).order_by().values_list("kind", flat=True)
    classes = {SECRET_KINDS[SignalKind(kind)] for kind in kinds.distinct()}
    rows = RestrictedClass.objects.filter(pk__in=classes)
    return [Secret(row.name, clearance_of(user, row.pk)) for row in rows]


@dataclass(frozen=True)
class InternationalProject:
    """What patents abroad tell of a company: the score, from 0 to 100, and the patents in words, latest first."""

    score: int
    lines: list[str]

    @property
    def is_likely(self) -> bool:
        return self.score >= SUGGESTS


def international_project_of(company: Company) -> InternationalProject:
    """For whoever makes a lead of it: no reader, all signals. One statement."""
    signals = list(Signal.objects.filter(company=company, kind=SignalKind.PATENT).order_by("-observed_on", "-pk")[:30])
    lines = [f"{signal.observed_on:%Y-%m-%d} · {told(signal)}" for signal in signals[:5]]
    return InternationalProject(international_score(signals), lines)


def feeds_for(user: User) -> dict[str, Any]:
    """The page of signals: counts by kind and source, the last rounds of the exchange, the approvals."""
    counted = Signal.objects.visible_to(user).order_by().values("kind", "source__name")
    latest = ZoneExchange.objects.visible_to(user).first()
    return {
        "counts": [
            row | {"label": SignalKind(row["kind"]).label}
            for row in counted.annotate(n=Count("pk"), latest=Max("observed_on")).order_by("kind", "source__name")
        ],
        "exchange": latest,
        "due_on": (latest.exported_at + EVERY).date() if latest else timezone.localdate(),
        "is_overdue": latest is None or latest.exported_at < timezone.now() - EVERY,
        "approvals": LegalApproval.objects.visible_to(user).select_related("recorded_by")[:5],
    }


def barred_count() -> int:
    """Licences that are over."""
    return ProspectTerms.objects.expired().count()
