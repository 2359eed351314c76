"""When an adviser comes back to an offer: a day in his agenda, which his team sees, until the company has answered."""

import datetime
from zoneinfo import ZoneInfo

from pavillon.agenda import actions as agenda
from pavillon.care.enums import OfferState
from pavillon.care.models import Offer
from pavillon.care.queries.offers import ORIGIN

MINUTES = 30


def keep_follow_up(offer: Offer) -> None:
    """It stands in the agenda of the offer's adviser as long as the company has not answered."""
    start = None
    if offer.follow_up_on and offer.state == OfferState.PROPOSED:
        time = offer.follow_up_at or datetime.time.min
        start = datetime.datetime.combine(offer.follow_up_on, time, ZoneInfo(offer.author.time_zone))
    agenda.keep_origin(
        origin=f"{ORIGIN}:{offer.pk}",
        person=offer.author,
        starts_at=start,
        minutes=MINUTES if offer.follow_up_at else 24 * 60,
        all_day=offer.follow_up_at is None,
        # Says nothing by itself: this room tells each reader what it is about (`queries.offers`).
        title=offer.reference,
        company=offer.company,
        url=offer.get_absolute_url(),
    )
