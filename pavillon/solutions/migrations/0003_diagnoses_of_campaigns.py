import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solutions", "0002_wall_around_diagnoses"), ("campaigns", "0002_second_wall")]

    operations = [
        migrations.AddField(
            "diagnosis",
            "campaign",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.campaign",
            ),
        ),
    ]
