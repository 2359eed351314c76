import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.solutions.models.diagnosis


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("directory", "0001_initial"),
        ("reference", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField()),
                ("order", models.PositiveSmallIntegerField()),
                ("text_fr", models.CharField(max_length=300)),
                ("text_en", models.CharField(max_length=300)),
                ("help_fr", models.CharField(blank=True, max_length=500)),
                ("help_en", models.CharField(blank=True, max_length=500)),
                ("weight", models.PositiveSmallIntegerField(default=1)),
                ("show_if", models.JSONField(blank=True, default=dict)),
            ],
            options={
                "verbose_name": "question",
                "ordering": ["questionnaire", "order"],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("weight", models.PositiveSmallIntegerField(default=1, help_text="Its share in the overall score.")),
                ("about_fr", models.TextField(blank=True)),
                ("about_en", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "theme",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Diagnosis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "token",
                    models.CharField(
                        default=pavillon.solutions.models.diagnosis.new_token,
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished on")),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "Discovering"),
                            (2, "Preparing"),
                            (3, "Starting"),
                            (4, "Growing"),
                            (5, "Established"),
                        ],
                        null=True,
                        verbose_name="level",
                    ),
                ),
                ("theme_scores", models.JSONField(default=dict, help_text="{theme slug: 0-100}")),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="diagnoses",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.region",
                        verbose_name="regional site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="diagnoses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "diagnosis",
                "verbose_name_plural": "diagnoses",
                "ordering": ["-started_at"],
                "indexes": [models.Index(fields=["company", "-finished_at"], name="diagnosis_by_company")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            models.Q(("level__isnull", False), ("score__isnull", False)),
                            _connector="OR",
                        ),
                        name="finished_diagnosis_has_a_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("score__isnull", True), ("score__lte", 100), _connector="OR"),
                        name="score_up_to_100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Provider",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                (
                    "family",
                    models.CharField(
                        choices=[
                            ("finance", "Financing and insurance"),
                            ("customs", "Customs"),
                            ("property", "Industrial property"),
                            ("people", "Employment and skills"),
                            ("region", "Regions and their agencies"),
                            ("private", "Private providers"),
                        ],
                        max_length=10,
                        verbose_name="family",
                    ),
                ),
                ("is_public", models.BooleanField(default=True, verbose_name="public body")),
                ("about_fr", models.TextField()),
                ("about_en", models.TextField()),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
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
                "verbose_name": "provider",
                "ordering": ["order", "name_fr"],
            },
        ),
        migrations.CreateModel(
            name="Choice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField()),
                ("order", models.PositiveSmallIntegerField()),
                ("text_fr", models.CharField(max_length=250)),
                ("text_en", models.CharField(max_length=250)),
                ("points", models.PositiveSmallIntegerField(default=0)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="choices", to="solutions.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "choice",
                "ordering": ["question", "order"],
                "constraints": [
                    models.UniqueConstraint(fields=("question", "code"), name="choice_code_once"),
                    models.CheckConstraint(condition=models.Q(("points__lte", 100)), name="points_up_to_100"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answered_at", models.DateTimeField(auto_now=True)),
                (
                    "choice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="solutions.choice"
                    ),
                ),
                (
                    "diagnosis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="solutions.diagnosis"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="solutions.question"
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "constraints": [
                    models.UniqueConstraint(fields=("diagnosis", "question"), name="one_answer_per_question")
                ],
            },
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField()),
                ("version", models.PositiveSmallIntegerField()),
                ("is_current", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "questionnaire",
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="questionnaire_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)), fields=("code",), name="one_current_questionnaire"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="questionnaire",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="solutions.questionnaire"
            ),
        ),
        migrations.AddField(
            model_name="diagnosis",
            name="questionnaire",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="diagnoses", to="solutions.questionnaire"
            ),
        ),
        migrations.CreateModel(
            name="RegionSite",
            fields=[
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="reference.region",
                    ),
                ),
                ("live_since", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "site of a region",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True), ("closed_on__gte", models.F("live_since")), _connector="OR"
                        ),
                        name="site_closes_after_it_opens",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Solution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title_fr", models.CharField(max_length=140, verbose_name="title in French")),
                ("title_en", models.CharField(max_length=140, verbose_name="title in English")),
                ("summary_fr", models.CharField(max_length=300, verbose_name="in one sentence, in French")),
                ("summary_en", models.CharField(max_length=300, verbose_name="in one sentence, in English")),
                ("body_fr", models.TextField(verbose_name="description in French")),
                ("body_en", models.TextField(verbose_name="description in English")),
                ("conditions_fr", models.TextField(blank=True, verbose_name="conditions in French")),
                ("conditions_en", models.TextField(blank=True, verbose_name="conditions in English")),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("finance", "Financing"),
                            ("insurance", "Insurance"),
                            ("customs", "Customs and shipping"),
                            ("property", "Trade marks and patents"),
                            ("people", "Recruiting"),
                            ("training", "Training"),
                            ("strategy", "Strategy and markets"),
                            ("digital", "Selling online"),
                            ("language", "Languages and translation"),
                        ],
                        max_length=12,
                        verbose_name="need",
                    ),
                ),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("first", "Before a first export"),
                                ("start", "First exports"),
                                ("regular", "Exports regularly"),
                            ],
                            max_length=8,
                        ),
                        default=list,
                        size=None,
                        verbose_name="stages",
                    ),
                ),
                (
                    "cost",
                    models.CharField(
                        choices=[("free", "Free"), ("supported", "Partly paid for by public funds"), ("paid", "Paid")],
                        max_length=10,
                        verbose_name="cost",
                    ),
                ),
                (
                    "lines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("food", "Food and drink"),
                                ("industry", "Industry and materials"),
                                ("health", "Health and beauty"),
                                ("digital", "Software and digital services"),
                                ("services", "Other services"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="business lines",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Waiting for approval"),
                            ("published", "Published"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("needs_approval", models.BooleanField(default=False, editable=False)),
                ("decision_note", models.CharField(blank=True, editable=False, max_length=300, verbose_name="reason")),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "countries",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="reference.country", verbose_name="countries"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="solutions",
                        to="solutions.provider",
                        verbose_name="provider",
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(blank=True, related_name="+", to="reference.region", verbose_name="regions"),
                ),
            ],
            options={
                "verbose_name": "solution",
                "ordering": ["title_fr"],
                "indexes": [models.Index(fields=["state", "need"], name="solution_by_need")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_solution_has_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("needs_approval", False),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="private_solution_is_approved",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="solutions.theme",
            ),
        ),
        migrations.CreateModel(
            name="Brick",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField(primary_key=True, serialize=False)),
                (
                    "family",
                    models.CharField(
                        choices=[("assessment", "Assessment"), ("training", "Training"), ("advice", "Advice")],
                        max_length=12,
                        verbose_name="family",
                    ),
                ),
                ("about_fr", models.TextField()),
                ("about_en", models.TextField()),
                ("minutes", models.PositiveSmallIntegerField(default=30, verbose_name="minutes")),
                ("below", models.PositiveSmallIntegerField(default=55)),
                ("from_level", models.PositiveSmallIntegerField(default=1)),
                ("to_level", models.PositiveSmallIntegerField(default=5)),
                (
                    "profiles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                (
                    "need",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("finance", "Financing"),
                            ("insurance", "Insurance"),
                            ("customs", "Customs and shipping"),
                            ("property", "Trade marks and patents"),
                            ("people", "Recruiting"),
                            ("training", "Training"),
                            ("strategy", "Strategy and markets"),
                            ("digital", "Selling online"),
                            ("language", "Languages and translation"),
                        ],
                        max_length=12,
                        verbose_name="need",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bricks", to="solutions.theme"
                    ),
                ),
            ],
            options={
                "verbose_name": "brick",
                "ordering": ["theme", "order"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_level__gte", 1), ("from_level__lte", models.F("to_level")), ("to_level__lte", 5)
                        ),
                        name="brick_levels_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="First day of the month.")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of a company",
                "indexes": [models.Index(fields=["region", "month"], name="visit_by_region")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "region", "month"), name="company_counted_once_a_month"),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="visit_month_is_a_first_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opening", to="directory.company"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.region",
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
                (
                    "diagnosis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="solutions.diagnosis",
                    ),
                ),
            ],
            options={
                "verbose_name": "opened account",
                "indexes": [models.Index(fields=["region", "opened_at"], name="opening_by_region")],
            },
        ),
        migrations.CreateModel(
            name="JoinRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Waiting"), ("accepted", "Accepted"), ("refused", "Refused")],
                        default="asked",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to="directory.company",
                    ),
                ),
                (
                    "decided_by",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="join_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request to join",
                "ordering": ["-asked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("company", "user"),
                        name="one_waiting_join_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "asked")),
                            ("decided_at__gte", models.F("asked_at")),
                            _connector="OR",
                        ),
                        name="join_request_decided_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("score", models.PositiveSmallIntegerField(help_text="Score of the theme when the path was built.")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done on")),
                (
                    "brick",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="solutions.brick"
                    ),
                ),
                (
                    "diagnosis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="solutions.diagnosis"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a path",
                "ordering": ["diagnosis", "order"],
                "constraints": [models.UniqueConstraint(fields=("diagnosis", "brick"), name="brick_once_in_a_path")],
            },
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("questionnaire", "code"), name="question_code_once"),
        ),
    ]
