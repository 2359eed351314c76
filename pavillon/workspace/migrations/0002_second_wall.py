"""Saved views are found by those with whom they are shared."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

OWN = "owner_id = wall_person()"
FOUND = f"""{OWN} OR (wall_is_team() AND (sharing = 'network'
    OR (sharing = 'organisation' AND organisation_id = wall_organisation())))"""


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial"), ("security", "0003_second_wall")]

    operations = [
        migrations.RunSQL(raise_wall("workspace_savedview", reads=FOUND, inserts=OWN), pull_down("workspace_savedview"))
    ]
