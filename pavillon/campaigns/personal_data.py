from pavillon.campaigns.models import Campaign, CampaignCost, CampaignSettings
from pavillon.core.personal_data import holds_no_personal_data

# Facts about what an organisation does and spends.
holds_no_personal_data(Campaign, CampaignCost, CampaignSettings)
