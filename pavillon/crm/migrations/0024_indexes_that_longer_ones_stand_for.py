"""A request's team and adviser need no index of their own.

Since 0021 `lead_of_team_by_time` and `lead_last_given` (and longer before, `lead_by_team` and `lead_by_adviser`) begin
with these columns: PostgreSQL answers by them whatever the single ones answered, the checks of foreign keys among it
(counts, either of both in one bitmap, first row: compared with 200,000 requests). Two indexes less to write for each.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_recent_failures_of_addresses"),
        ("crm", "0023_names_of_what_is_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="lead",
            name="adviser",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to=settings.AUTH_USER_MODEL,
                verbose_name="adviser",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leads",
                to="accounts.organisation",
                verbose_name="team",
            ),
        ),
    ]
