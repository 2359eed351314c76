"""Campaigns and their costs stay behind the second wall."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

# As `campaigns.models.CampaignQuerySet.seen_by`: tests/test_second_wall.py compares what both let through.
READERS = (
    "wall_role() IN ('adviser', 'team_manager', 'tele_prospector', 'sales', 'showroom_manager', 'region_official')"
)
NATIONAL = "(wall_kind() = 'agency' AND wall_level() = 'national')"
CAMPAIGNS = f"""{READERS} AND ({NATIONAL} OR organisation_id = wall_organisation() OR is_shared
    OR (wall_level() = 'regional' AND region_id = wall_region()))"""
OWN = f"organisation_id = wall_organisation() OR {NATIONAL}"
# Inside, the campaign is asked for under its own wall.
OF_A_CAMPAIGN = "EXISTS (SELECT FROM campaigns_campaign c WHERE c.id = campaign_id)"
OF_OWN = f"EXISTS (SELECT FROM campaigns_campaign c WHERE c.id = campaign_id AND ({OWN}))"

WALLS = {
    "campaigns_campaign": {"reads": CAMPAIGNS, "inserts": OWN, "deletes": "false"},
    "campaigns_campaigncost": {"reads": OF_A_CAMPAIGN, "inserts": OF_OWN},
}


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
