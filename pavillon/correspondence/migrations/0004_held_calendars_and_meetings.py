import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0003_kept_once_a_role"), ("crm", "0002_second_wall")]

    operations = [
        migrations.AddField("copiedmail", "calendar_held", models.BooleanField(default=False)),
        migrations.AddField(
            "copiedmail",
            "meeting",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copied_invitation",
                to="crm.interaction",
            ),
        ),
    ]
