"""An adviser comes back to what he proposed, on a day and perhaps at an hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0006_corrected_criticisms")]

    operations = [
        migrations.AddField("offer", "follow_up_on", models.DateField(blank=True, null=True, verbose_name="follow-up")),
        migrations.AddField("offer", "follow_up_at", models.TimeField(blank=True, null=True, verbose_name="at")),
    ]
