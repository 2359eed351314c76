"""A manager says from when on a deal is complex in his organisation."""

from decimal import Decimal

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.models import ComplexDealRule


@transaction.atomic
def change_deal_rule(*, headcount: int, countries: int, services: int, amount: Decimal, by: User) -> ComplexDealRule:
    """Set the limits of one's organisation; agendas advise by them from now on."""
    known = ComplexDealRule.objects.select_for_update().filter(organisation=by.organisation).first()
    rule = known or ComplexDealRule(organisation=by.organisation)
    before = snapshot(rule) if known else {}
    rule.headcount, rule.countries, rule.services, rule.amount = headcount, countries, services, amount
    changes = changes_since(before, rule) if known else {}
    if changes or not known:
        rule.save()
        record("crm.deal_rule_changed", rule, by=by, changes=changes or None)
    return rule
