import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("reference", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("file", "File"),
                            ("service", "Key service"),
                            ("token", "Hardware module (PKCS#11)"),
                            ("local", "Platform's own file"),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("answers", models.BooleanField()),
                ("problem", models.TextField(blank=True)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "watch over a key source",
            },
        ),
        migrations.CreateModel(
            name="RecordKey",
            fields=[
                ("subject", models.CharField(max_length=100, primary_key=True, serialize=False, verbose_name="record")),
                ("wrapped", models.BinaryField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
            ],
            options={
                "verbose_name": "key of a record",
            },
        ),
        migrations.CreateModel(
            name="KeyUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("values", "Personal values"),
                            ("files", "Stored files"),
                            ("index", "Search on personal values"),
                            ("log", "Lines of the logs"),
                            ("entrance", "Secrets of second factors"),
                        ],
                        max_length=10,
                    ),
                ),
                ("hour", models.DateTimeField()),
                ("opened", models.PositiveIntegerField(default=0)),
                ("used", models.PositiveBigIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "use of a data key",
                "constraints": [models.UniqueConstraint(fields=("purpose", "hour"), name="one_count_per_hour")],
            },
        ),
        migrations.CreateModel(
            name="LogAnchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("log", models.CharField(max_length=60)),
                ("number", models.PositiveBigIntegerField()),
                ("sequence", models.BigIntegerField()),
                ("chain", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("mac", models.BinaryField(max_length=64)),
            ],
            options={
                "verbose_name": "log anchor",
                "constraints": [models.UniqueConstraint(fields=("log", "number"), name="one_anchor_per_number")],
            },
        ),
        migrations.CreateModel(
            name="RecoverySet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_key", models.TextField()),
                ("threshold", models.PositiveSmallIntegerField(verbose_name="shares needed")),
                ("shares", models.PositiveSmallIntegerField(verbose_name="shares")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "recovery secret",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("threshold__gte", 2), ("threshold__lte", models.F("shares"))),
                        name="shares_can_rebuild",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("values", "Personal values"),
                            ("files", "Stored files"),
                            ("index", "Search on personal values"),
                            ("log", "Lines of the logs"),
                            ("entrance", "Secrets of second factors"),
                        ],
                        max_length=10,
                        verbose_name="used for",
                    ),
                ),
                ("generation", models.PositiveIntegerField(verbose_name="generation")),
                ("wrapped", models.BinaryField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("file", "File"),
                            ("service", "Key service"),
                            ("token", "Hardware module (PKCS#11)"),
                            ("local", "Platform's own file"),
                        ],
                        default="file",
                        max_length=10,
                        verbose_name="wrapped by",
                    ),
                ),
                ("recovery", models.BinaryField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked")),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recovery_set",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="security.recoveryset",
                    ),
                ),
            ],
            options={
                "verbose_name": "data key",
                "constraints": [
                    models.UniqueConstraint(fields=("purpose", "generation"), name="one_keyset_per_generation")
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("words", pavillon.core.fields.EncryptedTextField(blank=True)),
                ("collected_at", models.DateTimeField(null=True, verbose_name="collected")),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recovery_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="security.recoveryset"
                    ),
                ),
            ],
            options={
                "verbose_name": "share of the recovery secret",
                "constraints": [
                    models.UniqueConstraint(fields=("recovery_set", "number"), name="one_share_per_number"),
                    models.UniqueConstraint(fields=("recovery_set", "holder"), name="one_share_per_holder"),
                    models.CheckConstraint(
                        condition=models.Q(("collected_at__isnull", True), ("words", ""), _connector="OR"),
                        name="collected_share_is_gone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("revoke", "Revoke the keys"), ("split", "Split a new recovery secret")],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("details", models.JSONField(default=dict)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for a second key-holder"),
                            ("done", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "proposal of a key-holder",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "done"), _negated=True),
                            models.Q(
                                ("decided_by__isnull", False),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="two_holders_decide",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "waiting")), fields=("step",), name="one_waiting_proposal_per_step"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("adviser", "Adviser"),
                            ("team_manager", "Team manager"),
                            ("tele_prospector", "Tele-prospector"),
                            ("sales", "Sales engineer"),
                            ("showroom_manager", "Showroom manager"),
                            ("editor", "Content editor"),
                            ("region_official", "Region official"),
                            ("private_partner", "Private partner"),
                            ("organisation_admin", "Organisation administrator"),
                            ("security_officer", "Security officer"),
                            ("data_protection_officer", "Data-protection officer"),
                            ("key_holder", "Key-holder"),
                            ("operator", "Operator"),
                            ("platform_admin", "Platform administrator"),
                            ("company_manager", "Company manager"),
                            ("seller", "Shop manager"),
                            ("buyer", "Professional buyer"),
                        ],
                        max_length=30,
                        verbose_name="role",
                    ),
                ),
                ("model", models.CharField(max_length=60, verbose_name="object")),
                ("field", models.CharField(default="*", max_length=60, verbose_name="field")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "write"), (1, "read"), (0, "forbidden")], verbose_name="level"
                    ),
                ),
                ("for_owner", models.BooleanField(default=False, verbose_name="on one's own records only")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="reference.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "privilege",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "model", "field", "organisation", "region", "for_owner"),
                        name="one_cell_per_scope",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("region__isnull", True)),
                            models.Q(("for_owner", False), ("organisation__isnull", False), ("region__isnull", True)),
                            models.Q(("for_owner", False), ("organisation__isnull", True), ("region__isnull", False)),
                            _connector="OR",
                        ),
                        name="cell_has_one_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mac", models.BinaryField(max_length=64)),
                ("sequence", models.BigIntegerField(null=True)),
                ("chain", models.BinaryField(max_length=32, null=True)),
                ("model", models.CharField(max_length=60)),
                ("object_id", models.CharField(blank=True, max_length=40)),
                ("how", models.CharField(max_length=10)),
                ("rows", models.PositiveIntegerField(default=1)),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("address", models.GenericIPAddressField(null=True)),
                ("path", models.CharField(blank=True, max_length=200)),
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
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "indexes": [
                    models.Index(fields=["model", "object_id", "-read_at"], name="reading_by_object"),
                    models.Index(fields=["user", "-read_at"], name="reading_by_user"),
                    django.contrib.postgres.indexes.GinIndex(fields=["ids"], name="reading_by_ids"),
                    models.Index(fields=["sequence"], name="reading_by_sequence"),
                    models.Index(
                        condition=models.Q(("sequence__isnull", True)), fields=["id"], name="reading_unsealed"
                    ),
                ],
            },
        ),
    ]
