import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hourly_rows", models.PositiveIntegerField(default=5000, verbose_name="rows per hour and person")),
                (
                    "approval_rows",
                    models.PositiveIntegerField(
                        default=2000, verbose_name="rows of one file above which somebody approves"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export limit",
                "ordering": ["-decided_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="what for")),
                (
                    "subject",
                    models.CharField(
                        choices=[("companies", "Companies"), ("contacts", "Contacts")],
                        default="companies",
                        max_length=10,
                        verbose_name="made of",
                    ),
                ),
                ("rule", models.JSONField(default=dict)),
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
                ("size", models.PositiveIntegerField(editable=False, null=True)),
                ("refreshed_at", models.DateTimeField(editable=False, null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="segments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "segment",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="segment_named_once")],
            },
        ),
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.BigIntegerField()),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a segment",
                "constraints": [models.UniqueConstraint(fields=("segment", "member"), name="segment_member_once")],
            },
        ),
        migrations.CreateModel(
            name="SegmentMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.BigIntegerField()),
                ("entered", models.BooleanField()),
                ("moved_at", models.DateTimeField()),
                (
                    "segment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="segments.segment",
                    ),
                ),
            ],
            options={
                "verbose_name": "move in a segment",
                "indexes": [models.Index(fields=["segment", "-moved_at"], name="segment_move_by_time")],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "name"), name="tag_once_per_organisation")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tagging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tagged_at", models.DateTimeField(auto_now_add=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="directory.company"
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taggings",
                        to="segments.tag",
                    ),
                ),
                (
                    "tagged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of a company",
                "constraints": [models.UniqueConstraint(fields=("tag", "company"), name="company_tagged_once")],
            },
        ),
        migrations.CreateModel(
            name="TargetList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "origin",
                    models.CharField(
                        choices=[("marketing", "Marketing"), ("sales", "Sales management")],
                        max_length=10,
                        verbose_name="recommended by",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="what to do")),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="target_lists",
                        to=settings.AUTH_USER_MODEL,
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
            ],
            options={
                "verbose_name": "target list",
                "ordering": ["-created_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("author", "name"), name="target_list_named_once")],
            },
        ),
        migrations.CreateModel(
            name="BulkAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "gesture",
                    models.CharField(choices=[("tag", "Tag added"), ("target", "Put in a target list")], max_length=10),
                ),
                ("done_at", models.DateTimeField(auto_now_add=True)),
                ("asked", models.PositiveIntegerField()),
                ("done", models.JSONField(default=list)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="segments.tag"
                    ),
                ),
                (
                    "target_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="segments.targetlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk action",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("tag__isnull", False), ("target_list__isnull", True)),
                            models.Q(("tag__isnull", True), ("target_list__isnull", False)),
                            _connector="OR",
                        ),
                        name="bulk_act_is_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readers",
                        to="segments.targetlist",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reader of a target list",
                "constraints": [models.UniqueConstraint(fields=("target_list", "user"), name="target_list_given_once")],
            },
        ),
        migrations.CreateModel(
            name="TargetRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="target_rows", to="directory.company"
                    ),
                ),
                (
                    "target_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="segments.targetlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "company of a target list",
                "constraints": [
                    models.UniqueConstraint(fields=("target_list", "company"), name="company_targeted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetSize",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("above", models.PositiveIntegerField(default=50, verbose_name="more than")),
                ("below", models.PositiveIntegerField(default=500, verbose_name="less than")),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "target size",
                "ordering": ["-decided_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "below__gt",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("above"), "+", models.Value(1)
                                ),
                            )
                        ),
                        name="target_size_is_a_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "subject",
                    models.CharField(choices=[("companies", "Companies"), ("contacts", "Contacts")], max_length=20),
                ),
                ("query", models.TextField(blank=True)),
                ("sentence", models.TextField(blank=True)),
                ("format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], default="csv", max_length=4)),
                (
                    "layout",
                    models.CharField(
                        choices=[("words", "Headings in words"), ("exchange", "Stable names, for re-import")],
                        default="words",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("blocked", "Blocked"),
                            ("waiting", "Waits for approval"),
                            ("refused", "Refused"),
                            ("queued", "Waits for its turn"),
                            ("writing", "Being written"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("expired", "Expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("written", models.PositiveIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why the file is needed")),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=500, verbose_name="why")),
                ("granted_at", models.DateTimeField(null=True)),
                ("watermark", models.CharField(max_length=20, unique=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "acting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="export_files",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(fields=["author", "-granted_at"], name="export_by_author"),
                    models.Index(condition=models.Q(("state", "waiting")), fields=["state"], name="export_waiting"),
                ],
            },
        ),
    ]
