"""When the services on order for a company make a complex deal (ledger AGD-02)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.agenda.queries.checks import MeetingReason, add_meeting_reason
from pavillon.core.policy import may_read
from pavillon.crm.queries.deals import deal_limit
from pavillon.directory.models import Company
from pavillon.services.models import AMOUNT, ServiceOrder
from pavillon.ui import steady
from pavillon.ui.words import money

TOTAL = Sum(AMOUNT, filter=Q(currency="EUR"))


def _deals_of(user: User) -> QuerySet[Any, Any]:
    """The company whose orders with this person make a complex deal, and the limit of their worth."""
    mine = ServiceOrder.objects.visible_to(user).open().filter(Q(ordered_by=user) | Q(deliverer=user))
    deals = mine.order_by().values("company").annotate(total=TOTAL, kinds=Count("service", distinct=True))
    asked = Q(kinds__gte=deal_limit(user, "services"))
    if may_read(user, ServiceOrder, "price"):
        asked |= Q(total__gte=deal_limit(user, "amount"))
    first = deals.filter(asked).order_by(F("total").desc(nulls_last=True), "company")
    return first.values_list("company", "total", "kinds", deal_limit(user, "amount"))[:1]


def complex_order(user: User, told: Mapping[str, list[Any]]) -> str:
    """One sentence when what is on order for a company, with this person, is worth much or of many kinds.

    Euros only, discounts taken off: amounts in other currencies are never added. Who may not read prices is told of
    the services alone.
    """
    if not told["orders"]:
        return ""
    key, total, n, limit = told["orders"][0]
    company = Company.objects.visible_to(user).filter(pk=key).first() or "–"
    if (total or Decimal(0)) >= limit and may_read(user, ServiceOrder, "price"):
        words = _("A complex deal is open: %(company)s, %(amount)s of services on order.")
        return words % {"company": company, "amount": money(total)}
    counted = ngettext(
        "A complex deal is open: %(company)s, %(n)s service on order.",
        "A complex deal is open: %(company)s, %(n)s different services on order.",
        n,
    )
    return counted % {"company": company, "n": n}


add_meeting_reason(
    MeetingReason(lambda user: {"orders": steady.part("orders of a complex deal", user, _deals_of)}, complex_order)
)
