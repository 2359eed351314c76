"""Requests that escalated and are still in nobody's hands, for the desks of the national agency."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("crm", "0031_who_keeps_a_promise")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["due_at"],
                name="lead_passed_up",
                condition=Q(escalated_at__isnull=False, taken_at__isnull=True, closed_at__isnull=True),
            ),
        ),
    ]
