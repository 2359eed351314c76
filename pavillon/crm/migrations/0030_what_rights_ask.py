from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0029_services_and_treated_requests_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                fields=["id"],
                include=("received_at", "region", "team", "adviser", "company", "origin", "requested_by"),
                name="lead_rights",
            ),
        ),
    ]
