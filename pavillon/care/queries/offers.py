"""Offers as their readers see them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pavillon.accounts.models import User
from pavillon.care.enums import LineState
from pavillon.care.models import Offer, OfferLine
from pavillon.care.queries.recommending import told_reasons, words_for
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady

IN_PANEL = 5


def counted(rows: QuerySet[Offer]) -> QuerySet[Offer]:
    """With the numbers of their lines: proposed, accepted, declined."""
    return rows.annotate(
        line_count=Count("lines", filter=~Q(lines__state=LineState.REMOVED)),
        accepted_count=Count("lines", filter=Q(lines__state=LineState.ACCEPTED)),
        declined_count=Count("lines", filter=Q(lines__state=LineState.DECLINED)),
    )


@dataclass(frozen=True)
class Line:
    """A line with why it is there, as its reader may know it."""

    line: OfferLine
    reasons: list[str]


def lines_for(offer: Offer, user: User) -> list[Line]:
    """The heaviest first. To the company: the words of rules and adviser, and the facts that it told itself."""
    rows = list(OfferLine.objects.visible_to(user).filter(offer=offer).with_names())
    words = words_for(rows)
    return [Line(line, told_reasons(line, words, to_company=user.is_company)) for line in rows]


def company_offers(company: Company, user: User) -> list[Offer]:
    return steady.rows("offers of a company", user, _offered_to, company.pk) if may_hold(company, Offer) else []


def _offered_to(user: User, number: int) -> QuerySet[Offer]:
    return counted(Offer.objects.visible_to(user).filter(company=number).with_names())[:IN_PANEL]
