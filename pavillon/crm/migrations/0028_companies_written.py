"""A large change of territories tells how many companies it has written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0027_roles_that_were_taken_back")]

    operations = [
        # With a default of the database's own: an older process goes on asking for changes meanwhile.
        migrations.AddField(
            model_name="territorywork", name="written", field=models.PositiveIntegerField(default=0, db_default=0)
        ),
    ]
