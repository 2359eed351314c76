import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("reference", "0001_initial"),
    ]

    operations = [
        BtreeGinExtension(),
        # Immutable, unlike `unaccent` alone, so that an index may keep it.
        migrations.RunSQL(
            """
            CREATE FUNCTION directory_person_name(first_part text, second_part text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT btrim(regexp_replace(
                    upper(public.unaccent('public.unaccent'::regdictionary, first_part || ' ' || second_part)),
                    '[^[:alnum:]]+', ' ', 'g'))
            $$
            """,
            "DROP FUNCTION directory_person_name(text, text)",
        ),
        migrations.CreateModel(
            name="Company",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "family",
                    models.CharField(
                        choices=[("french", "French company"), ("foreign", "Foreign group")],
                        default="french",
                        max_length=10,
                        verbose_name="family",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("prospect", "Prospect"), ("client", "Client")],
                        db_default="prospect",
                        default="prospect",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("siren", models.CharField(blank=True, max_length=9, null=True, unique=True, verbose_name="SIREN")),
                (
                    "national_number",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=40, verbose_name="national number"
                    ),
                ),
                (
                    "vat_number",
                    models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="VAT number"),
                ),
                ("name", models.CharField(max_length=250, verbose_name="name")),
                ("legal_name", models.CharField(blank=True, max_length=250, verbose_name="legal name")),
                ("match_name", models.CharField(blank=True, editable=False, max_length=250)),
                ("headcount", models.PositiveIntegerField(blank=True, null=True, verbose_name="headcount")),
                (
                    "headcount_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of the headcount"),
                ),
                (
                    "size",
                    models.CharField(
                        blank=True,
                        choices=[("PME", "SME"), ("ETI", "Mid-cap"), ("GE", "Large company"), ("", "Not known")],
                        max_length=3,
                        verbose_name="size",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="address")),
                ("postal_code", models.CharField(blank=True, max_length=12, verbose_name="postal code")),
                ("town", models.CharField(blank=True, max_length=120, verbose_name="town")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("domain", models.CharField(blank=True, editable=False, max_length=120, verbose_name="website domain")),
                (
                    "export_class",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_exporter", "Does not export"),
                            ("potential", "Potential exporter"),
                            ("occasional", "Occasional exporter"),
                            ("regular", "Regular exporter"),
                        ],
                        max_length=14,
                        verbose_name="export class",
                    ),
                ),
                (
                    "turnover",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="turnover (€)"
                    ),
                ),
                (
                    "turnover_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of the turnover"),
                ),
                (
                    "export_turnover",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="export turnover (€)"
                    ),
                ),
                (
                    "export_turnover_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of the export turnover"),
                ),
                (
                    "turnover_objective",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="turnover objective (€)"
                    ),
                ),
                (
                    "potential_turnover",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="potential turnover (€)"
                    ),
                ),
                (
                    "margin",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="margin (€)"
                    ),
                ),
                (
                    "new_client_objective",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="new-client objective"),
                ),
                (
                    "objective_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of the objectives"),
                ),
                (
                    "priority_zones",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("qpv", "Priority district (QPV)"),
                                ("zfu", "Urban free zone (ZFU)"),
                                ("frr", "Rural revitalisation (FRR, formerly ZRR)"),
                                ("afr", "Regional aid zone (AFR)"),
                                ("ber", "Employment area to revitalise (BER)"),
                                ("acv", "Town centre programme (ACV)"),
                            ],
                            max_length=3,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="priority zones",
                    ),
                ),
                ("is_accompanied", models.BooleanField(default=False, verbose_name="accompanied by the agency")),
                (
                    "is_sensitive",
                    models.BooleanField(db_default=False, default=False, editable=False, verbose_name="sensitive"),
                ),
                ("sourced_on", models.DateField(editable=False, null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.activity",
                        verbose_name="activity",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.commune",
                        verbose_name="commune",
                    ),
                ),
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
                    "legal_category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.legalcategory",
                        verbose_name="legal category",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="directory.company",
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="company",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "other_sectors",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="reference.sector", verbose_name="other sectors"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.sector",
                        verbose_name="sector",
                    ),
                ),
                (
                    "workforce_band",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.workforceband",
                        verbose_name="headcount band",
                    ),
                ),
            ],
            options={
                "verbose_name": "company",
                "verbose_name_plural": "companies",
                "ordering": ["match_name", "pk"],
                "indexes": [
                    models.Index(fields=["region", "match_name", "id"], name="company_by_region"),
                    models.Index(fields=["match_name", "id"], name="company_by_match_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["match_name"], name="company_match_name_trgm", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("commune", name="text_ops"),
                        django.contrib.postgres.indexes.OpClass("match_name", name="gin_trgm_ops"),
                        condition=models.Q(("merged_into__isnull", True)),
                        name="company_name_in_commune",
                    ),
                    models.Index(
                        condition=models.Q(("domain", ""), _negated=True), fields=["domain"], name="company_by_domain"
                    ),
                    models.Index(
                        condition=models.Q(("is_accompanied", True)), fields=["name", "id"], name="company_accompanied"
                    ),
                    models.Index(fields=["-changed_at", "-id"], name="company_by_change"),
                    models.Index(fields=["turnover", "id"], name="company_by_turnover"),
                    models.Index(
                        condition=models.Q(("country", "FR"), _negated=True),
                        fields=["country", "name", "id"],
                        name="company_abroad",
                    ),
                    models.Index(
                        condition=models.Q(("potential_turnover__isnull", False)),
                        fields=["potential_turnover", "id"],
                        name="company_by_potential",
                    ),
                    models.Index(
                        condition=models.Q(("status", "client")), fields=["name", "id"], name="company_clients"
                    ),
                    models.Index(
                        condition=models.Q(("headcount__isnull", False)),
                        fields=["headcount", "id"],
                        name="company_by_headcount",
                    ),
                    models.Index(fields=["created_at"], name="company_by_creation"),
                    models.Index(fields=["postal_code"], name="company_by_postal_code"),
                    models.Index(
                        condition=models.Q(("size", "PME"), _negated=True), fields=["size"], name="company_not_small"
                    ),
                    models.Index(
                        condition=models.Q(("sourced_on__isnull", False)),
                        fields=["sourced_on"],
                        name="company_by_source_day",
                    ),
                    models.Index(
                        condition=models.Q(("vat_number", ""), _negated=True),
                        fields=["vat_number"],
                        name="company_by_vat",
                    ),
                    models.Index(
                        condition=models.Q(("national_number", ""), _negated=True),
                        fields=["national_number"],
                        name="company_by_national",
                    ),
                    models.Index(
                        condition=models.Q(("export_turnover__isnull", False)),
                        fields=["export_turnover"],
                        name="company_by_exports",
                    ),
                    models.Index(
                        condition=models.Q(("turnover_objective__isnull", False)),
                        fields=["turnover_objective"],
                        name="company_by_objective",
                    ),
                    models.Index(
                        condition=models.Q(("margin__isnull", False)), fields=["margin"], name="company_by_margin"
                    ),
                    models.Index(
                        condition=models.Q(("new_client_objective__isnull", False)),
                        fields=["new_client_objective"],
                        name="company_by_new_clients",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("priority_zones", []), _negated=True),
                        fields=["priority_zones"],
                        name="company_in_zone",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("website"), name="gin_trgm_ops"
                        ),
                        condition=models.Q(("website", ""), _negated=True),
                        name="company_website_trgm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="company_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("siren__isnull", True), ("siren__regex", "^[0-9]{9}$"), _connector="OR"),
                        name="siren_has_nine_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("siren__isnull", True), ("family", "french"), _connector="OR"),
                        name="siren_is_of_a_french_company",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("national_number", ""), _negated=True), ("merged_into__isnull", True)
                        ),
                        fields=("country", "national_number"),
                        name="national_number_once_per_country",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("vat_number", ""), _negated=True), ("merged_into__isnull", True)),
                        fields=("vat_number",),
                        name="vat_number_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("first_name", models.CharField(blank=True, max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="job title")),
                ("email", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="e-mail")),
                (
                    "email_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="email"
                    ),
                ),
                ("phone", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="phone")),
                (
                    "phone_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="phone"
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                ("is_decision_maker", models.BooleanField(default=False, verbose_name="decides")),
                (
                    "time_zone",
                    models.CharField(
                        db_default="Europe/Paris", default="Europe/Paris", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("sourced_on", models.DateField(editable=False, null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="directory.contact",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "ordering": [
                    models.Func(
                        "last_name",
                        "first_name",
                        function="directory_person_name",
                        output_field=models.CharField(max_length=170),
                    ),
                    "pk",
                ],
                "indexes": [
                    models.Index(
                        models.Func(
                            "last_name",
                            "first_name",
                            function="directory_person_name",
                            output_field=models.CharField(max_length=170),
                        ),
                        models.F("id"),
                        name="contact_by_name",
                    ),
                    models.Index(
                        models.Func(
                            "first_name",
                            "last_name",
                            function="directory_person_name",
                            output_field=models.CharField(max_length=170),
                        ),
                        name="contact_by_first_name",
                    ),
                    models.Index(fields=["-changed_at", "-id"], name="contact_by_change"),
                    models.Index(fields=["created_at"], name="contact_by_creation"),
                    models.Index(
                        condition=models.Q(("is_decision_maker", True)), fields=["company"], name="contact_who_decides"
                    ),
                    models.Index(
                        condition=models.Q(("first_name", "")), fields=["company"], name="contact_without_first_name"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("job_title"), name="gin_trgm_ops"
                        ),
                        name="contact_job_trgm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="contact_not_merged_into_itself",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterName",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("name_key", models.CharField(max_length=250)),
                ("trade_key", models.CharField(blank=True, max_length=250)),
            ],
            options={
                "verbose_name": "name in the register",
                "indexes": [
                    models.Index(fields=["name_key", "number"], name="register_name_begins"),
                    models.Index(
                        condition=models.Q(("trade_key", ""), _negated=True),
                        fields=["trade_key", "number"],
                        name="register_trade_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RegisterRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("units", "Legal units"), ("offices", "Establishments")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("path", models.CharField(max_length=1000)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size (bytes)")),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("is_forced", models.BooleanField(default=False)),
                ("takes_good_rows", models.BooleanField(default=False)),
                ("is_same_file", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("reading", "Reading"),
                            ("comparing", "Comparing"),
                            ("writing", "Writing"),
                            ("following", "Updating the base"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("read", models.PositiveIntegerField(default=0, verbose_name="rows read")),
                ("created", models.PositiveIntegerField(default=0, verbose_name="created")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("closed", models.PositiveIntegerField(default=0, verbose_name="closed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="rejected")),
                ("passed", models.PositiveIntegerField(default=0, verbose_name="passed over")),
                ("written", models.PositiveBigIntegerField(default=0)),
                ("digest_probe", models.BigIntegerField(null=True)),
                ("followed_up_to", models.BigIntegerField(default=0)),
                ("followed", models.PositiveIntegerField(default=0, verbose_name="companies that followed")),
                ("percent", models.PositiveSmallIntegerField(default=0)),
                ("rows_per_second", models.PositiveIntegerField(null=True)),
                ("seconds_left", models.PositiveIntegerField(null=True)),
                ("named_at", models.DateTimeField(null=True)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "register import",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RegisterEstablishment",
            fields=[
                ("siret", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("is_head_office", models.BooleanField(default=False)),
                ("name", models.CharField(blank=True, max_length=250)),
                ("activity_code", models.CharField(blank=True, max_length=6)),
                ("activity_code_2025", models.CharField(blank=True, max_length=6)),
                ("workforce_band_code", models.CharField(blank=True, max_length=2)),
                ("address", models.CharField(blank=True, max_length=250)),
                ("postal_code", models.CharField(blank=True, max_length=5)),
                ("commune_code", models.CharField(blank=True, max_length=5)),
                ("town", models.CharField(blank=True, max_length=120)),
                ("created_on", models.DateField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("closed_on", models.DateField(null=True)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("row_hash", models.BigIntegerField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="directory.registerrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "register establishment",
            },
        ),
        migrations.CreateModel(
            name="RegisterUnit",
            fields=[
                ("siren", models.CharField(max_length=9, primary_key=True, serialize=False)),
                ("legal_name", models.CharField(max_length=250)),
                ("trade_name", models.CharField(blank=True, max_length=250)),
                ("activity_code", models.CharField(blank=True, max_length=6)),
                ("activity_code_2025", models.CharField(blank=True, max_length=6)),
                ("legal_category_code", models.CharField(blank=True, max_length=4)),
                ("workforce_band_code", models.CharField(blank=True, max_length=2)),
                ("size", models.CharField(blank=True, max_length=3)),
                ("head_office_siret", models.CharField(blank=True, max_length=14)),
                ("created_on", models.DateField(null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("diffusion", models.CharField(default="O", max_length=1)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("closed_on", models.DateField(null=True)),
                ("row_hash", models.BigIntegerField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="directory.registerrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "register entry",
            },
        ),
        migrations.CreateModel(
            name="SensitiveMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("state_service", models.CharField(max_length=160, verbose_name="state service")),
                ("state_contact", models.CharField(max_length=160, verbose_name="contact point")),
                ("flagged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was lifted")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sensitive_marks",
                        to="directory.company",
                    ),
                ),
                (
                    "flagged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "sensitive mark",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("company",),
                        name="company_sensitive_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SensitiveReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readers",
                        to="directory.sensitivemark",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reader of a sensitive company",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("user__isnull", False)),
                            models.Q(("organisation__isnull", False), ("user__isnull", True)),
                            _connector="OR",
                        ),
                        name="sensitive_reader_is_one",
                    ),
                    models.UniqueConstraint(
                        fields=("mark", "user", "organisation"), name="sensitive_reader_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("code", models.SlugField(unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("register", "Official register"),
                            ("adviser", "Adviser"),
                            ("company", "The company itself"),
                            ("partner", "Partner of the network"),
                            ("state", "Public administration"),
                            ("signal", "Signal from outside"),
                            ("yellow_pages", "Yellow pages"),
                            ("website", "Websites"),
                            ("social", "Social networks"),
                            ("bought", "Bought file"),
                            ("rented", "Rented file"),
                            ("show", "Trade show"),
                            ("contest", "Contest"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "trust",
                    models.PositiveSmallIntegerField(
                        default=50, validators=[django.core.validators.MaxValueValidator(100)], verbose_name="trust"
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
                        default="agreement",
                        max_length=12,
                        verbose_name="legal status",
                    ),
                ),
                ("legal_note", models.CharField(blank=True, max_length=300, verbose_name="legal note")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "ordering": ["-trust", "name"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("trust__lte", 100)), name="trust_is_a_percentage")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("field", models.CharField(max_length=40)),
                ("observed_on", models.DateField()),
                ("confidence", models.PositiveSmallIntegerField(default=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("in_use", "On the card"), ("set_aside", "Set aside"), ("disputed", "Disputed")],
                        default="in_use",
                        max_length=9,
                    ),
                ),
                ("sealed", pavillon.core.fields.EncryptedTextField()),
                (
                    "contact",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values_offered",
                        to="directory.contact",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "value of a contact",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "disputed")),
                        fields=["field", "contact"],
                        name="contact_value_disputed",
                    ),
                    models.Index(fields=["source", "contact"], name="contact_value_by_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contact", "field", "source"), name="contact_value_once_per_source"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_use")),
                        fields=("contact", "field"),
                        name="contact_value_in_use_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="origin",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.source",
            ),
        ),
        migrations.CreateModel(
            name="CompanyValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("field", models.CharField(max_length=40)),
                ("observed_on", models.DateField()),
                ("confidence", models.PositiveSmallIntegerField(default=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("in_use", "On the card"), ("set_aside", "Set aside"), ("disputed", "Disputed")],
                        default="in_use",
                        max_length=9,
                    ),
                ),
                ("value", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values_offered",
                        to="directory.company",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.source"
                    ),
                ),
            ],
            options={
                "verbose_name": "value of a company",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "disputed")),
                        fields=["field", "company"],
                        name="company_value_disputed",
                    ),
                    models.Index(fields=["source", "company"], name="company_value_by_source"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "field", "source"), name="company_value_once_per_source"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_use")),
                        fields=("company", "field"),
                        name="company_value_in_use_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="company",
            name="origin",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.source",
            ),
        ),
        migrations.CreateModel(
            name="SourceRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, max_length=120)),
                ("first_seen_on", models.DateField()),
                ("last_seen_on", models.DateField()),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_records",
                        to="directory.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_records",
                        to="directory.contact",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="directory.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "record of a source",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            _connector="OR",
                        ),
                        name="source_record_is_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("key", ""), _negated=True), ("company__isnull", False)),
                        fields=("source", "key"),
                        name="source_knows_company_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(models.Q(("key", ""), _negated=True), ("contact__isnull", False)),
                        fields=("source", "key"),
                        name="source_knows_contact_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchRecord",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="directory.company",
                    ),
                ),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("reach", models.JSONField(null=True)),
                ("version", models.PositiveSmallIntegerField(db_default=1)),
                ("indexed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "matching keys",
                "verbose_name_plural": "matching keys",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="match_record_keys"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("website", "Website"),
                            ("social", "Social network"),
                        ],
                        max_length=7,
                        verbose_name="kind",
                    ),
                ),
                (
                    "network",
                    models.SlugField(blank=True, db_default="", db_index=False, default="", verbose_name="network"),
                ),
                ("value", pavillon.core.fields.EncryptedTextField(verbose_name="number or address")),
                (
                    "value_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="value"
                    ),
                ),
                ("domain", models.CharField(blank=True, db_default="", default="", editable=False, max_length=120)),
                (
                    "label",
                    models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="what for"),
                ),
                ("is_preferred", models.BooleanField(db_default=False, default=False, verbose_name="preferred")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="directory.company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="directory.contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "ordering": ["kind", "-is_preferred", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("domain", ""), _negated=True), fields=["domain"], name="channel_by_domain"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("company__isnull", False), ("contact__isnull", True)),
                            models.Q(("company__isnull", True), ("contact__isnull", False)),
                            _connector="OR",
                        ),
                        name="channel_reaches_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_until__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="channel_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "social"), _negated=True),
                            models.Q(("network", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="social_profile_names_its_network",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_preferred", True)),
                        fields=("contact", "kind"),
                        name="one_preferred_channel_of_contact",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("company__isnull", False), ("is_preferred", True)),
                        fields=("company", "kind"),
                        name="one_preferred_channel_of_company",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        help_text="1 Monday … 7 Sunday",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(7),
                        ],
                    ),
                ),
                ("starts_at", models.TimeField(verbose_name="from")),
                ("ends_at", models.TimeField(verbose_name="to")),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="call_windows", to="directory.contact"
                    ),
                ),
            ],
            options={
                "verbose_name": "call window",
                "ordering": ["weekday", "starts_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)), name="weekday_is_one_to_seven"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="call_window_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(fields=("contact", "weekday", "starts_at"), name="call_window_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("function", models.CharField(blank=True, max_length=120, verbose_name="function")),
                ("is_decision_maker", models.BooleanField(default=False, verbose_name="decides")),
                ("is_main", models.BooleanField(default=False, verbose_name="main role")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="directory.contact",
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "ordering": ["-is_main", "ends_on", "-starts_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="role_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)), fields=("contact",), name="one_main_role"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("stands", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("proposed", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("reason", models.CharField(max_length=300, verbose_name="why it is wrong")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waiting"), ("accepted", "Accepted"), ("refused", "Refused")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="answer")),
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
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="directory.company"
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
                "verbose_name": "request for a correction",
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["asked_at"], name="correction_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("company", "field"),
                        name="one_open_correction_per_field",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Establishment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("siret", models.CharField(blank=True, max_length=14, null=True, unique=True, verbose_name="SIRET")),
                ("name", models.CharField(blank=True, db_default="", default="", max_length=250, verbose_name="name")),
                ("is_head_office", models.BooleanField(db_default=False, default=False, verbose_name="head office")),
                (
                    "address",
                    models.CharField(blank=True, db_default="", default="", max_length=250, verbose_name="address"),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, db_default="", default="", max_length=12, verbose_name="postal code"),
                ),
                ("town", models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="town")),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("is_from_register", models.BooleanField(db_default=False, default=False, editable=False)),
                (
                    "activity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.activity",
                        verbose_name="activity",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="establishments",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
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
                    "workforce_band",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.workforceband",
                        verbose_name="headcount band",
                    ),
                ),
            ],
            options={
                "verbose_name": "establishment",
                "ordering": ["-is_head_office", "closed_on", "siret", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("siret__isnull", True), ("siret__regex", "^[0-9]{14}$"), _connector="OR"),
                        name="siret_has_fourteen_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("opened_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="establishment_closes_after_opening",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=250, verbose_name="name")),
                ("match_name", models.CharField(max_length=250)),
                ("until", models.DateField(verbose_name="until")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_names", to="directory.company"
                    ),
                ),
            ],
            options={
                "verbose_name": "former name",
                "ordering": ["-until", "-pk"],
                "indexes": [
                    models.Index(fields=["match_name", "company"], name="former_name_begins"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["match_name"], name="former_name_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("company", "match_name"), name="former_name_once")],
            },
        ),
        migrations.CreateModel(
            name="GroupLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("owns", "Parent and subsidiary"), ("sisters", "Same group")],
                        default="owns",
                        max_length=8,
                        verbose_name="link",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="share (%)"
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_links",
                        to="directory.company",
                        verbose_name="parent company",
                    ),
                ),
                (
                    "subsidiary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holder_links",
                        to="directory.company",
                        verbose_name="subsidiary",
                    ),
                ),
            ],
            options={
                "verbose_name": "group link",
                "constraints": [
                    models.UniqueConstraint(fields=("parent", "subsidiary"), name="group_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("subsidiary")), _negated=True),
                        name="company_does_not_own_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share__isnull", True), models.Q(("share__gt", 0), ("share__lte", 100)), _connector="OR"
                        ),
                        name="share_is_a_percentage",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Market",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "maturity",
                    models.CharField(
                        choices=[
                            ("considered", "Considered"),
                            ("prospected", "Being prospected"),
                            ("first_sales", "First sales"),
                            ("established", "Regular sales"),
                            ("settled", "Settled there"),
                            ("left", "Left"),
                        ],
                        default="considered",
                        max_length=11,
                        verbose_name="maturity",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="markets",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reference.country", verbose_name="country"
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "market",
                "ordering": ["country", "sector"],
                "indexes": [models.Index(fields=["country", "maturity", "company"], name="market_by_country")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("company", "country", "sector"), name="market_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("company", "Company"), ("contact", "Contact")], max_length=7)),
                ("kept", models.BigIntegerField()),
                ("removed", models.BigIntegerField()),
                ("kept_name", models.CharField(max_length=250)),
                ("removed_name", models.CharField(max_length=250)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                ("model_version", models.CharField(blank=True, max_length=40)),
                ("choices", models.JSONField(default=dict)),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("moved", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "ordering": ["-merged_at", "-pk"],
                "indexes": [
                    models.Index(fields=["kind", "kept", "-merged_at"], name="merge_by_kept"),
                    models.Index(fields=["-merged_at", "-id"], name="merge_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("removed")), _negated=True), name="merge_of_two_records"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at__isnull", True), ("undone_at__gte", models.F("merged_at")), _connector="OR"
                        ),
                        name="merge_undone_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("kind", "removed"),
                        name="merged_into_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(
                condition=models.Q(("origin__isnull", False)), fields=["origin"], name="company_by_origin"
            ),
        ),
    ]
