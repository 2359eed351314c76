import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MatchModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "companies"), ("person", "people")],
                        max_length=10,
                        verbose_name="kind of records",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("content", models.JSONField()),
                ("trained_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="trained at")),
                ("learnt_from", models.CharField(max_length=200, verbose_name="learnt from")),
                ("metrics", models.JSONField(default=dict)),
                ("is_live", models.BooleanField(default=False, verbose_name="live version")),
            ],
            options={
                "verbose_name": "matching model",
                "verbose_name_plural": "matching models",
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="match_model_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_live", True)), fields=("kind",), name="one_live_match_model_a_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LabelledPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "companies"), ("person", "people")],
                        max_length=10,
                        verbose_name="kind of records",
                    ),
                ),
                ("left", models.CharField(max_length=80)),
                ("right", models.CharField(max_length=80)),
                ("levels", models.JSONField(help_text="Field: level, the missing ones left out.")),
                ("is_match", models.BooleanField(verbose_name="one and the same")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("person", "a person decided"),
                            ("identity", "both identity numbers are known"),
                            ("undone_merge", "a merge was undone"),
                            ("invented", "invented records, whose truth is known"),
                        ],
                        max_length=20,
                        verbose_name="origin",
                    ),
                ),
                ("is_frozen", models.BooleanField(default=False, verbose_name="kept for trials")),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "labelled pair",
                "verbose_name_plural": "labelled pairs",
                "indexes": [models.Index(fields=["kind", "is_frozen"], name="labelled_pair_by_use")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "left", "right", "origin"), name="labelled_pair_once_an_origin"
                    )
                ],
            },
        ),
    ]
