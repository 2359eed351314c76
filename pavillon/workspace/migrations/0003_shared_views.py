import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PINS = """
INSERT INTO workspace_viewuse (user_id, view_id, is_pinned, opens)
SELECT owner_id, id, true, '' FROM workspace_savedview WHERE is_pinned
"""


class Migration(migrations.Migration):
    """Views can be shared; whether one is pinned is said by each of its readers."""

    dependencies = [
        ("accounts", "0005_newcomers"),
        ("workspace", "0002_words_of_the_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="sharing",
            field=models.CharField(
                choices=[
                    ("personal", "Me only"),
                    ("organisation", "My organisation"),
                    ("network", "The whole export team"),
                ],
                default="personal",
                max_length=12,
                verbose_name="who finds it",
            ),
        ),
        migrations.CreateModel(
            name="ViewUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_pinned", models.BooleanField(default=False)),
                ("opens", models.CharField(blank=True, default="", max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="workspace.savedview"
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a saved view",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "view"), name="view_used_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("opens", ""), _negated=True),
                        fields=("user", "opens"),
                        name="one_default_view_a_list",
                    ),
                ],
            },
        ),
        migrations.RunSQL(PINS, migrations.RunSQL.noop),
        # The rows just written wait for the check of their foreign keys; a table with such rows cannot be altered.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.RemoveField(model_name="savedview", name="is_pinned"),
    ]
