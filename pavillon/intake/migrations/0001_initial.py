import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("directory", "0001_initial"),
        ("reference", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("code", models.SlugField(editable=False, unique=True)),
                ("entity", models.CharField(max_length=120, verbose_name="entity")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="what is exchanged")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("possible", "Possible"),
                            ("talks", "In discussion"),
                            ("pilot", "Pilot"),
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                        ],
                        default="possible",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "legal_status",
                    models.CharField(
                        choices=[
                            ("open", "Open data"),
                            ("agreement", "Agreement of the network"),
                            ("contract", "Contract with the supplier"),
                            ("consent", "Consent of the persons"),
                            ("public_task", "Task of public interest"),
                            ("waiting", "Not approved yet"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="legal basis",
                    ),
                ),
                ("format", models.CharField(blank=True, max_length=120, verbose_name="format")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("occasional", "Occasional"),
                            ("daily", "Daily"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_yearly", "Every six months"),
                            ("yearly", "Yearly"),
                        ],
                        default="occasional",
                        max_length=12,
                        verbose_name="frequency",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, editable=False)),
            ],
            options={
                "verbose_name": "exchange of data",
                "verbose_name_plural": "register of exchanges",
                "ordering": ["place", "entity"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("digest", models.CharField(help_text="SHA-256 of the file", max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="bytes")),
                ("reading", models.JSONField(default=dict)),
                (
                    "header",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("sample", pavillon.core.fields.EncryptedTextField(blank=True)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "observed_on",
                    models.DateField(help_text="The day on which the partner drew the file.", verbose_name="as of"),
                ),
                (
                    "legal_basis",
                    models.CharField(
                        choices=[
                            ("consent", "Consent"),
                            ("contract", "Contract"),
                            ("public_task", "Public task"),
                            ("legitimate_interest", "Legitimate interest"),
                            ("legal_obligation", "Legal obligation"),
                            ("vital_interest", "Vital interest"),
                        ],
                        max_length=20,
                        verbose_name="legal basis",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("brought", "Brought"),
                            ("rehearsing", "Being rehearsed"),
                            ("rehearsed", "Rehearsed"),
                            ("taking", "Being taken over"),
                            ("taken", "Taken over"),
                            ("undoing", "Being undone"),
                            ("undone", "Undone"),
                            ("failed", "Stopped by an error"),
                        ],
                        default="brought",
                        max_length=10,
                    ),
                ),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                ("is_read", models.BooleanField(default=False)),
                ("rehearsed", models.JSONField(default=dict)),
                ("taken", models.JSONField(default=dict)),
                ("undone", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("rehearsed_at", models.DateTimeField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="directory.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivered file",
                "verbose_name_plural": "delivered files",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["taking", "taken"])),
                        fields=("source", "digest"),
                        name="delivery_taken_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("sealed", pavillon.core.fields.EncryptedTextField()),
                ("leader", models.PositiveIntegerField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not looked at yet"),
                            ("created", "New company"),
                            ("matched", "Known company, values added"),
                            ("unchanged", "Known company, nothing new"),
                            ("conflicting", "Known company, values that differ"),
                            ("doubtful", "May be a known company: to decide"),
                            ("rejected", "Refused"),
                        ],
                        default="",
                        max_length=11,
                    ),
                ),
                ("foreseen", pavillon.core.fields.EncryptedTextField(blank=True)),
                ("score", models.FloatField(null=True)),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("same", "It is this company"),
                            ("new", "It is another company: create it"),
                            ("skip", "Leave the row out"),
                        ],
                        default="",
                        max_length=4,
                    ),
                ),
                (
                    "taken_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not looked at yet"),
                            ("created", "New company"),
                            ("matched", "Known company, values added"),
                            ("unchanged", "Known company, nothing new"),
                            ("conflicting", "Known company, values that differ"),
                            ("doubtful", "May be a known company: to decide"),
                            ("rejected", "Refused"),
                        ],
                        default="",
                        max_length=11,
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                ("done", pavillon.core.fields.EncryptedTextField(blank=True)),
                ("undone_outcome", models.CharField(blank=True, max_length=10)),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.contact",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="intake.delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a delivered file",
                "ordering": ["line"],
                "indexes": [models.Index(fields=["delivery", "outcome", "line"], name="delivery_row_by_outcome")],
                "constraints": [models.UniqueConstraint(fields=("delivery", "line"), name="delivery_line_once")],
            },
        ),
        migrations.CreateModel(
            name="Layout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("signature", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=dict)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="layouts", to="directory.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "layout of files",
                "constraints": [models.UniqueConstraint(fields=("source", "signature"), name="layout_once_per_source")],
            },
        ),
        migrations.CreateModel(
            name="LegalApproval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("patent", "International patent"),
                            ("export_turnover", "Export turnover known to the bank"),
                            ("finance_product", "Export finance or insurance"),
                            ("zone", "Priority zone"),
                            ("customs", "Customs declaration"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(max_length=80, verbose_name="reference")),
                ("document", models.TextField(verbose_name="text of the decision")),
                ("decided_on", models.DateField(verbose_name="decided on")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "legal approval",
                "ordering": ["-decided_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProspectTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("supplier", models.CharField(blank=True, max_length=120, verbose_name="supplier")),
                (
                    "cost",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost (€)",
                    ),
                ),
                ("acquired_on", models.DateField(blank=True, null=True, verbose_name="acquired on")),
                (
                    "licence_ends_on",
                    models.DateField(
                        blank=True,
                        help_text="The last day on which the records may be used.",
                        null=True,
                        verbose_name="end of the licence",
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="directory.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "terms of a source of prospects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("cost__isnull", True), ("cost__gte", 0), _connector="OR"),
                        name="cost_not_negative",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicInterface",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("provider", models.CharField(max_length=120, verbose_name="provider")),
                ("address", models.URLField(max_length=300, unique=True, verbose_name="address")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="what it tells")),
                ("tested_at", models.DateTimeField(editable=False, null=True)),
                (
                    "answered",
                    models.PositiveSmallIntegerField(
                        editable=False, help_text="HTTP status; empty: no answer", null=True
                    ),
                ),
                ("content_type", models.CharField(blank=True, editable=False, max_length=80)),
                ("problem", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "usefulness",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="usefulness",
                    ),
                ),
                ("verdict", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "country",
                    models.ForeignKey(
                        default="FR",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "rated_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "public interface",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("patent", "International patent"),
                            ("export_turnover", "Export turnover known to the bank"),
                            ("finance_product", "Export finance or insurance"),
                            ("zone", "Priority zone"),
                            ("customs", "Customs declaration"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("observed_on", models.DateField(verbose_name="as of")),
                ("facts", models.JSONField(default=dict)),
                (
                    "legal_status",
                    models.CharField(
                        choices=[
                            ("open", "Open data"),
                            ("agreement", "Agreement of the network"),
                            ("contract", "Contract with the supplier"),
                            ("consent", "Consent of the persons"),
                            ("public_task", "Task of public interest"),
                            ("waiting", "Not approved yet"),
                        ],
                        max_length=12,
                        verbose_name="legal status",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="directory.company"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "signal from outside",
                "ordering": ["-observed_on", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "kind", "company", "key"), name="signal_once_per_source")
                ],
            },
        ),
        migrations.CreateModel(
            name="ZoneExchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("exported_at", models.DateTimeField()),
                ("head_offices", models.PositiveIntegerField(default=0)),
                ("returned_at", models.DateTimeField(null=True)),
                ("reminded_on", models.DateField(null=True)),
                (
                    "exported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "head-office exchange",
                "ordering": ["-exported_at"],
            },
        ),
    ]
