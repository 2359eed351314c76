"""A large change of territories keeps from whom to whom companies pass, as it was previewed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0032_requests_passed_up")]

    operations = [
        # Without a value: an older process goes on asking for changes meanwhile.
        migrations.AddField(
            model_name="territorywork", name="passing", field=models.JSONField(editable=False, null=True)
        ),
    ]
