"""The room's lines on the privilege matrix."""

from pavillon.campaigns.models import CampaignCost
from pavillon.core.policy import governs

governs(CampaignCost, fields=["planned", "spent"])
