"""Exchanges, discussions, tasks and suggestions leave an organisation only as they are shared."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

# As `crm.models.LEAD_READERS`: tests/test_second_wall.py compares what both let through.
READERS = (
    "wall_role() IN ('adviser', 'team_manager', 'tele_prospector', 'sales', 'showroom_manager', 'private_partner', "
    "'region_official')"
)
OWN = "organisation_id = wall_organisation()"
SHARED = f"""{READERS} AND (visibility = 'team' OR {OWN} OR (visibility = 'region' AND (
    wall_level() = 'national' OR (wall_level() = 'regional' AND region_id = wall_region()))))"""
NAMED = f"""{READERS} AND EXISTS (SELECT FROM crm_mention m
    WHERE m.discussion_id = crm_discussion.id AND m.person_id = wall_person())"""
# Inside, the discussion is asked for under its own wall.
OF_A_DISCUSSION = "EXISTS (SELECT FROM crm_discussion d WHERE d.id = discussion_id)"
BETWEEN_TWO = f"""{READERS} AND ({OWN} OR asking_organisation_id = wall_organisation()
    OR given_to_id = wall_person() OR given_by_id = wall_person())"""
SUGGESTED = f"""{READERS} AND (adviser_id = wall_person() OR team_id = wall_organisation()
    OR (adviser_id IS NULL AND team_id IS NULL AND (
        (wall_kind() = 'agency' AND wall_level() = 'national') OR region_id = wall_region())))"""

WALLS = {
    "crm_interaction": {"reads": SHARED, "inserts": OWN},
    "crm_discussion": {"reads": f"({SHARED}) OR ({NAMED})", "inserts": OWN},
    "crm_comment": {"reads": OF_A_DISCUSSION, "inserts": f"{OWN} AND {OF_A_DISCUSSION}", "deletes": OWN},
    "crm_sharedtask": {"reads": BETWEEN_TWO, "inserts": "asking_organisation_id = wall_organisation()"},
    "crm_suggestion": {"reads": SUGGESTED, "inserts": "false"},
}


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
