import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reference", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlPoint",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("number", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("what_fr", models.TextField(blank=True, verbose_name="expected, in French")),
                ("what_en", models.TextField(blank=True, verbose_name="expected, in English")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("todo", "To do"),
                            ("partial", "In part"),
                            ("done", "Met"),
                            ("outside", "Not concerned"),
                        ],
                        default="todo",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                ("owner", models.CharField(blank=True, max_length=160, verbose_name="owner")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="checked on")),
            ],
            options={
                "verbose_name": "point of control",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", pavillon.core.fields.EncryptedTextField(verbose_name="to")),
                (
                    "to_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="to"
                    ),
                ),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("body", pavillon.core.fields.EncryptedTextField(verbose_name="text")),
                ("written_at", models.DateTimeField(auto_now_add=True, verbose_name="written on")),
                ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent on")),
            ],
            options={
                "verbose_name": "letter about personal data",
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Purpose",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("browser", "On this browser"), ("person", "Of a person")],
                        max_length=10,
                        verbose_name="asked",
                    ),
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
                ("is_essential", models.BooleanField(default=False, verbose_name="needed for the service")),
                ("is_per_recipient", models.BooleanField(default=False, verbose_name="asked for each recipient")),
                (
                    "valid_months",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="a yes serves (months)"),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "purpose",
                "ordering": ["order", "code"],
            },
        ),
        migrations.CreateModel(
            name="RestrictedClass",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField(primary_key=True, serialize=False)),
                ("law", models.CharField(max_length=200, verbose_name="law")),
            ],
            options={
                "verbose_name": "class of secret data",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("reference", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "why",
                    models.CharField(
                        choices=[("request", "The person asked"), ("retention", "The time is over")],
                        max_length=20,
                        verbose_name="why",
                    ),
                ),
                ("erased_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="erased on")),
                ("replayed_at", models.DateTimeField(null=True, verbose_name="made again on")),
                ("rows", models.JSONField(default=dict)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "ordering": ["-erased_at"],
            },
        ),
        migrations.CreateModel(
            name="Processing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="processing")),
                ("aim", models.TextField(verbose_name="aim")),
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
                ("people", models.CharField(max_length=300, verbose_name="people concerned")),
                ("data", models.TextField(verbose_name="data")),
                ("recipients", models.TextField(blank=True, verbose_name="recipients")),
                ("leaves_eu", models.BooleanField(default=False, verbose_name="data leave the European Union")),
                ("transfer", models.TextField(blank=True, verbose_name="guarantees of the transfer")),
                ("kept", models.CharField(max_length=300, verbose_name="kept")),
                ("measures", models.TextField(blank=True, verbose_name="security measures")),
                ("controller", models.CharField(max_length=200, verbose_name="controller")),
                ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="reviewed on")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "processing of personal data",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leaves_eu", False), models.Q(("transfer", ""), _negated=True), _connector="OR"
                        ),
                        name="transfer_says_its_guarantees",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PurposeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text_fr", models.TextField(verbose_name="text in French")),
                ("text_en", models.TextField(verbose_name="text in English")),
                ("published_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="privacy.purpose"
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a purpose",
                "ordering": ["purpose", "-number"],
                "constraints": [models.UniqueConstraint(fields=("purpose", "number"), name="purpose_version_once")],
            },
        ),
        migrations.AddField(
            model_name="purpose",
            name="current",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="privacy.purposeversion",
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("person_key", models.CharField(max_length=64)),
                ("scope", models.CharField(blank=True, max_length=80)),
                (
                    "answer",
                    models.CharField(
                        choices=[("given", "Accepted"), ("refused", "Refused")], max_length=8, verbose_name="answer"
                    ),
                ),
                ("answered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="answered on")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended on")),
                ("proof", models.JSONField(default=dict, verbose_name="proof")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="privacy.purpose"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="privacy.purposeversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "ordering": ["-answered_at", "-pk"],
                "indexes": [
                    models.Index(fields=["user", "purpose"], name="consent_by_user"),
                    models.Index(fields=["person_key", "purpose"], name="consent_by_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("purpose", "person_key", "scope"),
                        name="one_standing_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("answered_at")), _connector="OR"
                        ),
                        name="consent_ends_after_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=80)),
                ("recipient", models.CharField(max_length=250, verbose_name="recipient")),
                ("data", models.JSONField(default=list, verbose_name="data")),
                ("reason", models.TextField(verbose_name="why")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="asked on")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.purpose"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "question about a recipient",
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("purpose", "user", "scope"),
                        name="asked_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RestrictedPurpose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField(unique=True)),
                (
                    "restricted_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="purposes",
                        to="privacy.restrictedclass",
                    ),
                ),
            ],
            options={
                "verbose_name": "purpose of secret data",
                "ordering": ["restricted_class", "code"],
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("reference", models.CharField(max_length=120, verbose_name="reference of the decision")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearances",
                        to="privacy.restrictedpurpose",
                    ),
                ),
            ],
            options={
                "verbose_name": "clearance",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="clearance_ends_later"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("table", models.CharField(max_length=60, unique=True, verbose_name="table")),
                ("months", models.PositiveSmallIntegerField(verbose_name="kept (months)")),
                (
                    "act",
                    models.CharField(
                        choices=[("anonymise", "Lose the person, keep the row"), ("delete", "Delete the row")],
                        default="anonymise",
                        max_length=10,
                        verbose_name="then",
                    ),
                ),
                (
                    "notice",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody"),
                            ("person", "The person, by a letter"),
                            ("officers", "The data-protection officers"),
                        ],
                        default="nobody",
                        max_length=10,
                        verbose_name="told beforehand",
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="days between notice and act"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="runs by itself")),
            ],
            options={
                "verbose_name": "rule of retention",
                "ordering": ["table"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="retention_keeps_a_month"),
                    models.CheckConstraint(
                        condition=models.Q(("notice", "nobody"), ("notice_days__gte", 1), _connector="OR"),
                        name="retention_notice_leaves_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "Listed"),
                            ("noticed", "Told, days run"),
                            ("done", "Done"),
                            ("stopped", "Stopped"),
                        ],
                        default="listed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("before", models.DateField(verbose_name="older than")),
                ("numbers", models.JSONField(default=list)),
                ("told", models.PositiveIntegerField(default=0, verbose_name="people told")),
                ("act_on", models.DateField(verbose_name="act on")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done on")),
                ("spared", models.PositiveIntegerField(default=0, verbose_name="used again, spared")),
                ("erasure", models.CharField(blank=True, max_length=40)),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest of the certificate")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why it was stopped")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="privacy.retentionrule"
                    ),
                ),
                (
                    "stopped_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "application of a rule of retention",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["listed", "noticed"])),
                        fields=("rule",),
                        name="one_run_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RightsRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "right",
                    models.CharField(
                        choices=[
                            ("access", "See my data"),
                            ("rectification", "Correct my data"),
                            ("erasure", "Erase my data"),
                            ("objection", "Object to a use of my data"),
                            ("portability", "Take my data with me"),
                        ],
                        max_length=15,
                        verbose_name="what is asked",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unconfirmed", "Address not confirmed"),
                            ("open", "To be answered"),
                            ("doubt", "Waiting for a document"),
                            ("answered", "Answered"),
                            ("refused", "Refused"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="unconfirmed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("email", pavillon.core.fields.EncryptedTextField(verbose_name="e-mail")),
                (
                    "email_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="email"
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                ("message", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="message")),
                ("received_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="received on")),
                ("due_on", models.DateField(verbose_name="to be answered before")),
                ("extended_on", models.DateField(null=True)),
                ("extension_reason", models.TextField(blank=True, verbose_name="reason of the extension")),
                (
                    "identity",
                    models.CharField(
                        choices=[
                            ("none", "Nothing yet"),
                            ("link", "Link of a letter to her address"),
                            ("account", "Signed in with her account"),
                            ("document", "A document was looked at"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="identity",
                    ),
                ),
                ("identity_note", models.CharField(blank=True, max_length=300, verbose_name="what was looked at")),
                ("identities", models.JSONField(default=list)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed on")),
                ("fetch_until", models.DateField(null=True)),
                ("warned_on", models.DateField(null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request of a person",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["state", "due_on"], name="right_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("received_on"))), name="right_due_after_receipt"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extended_on__isnull", True),
                            models.Q(("extension_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="right_extension_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["answered", "refused"]), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="right_closed_says_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            models.Q(("identity", "none"), _negated=True),
                            _connector="OR",
                        ),
                        name="right_open_knows_whose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Breach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=200, verbose_name="what happened")),
                ("happened_at", models.DateTimeField(blank=True, null=True, verbose_name="happened on")),
                ("noticed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="noticed on")),
                ("facts", models.TextField(verbose_name="facts")),
                ("data", models.TextField(verbose_name="data concerned")),
                ("people_count", models.PositiveIntegerField(default=0, verbose_name="people concerned (about)")),
                (
                    "risk",
                    models.CharField(
                        choices=[
                            ("none", "None: kept in the register only"),
                            ("risk", "A risk: the authority is told"),
                            ("high", "A high risk: the people too are told"),
                        ],
                        default="risk",
                        max_length=5,
                        verbose_name="risk for people",
                    ),
                ),
                ("consequences", models.TextField(blank=True, verbose_name="likely consequences")),
                ("measures", models.TextField(blank=True, verbose_name="measures taken")),
                (
                    "authority_told_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="authority told on"),
                ),
                (
                    "authority_reference",
                    models.CharField(
                        blank=True, editable=False, max_length=80, verbose_name="reference of the authority"
                    ),
                ),
                ("late_reason", models.TextField(blank=True, editable=False, verbose_name="why later than 72 hours")),
                ("people_told_at", models.DateTimeField(editable=False, null=True, verbose_name="people told on")),
                ("people_message", models.TextField(blank=True, editable=False, verbose_name="what people were told")),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="closed on")),
                ("warned_hours", models.PositiveSmallIntegerField(editable=False, null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "breach of personal data",
                "ordering": ["-noticed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("happened_at__isnull", True), ("happened_at__lte", models.F("noticed_at")), _connector="OR"
                        ),
                        name="breach_noticed_after_it_happened",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Processor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="processor")),
                ("task", models.CharField(max_length=300, verbose_name="what it does")),
                ("data", models.TextField(verbose_name="data")),
                ("leaves_eu", models.BooleanField(default=False, verbose_name="outside the European Union")),
                ("guarantees", models.TextField(blank=True, verbose_name="guarantees")),
                ("contract_on", models.DateField(blank=True, null=True, verbose_name="contract of")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="contract ends on")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="contact point")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "processor",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("leaves_eu", False), models.Q(("guarantees", ""), _negated=True), _connector="OR"
                        ),
                        name="processor_abroad_has_guarantees",
                    )
                ],
            },
        ),
    ]
