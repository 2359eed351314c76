"""What this room tells of a period of a company: the signals of outside sources."""

from datetime import datetime, time
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part, counted
from pavillon.intake.enums import SignalKind
from pavillon.intake.models import Signal
from pavillon.intake.queries.outside import told


def tell_signals(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """Two statements."""
    if not is_allowed(user, "intake.company_outside", company):
        return Part()
    days = (timezone.localtime(since).date(), timezone.localtime(until).date())
    rows = Signal.objects.visible_to(user).filter(company=company, observed_on__range=days)
    counts: list[dict[str, Any]] = [dict(row) for row in rows.order_by().values("kind").annotate(n=Count("pk"))]
    shown = list(rows.select_related("source").order_by("-observed_on", "-pk")[:AT_MOST])
    total = sum(row["n"] for row in counts)
    figure = Figure(_("Signals from outside"), total, counted(counts, "kind", lambda kind: SignalKind(kind).label))
    events = [
        Event(
            at=timezone.make_aware(datetime.combine(signal.observed_on, time.min)),
            title=str(signal.get_kind_display()),
            icon="radar",
            who=str(signal.source),
            text=told(signal),
        )
        for signal in shown
    ]
    return Part([figure], events, total - len(shown))
