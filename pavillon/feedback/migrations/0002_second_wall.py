"""A remark is read by whoever wrote it and by those who run the platform; its history with it."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

OWN = "author_id = wall_person()"
RUNS = "wall_role() IN ('operator', 'platform_admin')"
OF_ONE = "EXISTS (SELECT 1 FROM feedback_feedback f WHERE f.id = feedback_id)"


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("security", "0003_second_wall")]

    operations = [
        migrations.RunSQL(
            raise_wall("feedback_feedback", reads=f"{OWN} OR {RUNS}", inserts=OWN), pull_down("feedback_feedback")
        ),
        migrations.RunSQL(
            raise_wall("feedback_feedbackstep", reads=OF_ONE, inserts=OF_ONE), pull_down("feedback_feedbackstep")
        ),
    ]
