"""What tests over all pages put in the addresses of this room."""

from decimal import Decimal

from pavillon.campaigns import actions
from pavillon.campaigns.models import Campaign, CampaignCost
from pavillon.campaigns.tests.factories import campaign


def make_cost(world):
    return actions.add_campaign_cost(
        campaign=world.example(Campaign), channel="mail", label="Lettre", planned=Decimal("120"), spent=None, by=None
    )


EXAMPLES = {Campaign: lambda world: campaign(world["chamber"]), CampaignCost: make_cost}
