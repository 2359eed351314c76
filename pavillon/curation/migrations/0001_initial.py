import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CompanyQuality",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quality",
                        serialize=False,
                        to="directory.company",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(verbose_name="quality")),
                (
                    "gaps",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raw", "raw"),
                            ("partial", "partly qualified"),
                            ("qualified", "qualified"),
                            ("stale", "to be refreshed"),
                        ],
                        max_length=9,
                        verbose_name="qualification",
                    ),
                ),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "quality of a record",
                "verbose_name_plural": "quality of records",
                "indexes": [models.Index(fields=["score", "company"], name="quality_by_score")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__lte", 100)), name="quality_up_to_100")
                ],
            },
        ),
        migrations.CreateModel(
            name="DuplicatePair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.FloatField()),
                ("weight", models.FloatField()),
                ("model_version", models.CharField(blank=True, max_length=40)),
                ("is_refused", models.BooleanField(default=False)),
                ("priority", models.FloatField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be decided"),
                            ("second", "Waits for a second opinion"),
                            ("disputed", "Two opinions differ"),
                            ("merged", "Merged"),
                            ("distinct", "Two companies"),
                            ("group", "Same group"),
                            ("unsure", "Left aside"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("is_doubled", models.BooleanField(default=False)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
            ],
            options={
                "verbose_name": "likely duplicate",
                "verbose_name_plural": "likely duplicates",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "second", "disputed"])),
                        fields=["-priority", "id"],
                        name="pair_by_priority",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("left", "right"), name="pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="pair_smaller_number_first"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("merge", "One company: merge"),
                            ("distinct", "Two companies"),
                            ("group", "Same group"),
                            ("unsure", "I cannot say"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("waiting", "To be decided"),
                            ("second", "Waits for a second opinion"),
                            ("disputed", "Two opinions differ"),
                            ("merged", "Merged"),
                            ("distinct", "Two companies"),
                            ("group", "Same group"),
                            ("unsure", "Left aside"),
                        ],
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.mergeevent",
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="curation.duplicatepair",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a pair",
                "ordering": ["-decided_at", "-pk"],
                "indexes": [models.Index(fields=["decided_by", "-decided_at"], name="decision_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("pair", "decided_by"),
                        name="one_opinion_a_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("rehearsed", "rehearsed"),
                            ("running", "under way"),
                            ("done", "done"),
                            ("undone", "undone"),
                        ],
                        default="rehearsed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of merges",
                "ordering": ["-made_at"],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.FloatField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "can be merged"),
                            ("refused", "refused"),
                            ("merged", "merged"),
                            ("undone", "undone"),
                            ("stuck", "cannot be undone"),
                        ],
                        default="ready",
                        max_length=7,
                    ),
                ),
                ("moves", models.PositiveIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.mergeevent",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "removed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="curation.mergebatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of a batch",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("batch", "removed"), name="removed_once_in_a_batch")],
            },
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_whole", models.BooleanField(default=False, verbose_name="whole base")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "under way"), ("done", "done"), ("failed", "stopped")],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
                ("since", models.DateTimeField(null=True)),
                ("position", models.BigIntegerField(default=0)),
                ("model_version", models.CharField(blank=True, max_length=40)),
                ("companies", models.PositiveIntegerField(default=0)),
                ("compared", models.PositiveIntegerField(default=0)),
                ("merged", models.PositiveIntegerField(default=0)),
                ("proposed", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("contact_position", models.BigIntegerField(db_default=0, default=0)),
                ("contacts", models.PositiveIntegerField(db_default=0, default=0)),
                ("contacts_proposed", models.PositiveIntegerField(db_default=0, default=0)),
                ("error", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "verbose_name": "search for duplicates",
                "ordering": ["-started_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "running")), fields=("state",), name="one_scan_at_a_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("probability", models.FloatField()),
                ("weight", models.FloatField()),
                ("model_version", models.CharField(blank=True, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "To be decided"),
                            ("merged", "Merged"),
                            ("distinct", "Two people"),
                            ("unsure", "Left aside"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.mergeevent",
                    ),
                ),
                (
                    "left",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.contact"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.contact"
                    ),
                ),
            ],
            options={
                "verbose_name": "likely duplicate of a person",
                "verbose_name_plural": "likely duplicates of people",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["-probability", "id"],
                        name="contact_pair_open",
                    ),
                    models.Index(fields=["decided_by", "-decided_at"], name="contact_pair_by_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("left", "right"), name="contact_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("left__lt", models.F("right"))), name="contact_pair_smaller_number_first"
                    ),
                ],
            },
        ),
    ]
