import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.CharField(max_length=1000, verbose_name="address")),
                (
                    "sharing",
                    models.CharField(
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
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="view_named_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "/"), models.Q(("url__startswith", "//"), _negated=True)
                        ),
                        name="view_stays_on_this_site",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("company", "Company"), ("person", "Person")], max_length=7)),
                ("word", models.CharField(max_length=80)),
            ],
            options={
                "verbose_name": "word of the search",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="search_word_trgm", opclasses=["gin_trgm_ops"]
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "word"), name="search_word_once")],
            },
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
    ]
