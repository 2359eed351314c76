import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0003_nights_and_letters"), ("accounts", "0005_recent_failures_of_addresses")]

    operations = [
        migrations.AddField(
            "programme",
            "watched_as",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        # Who asked for it before is taken to have done so in the organisation that decides.
        migrations.RunSQL(
            """
            UPDATE loyalty_programme AS p
               SET watched_as_id = (
                   SELECT m.id FROM accounts_membership AS m
                    WHERE m.user_id = p.watched_by_id
                    ORDER BY (m.organisation_id = p.organisation_id) DESC, m.id DESC
                    LIMIT 1)
             WHERE p.watched_by_id IS NOT NULL
            """,
            migrations.RunSQL.noop,
        ),
    ]
