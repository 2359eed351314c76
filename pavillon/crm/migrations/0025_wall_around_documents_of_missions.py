"""Behind the wall too a partner has the documents of a mission only as long as it runs its request."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

TABLE = "crm_missionfile"
# As migration 0020 raised it: also of missions that were stopped, or whose request went elsewhere.
BEFORE = """(SELECT wall_is_team()) AND ((SELECT wall_role()) <> 'private_partner' OR EXISTS (SELECT FROM crm_mission m
    WHERE m.id = mission_id AND m.partner_id = (SELECT wall_organisation())))"""
# As `MissionQuerySet.seen_by`.
TEAM = """(SELECT wall_is_team()) AND ((SELECT wall_role()) <> 'private_partner' OR EXISTS (
    SELECT FROM crm_mission m JOIN crm_lead l ON l.id = m.lead_id
    WHERE m.id = mission_id AND m.partner_id = (SELECT wall_organisation()) AND m.state <> 'stopped'
    AND l.team_id = (SELECT wall_organisation())))"""


def renewed(rule: str) -> str:
    return pull_down(TABLE) + raise_wall(TABLE, reads=rule, inserts=rule)


class Migration(migrations.Migration):
    dependencies = [("crm", "0024_indexes_that_longer_ones_stand_for")]

    operations = [migrations.RunSQL(renewed(TEAM), renewed(BEFORE))]
