"""When the services on order for a company make a complex deal (ledger AGD-02)."""

from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.agenda.queries.checks import add_meeting_reason
from pavillon.core.policy import may_read
from pavillon.crm.queries.deals import deal_rule_of
from pavillon.directory.models import Company
from pavillon.services.models import AMOUNT, ServiceOrder
from pavillon.ui.words import money

TOTAL = Sum(AMOUNT, filter=Q(currency="EUR"))


def complex_order(user: User) -> str:
    """One sentence when what is on order for a company, with this person, is worth much or of many kinds.

    Euros only, discounts taken off: amounts in other currencies are never added. Who may not read prices is told of
    the services alone.
    Three statements.
    """
    rule = deal_rule_of(user)
    mine = ServiceOrder.objects.visible_to(user).open().filter(Q(ordered_by=user) | Q(deliverer=user))
    deals = mine.order_by().values("company").annotate(total=TOTAL, kinds=Count("service", distinct=True))
    asked = Q(kinds__gte=rule.services)
    if may_read(user, ServiceOrder, "price"):
        asked |= Q(total__gte=rule.amount)
    found = deals.filter(asked).order_by(F("total").desc(nulls_last=True), "company").first()
    if found is None:
        return ""
    company = Company.objects.visible_to(user).filter(pk=found["company"]).first() or "–"
    total: Decimal = found["total"] or Decimal(0)
    if total >= rule.amount and may_read(user, ServiceOrder, "price"):
        words = _("A complex deal is open: %(company)s, %(amount)s of services on order.")
        return words % {"company": company, "amount": money(total)}
    n = found["kinds"]
    counted = ngettext(
        "A complex deal is open: %(company)s, %(n)s service on order.",
        "A complex deal is open: %(company)s, %(n)s different services on order.",
        n,
    )
    return counted % {"company": company, "n": n}


add_meeting_reason(complex_order)
