"""What an organisation calls its companies, whom it aims at and how it sorts them is nobody else's business."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

OWN = "wall_is_team() AND organisation_id = wall_organisation()"
OF_A_TAG = "EXISTS (SELECT FROM segments_tag t WHERE t.id = tag_id)"
OF_A_LIST = "EXISTS (SELECT FROM segments_targetlist l WHERE l.id = target_list_id)"
MADE = "author_id = wall_person()"
GIVEN = """EXISTS (SELECT FROM segments_targetreader r
    WHERE r.target_list_id = segments_targetlist.id AND r.user_id = wall_person())"""
SORTED = """wall_is_team() AND (owner_id = wall_person() OR sharing = 'network'
    OR (sharing = 'organisation' AND organisation_id = wall_organisation()))"""

WALLS = {
    "segments_tag": {"reads": OWN, "inserts": OWN},
    "segments_tagging": {"reads": OF_A_TAG, "inserts": OF_A_TAG},
    "segments_targetlist": {"reads": f"wall_is_team() AND ({MADE} OR {OWN} OR {GIVEN})", "inserts": MADE},
    "segments_targetrow": {"reads": OF_A_LIST, "inserts": OF_A_LIST},
    "segments_segment": {"reads": SORTED, "inserts": "wall_is_team() AND owner_id = wall_person()"},
}


class Migration(migrations.Migration):
    dependencies = [("segments", "0002_parts_of_companies"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
