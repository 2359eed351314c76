"""Who may do what with campaigns. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.campaigns.models import READERS, Campaign, CampaignCost, CampaignSettings
from pavillon.core.permissions import permission, sees

# Those who plan campaigns of their organisation.
PLANNERS = frozenset({Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.REGION_OFFICIAL})


def plans_for_all(user: User) -> bool:
    """Managers of the national agency write the campaigns of every organisation."""
    place = user.organisation
    return bool(
        place
        and user.role in (Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER)
        and place.kind == Kind.AGENCY
        and place.level == Level.NATIONAL
    )


@permission("campaigns.view_campaigns")
def view_campaigns(user: User, subject: None) -> bool:
    return user.role in READERS


@permission("campaigns.view_campaign")
def view_campaign(user: User, campaign: Campaign | None) -> bool:
    return user.role in READERS and (campaign is None or sees(user, campaign))


@permission("campaigns.export_campaigns")
def export_campaigns(user: User, subject: None) -> bool:
    return user.role in PLANNERS | {Role.ADVISER}


@permission("campaigns.create_campaign", writes=Campaign)
def create_campaign(user: User, subject: None) -> bool:
    return user.role in PLANNERS


@permission("campaigns.change_campaign", writes=Campaign)
def change_campaign(user: User, campaign: Campaign) -> bool:
    """Planners of the organisation that leads it, and the managers of the national agency."""
    own = bool(user.acting) and campaign.organisation_id == user.acting.organisation_id
    return user.role in PLANNERS and (own or plans_for_all(user))


@permission("campaigns.close_campaign", writes=Campaign)
def close_campaign(user: User, campaign: Campaign) -> bool:
    return campaign.closed_at is None and change_campaign(user, campaign)


@permission("campaigns.reopen_campaign", writes=Campaign)
def reopen_campaign(user: User, campaign: Campaign) -> bool:
    return campaign.closed_at is not None and change_campaign(user, campaign)


@permission("campaigns.add_campaign_cost", writes=CampaignCost, field="planned")
def add_campaign_cost(user: User, campaign: Campaign) -> bool:
    return change_campaign(user, campaign)


@permission("campaigns.change_campaign_cost", writes=CampaignCost, field="planned")
def change_campaign_cost(user: User, cost: CampaignCost) -> bool:
    return change_campaign(user, cost.campaign)


@permission("campaigns.remove_campaign_cost", writes=CampaignCost, field="planned")
def remove_campaign_cost(user: User, cost: CampaignCost) -> bool:
    return change_campaign(user, cost.campaign)


@permission("campaigns.change_campaign_settings", writes=CampaignSettings)
def change_campaign_settings(user: User, subject: None) -> bool:
    return plans_for_all(user)
