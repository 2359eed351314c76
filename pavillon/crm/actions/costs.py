"""What was spent on the channels that bring requests."""

import datetime
from decimal import Decimal

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.crm.models import ChannelCost


@transaction.atomic
def note_channel_cost(
    *, origin: str, detail: str, starts_on: datetime.date, ends_on: datetime.date, cost: Decimal, by: User
) -> ChannelCost:
    """Write down an amount in euros spent on a channel from a day to a day, both included."""
    row = ChannelCost.objects.create(
        origin=origin, detail=detail.strip(), starts_on=starts_on, ends_on=ends_on, cost=cost, noted_by=by
    )
    record("crm.channel_cost_noted", row, by=by, origin=origin, detail=row.detail, cost=cost)
    return row


@transaction.atomic
def remove_channel_cost(*, cost: ChannelCost, by: User) -> None:
    """Take a wrong line away; the trail keeps it."""
    record("crm.channel_cost_removed", cost, by=by, origin=cost.origin, detail=cost.detail, cost=cost.cost)
    cost.delete()
