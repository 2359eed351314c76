"""When more than one talk a week with the manager is advised: large accounts and complex deals under way."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.agenda.queries.checks import MeetingReason, add_meeting_reason
from pavillon.crm.enums import LeadState
from pavillon.crm.models import ComplexDealRule, Lead
from pavillon.crm.models.leads import LeadQuerySet
from pavillon.directory.models import Company
from pavillon.ui import steady


def deal_rule_of(user: User) -> ComplexDealRule:
    """The limits that hold in somebody's organisation: its own, else those of the product."""
    return ComplexDealRule.objects.visible_to(user).first() or ComplexDealRule(organisation=user.organisation)


def deal_limit(user: User, name: str) -> Coalesce:
    """One of these limits, within a question."""
    rule = ComplexDealRule.objects.visible_to(user).order_by("pk").values(name)[:1]
    kind: Any = ComplexDealRule._meta.get_field(name)
    return Coalesce(Subquery(rule), Value(getattr(ComplexDealRule(), name)), output_field=kind)


def _held(user: User) -> LeadQuerySet:
    leads: LeadQuerySet = Lead.objects.visible_to(user).held_by(user).filter(state=LeadState.TAKEN)
    return leads


def _of_large_account(user: User) -> LeadQuerySet:
    large = _held(user).filter(company__headcount__gte=deal_limit(user, "headcount"))
    return large.select_related("company").order_by("pk")[:1]


def _in_countries(user: User) -> QuerySet[Any, Any]:
    rows = _held(user).filter(company__isnull=False, country__isnull=False).order_by().values("company")
    counted = rows.annotate(countries=Count("country", distinct=True))
    wide = counted.filter(countries__gte=deal_limit(user, "countries"))
    return wide.order_by("-countries", "company").values_list("company", "countries")[:1]


def _asked_of_deals(user: User) -> dict[str, steady.Part]:
    return {
        "large": steady.part("deal of a large account", user, _of_large_account),
        "wide": steady.part("deal in several countries", user, _in_countries),
    }


def large_or_wide_deal(user: User, told: Mapping[str, list[Any]]) -> str:
    """One sentence when a request of a large account, or requests of a company in several countries, are under way."""
    for lead in told["large"]:
        return _("A large account is under way: %(company)s, %(reference)s.") % {
            "company": lead.company,
            "reference": lead.reference,
        }
    for company, n in told["wide"]:
        words = ngettext(
            "A complex deal is under way: %(company)s, requests in %(n)s country.",
            "A complex deal is under way: %(company)s, requests in %(n)s countries.",
            n,
        )
        return words % {"company": Company.objects.visible_to(user).filter(pk=company).first() or "–", "n": n}
    return ""


add_meeting_reason(MeetingReason(_asked_of_deals, large_or_wide_deal))
