"""What this room tells of a period of a company: services ordered and delivered, what they brought."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import AT_MOST, Event, Figure, Part, counted
from pavillon.services.enums import FlowKind, ServiceKind
from pavillon.services.models import ExportFlow, ServiceOrder
from pavillon.services.queries.journey import tell_timeline


def tell_services(company: Company, user: User, since: datetime, until: datetime) -> Part:
    """At most seven statements, whatever there is to tell; what the reader may not find is neither told nor counted."""
    if not is_allowed(user, "services.view_company_services", company):
        return Part()
    orders = ServiceOrder.objects.visible_to(user).filter(company=company).order_by()
    ordered = orders.filter(proposed_at__gte=since, proposed_at__lt=until).count()
    delivered = orders.filter(delivered_at__gte=since, delivered_at__lt=until)
    kinds: list[dict[str, Any]] = [dict(row) for row in delivered.values("service__kind").annotate(n=Count("pk"))]
    flows = ExportFlow.objects.visible_to(user).filter(survey__order__company=company)
    flows = flows.filter(attested_at__gte=since, attested_at__lt=until).order_by()
    brought: list[dict[str, Any]] = [dict(row) for row in flows.values("kind").annotate(n=Count("pk"))]
    lines = [line for line in tell_timeline(company, user, until) if line.at >= since]
    return Part(
        [
            Figure(_("Services proposed or ordered"), ordered),
            Figure(
                _("Services delivered"),
                sum(row["n"] for row in kinds),
                counted(kinds, "service__kind", lambda kind: ServiceKind(kind).label),
            ),
            Figure(
                _("Export flows attested"),
                sum(row["n"] for row in brought),
                counted(brought, "kind", lambda kind: FlowKind(kind).label),
            ),
        ],
        [Event(line.at, line.title, line.icon, line.who, line.text, line.tone, line.url) for line in lines[:AT_MOST]],
    )
