"""Offers as their readers see them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.enums import TEAM_ROLES
from pavillon.accounts.models import Membership, User
from pavillon.agenda.queries.origins import add_teller
from pavillon.care.enums import LineState
from pavillon.care.models import Offer, OfferLine
from pavillon.care.queries.recommending import told_reasons, words_for
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady

IN_PANEL = 5
# Entries of agendas that stand for the follow-up of an offer ("care.offer:12").
ORIGIN = "care.offer"


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


def keeper_of(offer: Offer, by: User) -> User:
    """In whose agenda a follow-up stands: its adviser's while he works for the organisation, else whoever plans it."""
    roles = Membership.objects.current().filter(user=offer.author_id, organisation=offer.organisation_id)
    works = offer.author.is_active and roles.filter(role__in=TEAM_ROLES).exists()
    return offer.author if works else by


def told_of_follow_ups(keys: list[int], user: User) -> dict[int, str]:
    """What follow-ups in the agendas are about, for those who may read the offers."""
    seen = Offer.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    return dict.fromkeys(seen, _("Follow-up of a personal offer"))


add_teller(ORIGIN, told_of_follow_ups)
