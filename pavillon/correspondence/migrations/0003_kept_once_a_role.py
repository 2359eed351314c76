"""Once a role, not once a person: what somebody copied as one organisation is not lost for the other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0002_second_wall")]

    operations = [
        migrations.RemoveConstraint("copiedmail", "mail_kept_once"),
        migrations.AddConstraint(
            "copiedmail",
            models.UniqueConstraint(fields=["owner", "organisation", "key"], name="mail_kept_once_a_role"),
        ),
    ]
