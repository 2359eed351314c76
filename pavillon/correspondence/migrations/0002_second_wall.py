"""Mail is its owner's until it is filed; then it is read by whoever may read the exchange that it became."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

# As `CopiedMailQuerySet.seen_by`: tests/test_second_wall.py compares what both let through. The exchange is asked for
# under its own wall.
MAIL = """(owner_id = wall_person() AND organisation_id = wall_organisation())
    OR EXISTS (SELECT FROM crm_interaction i WHERE i.id = interaction_id)"""
OF_A_MAIL = "EXISTS (SELECT FROM correspondence_copiedmail m WHERE m.id = mail_id)"
# Mail comes in, is filed and is emptied by the house alone: nobody else writes a line of it.
WALLS = {
    "correspondence_copiedmail": {"reads": MAIL, "inserts": "false"},
    "correspondence_mailaddress": {"reads": OF_A_MAIL, "inserts": "false"},
    "correspondence_mailfile": {"reads": OF_A_MAIL, "inserts": "false"},
    "correspondence_copyaddress": {
        "reads": "owner_id = wall_person() AND organisation_id = wall_organisation()",
        "inserts": "false",
    },
}


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0001_initial"), ("crm", "0002_second_wall"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
