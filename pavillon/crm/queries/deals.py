"""When more than one talk a week with the manager is advised: large accounts and complex deals under way."""

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.agenda.queries.checks import add_meeting_reason
from pavillon.crm.enums import LeadState
from pavillon.crm.models import ComplexDealRule, Lead
from pavillon.directory.models import Company


def deal_rule_of(user: User) -> ComplexDealRule:
    """The limits that hold in somebody's organisation: its own, else those of the product."""
    return ComplexDealRule.objects.visible_to(user).first() or ComplexDealRule(organisation=user.organisation)


def large_or_wide_deal(user: User) -> str:
    """One sentence when a request of a large account, or requests of one company in several countries, are under way.

    Three statements.
    """
    rule = deal_rule_of(user)
    leads = Lead.objects.visible_to(user).held_by(user).filter(state=LeadState.TAKEN)
    found = leads.filter(company__headcount__gte=rule.headcount).select_related("company").order_by("pk").first()
    if found is not None:
        return _("A large account is under way: %(company)s, %(reference)s.") % {
            "company": found.company,
            "reference": found.reference,
        }
    wide = (
        leads.filter(company__isnull=False, country__isnull=False)
        .order_by()
        .values("company")
        .annotate(countries=Count("country", distinct=True))
        .filter(countries__gte=rule.countries)
        .order_by("-countries", "company")
        .first()
    )
    if wide is None:
        return ""
    n = wide["countries"]
    words = ngettext(
        "A complex deal is under way: %(company)s, requests in %(n)s country.",
        "A complex deal is under way: %(company)s, requests in %(n)s countries.",
        n,
    )
    return words % {"company": Company.objects.visible_to(user).filter(pk=wide["company"]).first() or "–", "n": n}


add_meeting_reason(large_or_wide_deal)
