"""When an adviser comes back to an offer: a day in his agenda, which his team sees, until the company has answered."""

import datetime
from zoneinfo import ZoneInfo

from pavillon.accounts.models import User
from pavillon.agenda import actions as agenda
from pavillon.care.models import Offer
from pavillon.care.queries.offers import ORIGIN, keeper_of

MINUTES = 30


def keep_follow_up(offer: Offer, *, by: User) -> None:
    """It stands in the agenda of the offer's adviser, or of whoever plans it once the adviser has left."""
    keeper = keeper_of(offer, by)
    time = offer.follow_up_at or datetime.time.min
    agenda.keep_origin(
        origin=f"{ORIGIN}:{offer.pk}",
        person=keeper,
        starts_at=datetime.datetime.combine(offer.follow_up_on, time, ZoneInfo(keeper.time_zone))
        if offer.follow_up_on
        else None,
        minutes=MINUTES if offer.follow_up_at else 24 * 60,
        all_day=offer.follow_up_at is None,
        # Says nothing by itself: this room tells each reader what it is about (`queries.offers`).
        title=offer.reference,
        company=offer.company,
        url=offer.get_absolute_url(),
        organisation=offer.organisation if keeper == offer.author else None,
        by=by,
    )


def drop_follow_up(offer: Offer, *, by: User) -> None:
    """The offer waits for no answer any more: nobody has to come back to it."""
    agenda.keep_origin(origin=f"{ORIGIN}:{offer.pk}", person=None, starts_at=None, by=by)
