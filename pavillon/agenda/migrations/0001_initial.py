import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.agenda.models.entries
import pavillon.agenda.models.meetings
import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("directory", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitationLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80)),
                ("method", models.CharField(max_length=10)),
                ("content", pavillon.core.fields.EncryptedTextField()),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "letter of an invitation",
            },
        ),
        migrations.CreateModel(
            name="AgendaKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("feed", "Address of a calendar to subscribe to"),
                            ("app", "Password for a calendar application"),
                        ],
                        max_length=4,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "key of an agenda",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("appointment", "Appointment"),
                            ("visit", "Visit"),
                            ("call", "Call"),
                            ("meeting", "Meeting"),
                            ("one_to_one", "One-to-one with the manager"),
                            ("task", "Task"),
                            ("slot", "Time set aside"),
                            ("absence", "Absence"),
                            ("event", "Event of another calendar"),
                        ],
                        default="appointment",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "activity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("meeting", "Meeting"),
                            ("prospects", "Identification of prospects"),
                            ("phone", "Prospecting by phone"),
                            ("networks", "Network evenings"),
                            ("proposals", "Writing of proposals"),
                            ("preparation", "Preparation of visits"),
                            ("visits", "Client visits"),
                            ("field", "Prospecting in the field"),
                            ("reporting", "Reporting"),
                            ("follow_up", "Follow-up of clients"),
                            ("receivables", "Collection of receivables"),
                            ("planning", "Plan of the next day"),
                        ],
                        max_length=12,
                        verbose_name="activity",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("leave", "Holidays"),
                            ("rtt", "Day off for working time (RTT)"),
                            ("bridge", "Bridge day"),
                            ("training", "Training"),
                            ("other", "Other absence"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("notes", models.TextField(blank=True, verbose_name="notes")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("all_day", models.BooleanField(default=False)),
                ("is_busy", models.BooleanField(default=True)),
                (
                    "sight",
                    models.CharField(
                        choices=[("team", "My organisation"), ("busy", "Only me and who takes part")],
                        default="team",
                        max_length=6,
                        verbose_name="who reads it",
                    ),
                ),
                ("video_url", models.URLField(blank=True, verbose_name="video link")),
                ("done_at", models.DateTimeField(null=True)),
                ("origin", models.CharField(blank=True, max_length=60)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("uid", models.CharField(default=pavillon.agenda.models.entries.new_uid, max_length=255)),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.company",
                        verbose_name="company",
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
                        related_name="agenda_entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of an agenda",
                "ordering": ["starts_at", "ends_at", "pk"],
                "indexes": [
                    models.Index(fields=["owner", "starts_at"], name="entry_by_owner"),
                    models.Index(fields=["organisation", "starts_at"], name="entry_by_organisation"),
                    models.Index(
                        condition=models.Q(("origin", ""), _negated=True), fields=["origin"], name="entry_by_origin"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="entry_ends_after_it_starts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "absence"), models.Q(("reason", ""), _negated=True)),
                            models.Q(models.Q(("kind", "absence"), _negated=True), ("reason", "")),
                            _connector="OR",
                        ),
                        name="absence_has_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("origin", ""), _negated=True),
                        fields=("owner", "origin"),
                        name="entry_of_an_origin_once",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("kind__in", ["absence", "appointment", "visit", "call", "meeting", "one_to_one"])
                        ),
                        expressions=[
                            ("owner", "="),
                            (models.Func("starts_at", "ends_at", models.Value("[)"), function="tstzrange"), "&&"),
                            (
                                models.Case(
                                    models.When(kind="absence", then=models.Value(1)),
                                    default=models.Value(0),
                                    output_field=models.IntegerField(),
                                ),
                                "<>",
                            ),
                        ],
                        name="no_appointment_during_an_absence",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("kind", "absence")),
                        expressions=[
                            ("owner", "="),
                            (models.Func("starts_at", "ends_at", models.Value("[)"), function="tstzrange"), "&&"),
                        ],
                        name="absences_of_the_agenda_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", pavillon.core.fields.EncryptedTextField(verbose_name="message")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="agenda.entry"
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a meeting",
                "ordering": ["written_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("uid", models.CharField(default=pavillon.agenda.models.entries.new_uid, max_length=255)),
                ("rule", models.CharField(max_length=400)),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveIntegerField()),
                ("time_zone", models.CharField(max_length=40)),
                (
                    "left_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=None
                    ),
                ),
                ("laid_until", models.DateField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "repeated entry",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "uid"), name="series_named_once"),
                    models.CheckConstraint(condition=models.Q(("minutes__gte", 1)), name="series_lasts_a_minute"),
                ],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="series",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="agenda.series"
            ),
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                ("read_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "subscribed calendar",
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("owner", "url"), name="calendar_subscribed_once")],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="subscription",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="agenda.subscription"
            ),
        ),
        migrations.CreateModel(
            name="TimeSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="spans", to="agenda.entry"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "real time",
                "ordering": ["started_at"],
                "indexes": [models.Index(fields=["owner", "started_at"], name="span_by_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("owner",), name="one_clock_runs"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gte", models.F("started_at")), _connector="OR"
                        ),
                        name="span_ends_after_it_starts",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("owner", "="),
                            (models.Func("started_at", "ended_at", models.Value("[)"), function="tstzrange"), "&&"),
                        ],
                        name="spans_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("morning_from", models.TimeField(default=datetime.time(9, 0), verbose_name="morning from")),
                ("morning_until", models.TimeField(default=datetime.time(12, 30), verbose_name="morning until")),
                ("afternoon_from", models.TimeField(default=datetime.time(14, 0), verbose_name="afternoon from")),
                ("afternoon_until", models.TimeField(default=datetime.time(18, 0), verbose_name="afternoon until")),
                (
                    "buffer",
                    models.PositiveSmallIntegerField(
                        default=15,
                        help_text="Beyond the rest, a week is over-booked.",
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="kept free for the unforeseen (%)",
                    ),
                ),
                (
                    "one_to_ones",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="one-to-ones with the manager, at least, a week",
                    ),
                ),
                (
                    "organisation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_template",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "weekly template",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", False), ("person__isnull", True)),
                            models.Q(("organisation__isnull", True), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="template_is_of_a_person_or_an_organisation",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("afternoon_from__gte", models.F("morning_until")),
                            ("afternoon_until__gt", models.F("afternoon_from")),
                            ("morning_until__gt", models.F("morning_from")),
                        ),
                        name="template_hours_follow_each_other",
                    ),
                    models.CheckConstraint(condition=models.Q(("buffer__lte", 60)), name="template_buffer_leaves_time"),
                    models.CheckConstraint(
                        condition=models.Q(("one_to_ones__gte", 1)), name="template_has_a_one_to_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "activity",
                    models.CharField(
                        choices=[
                            ("meeting", "Meeting"),
                            ("prospects", "Identification of prospects"),
                            ("phone", "Prospecting by phone"),
                            ("networks", "Network evenings"),
                            ("proposals", "Writing of proposals"),
                            ("preparation", "Preparation of visits"),
                            ("visits", "Client visits"),
                            ("field", "Prospecting in the field"),
                            ("reporting", "Reporting"),
                            ("follow_up", "Follow-up of clients"),
                            ("receivables", "Collection of receivables"),
                            ("planning", "Plan of the next day"),
                        ],
                        max_length=12,
                    ),
                ),
                ("weekday", models.PositiveSmallIntegerField()),
                ("half", models.CharField(choices=[("am", "Morning"), ("pm", "Afternoon")], max_length=2)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="agenda.weeklytemplate"
                    ),
                ),
            ],
            options={
                "verbose_name": "cell of a weekly template",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template", "activity", "weekday", "half"), name="template_cell_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("weekday__lte", 4)), name="template_has_five_days"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("made_on", models.DateField()),
                ("day", models.DateField()),
                ("first_things", models.TextField(blank=True, max_length=2000, verbose_name="what comes first")),
                ("done", models.PositiveSmallIntegerField()),
                ("left", models.PositiveSmallIntegerField()),
                ("moved", models.PositiveSmallIntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "plan of a day",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "made_on"), name="one_plan_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("day__gt", models.F("made_on"))), name="plan_is_of_a_later_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interruption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "who",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("colleague", "A colleague"),
                            ("manager", "My manager"),
                            ("client", "A client"),
                            ("partner", "A partner"),
                            ("private", "Somebody private"),
                        ],
                        max_length=10,
                        verbose_name="who",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("question", "A question"),
                            ("urgent", "Something urgent"),
                            ("call", "A phone call"),
                            ("tool", "A tool that fails"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("minutes", models.PositiveSmallIntegerField(null=True, verbose_name="how long (minutes)")),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interruptions",
                        to="agenda.entry",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "interruption",
                "ordering": ["-began_at"],
                "indexes": [models.Index(fields=["owner", "-began_at"], name="interruption_by_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("minutes__isnull", True)), fields=("owner",), name="one_interruption_lasts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__isnull", True),
                            models.Q(models.Q(("who", ""), _negated=True), models.Q(("why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="interruption_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="name")),
                ("email", pavillon.core.fields.EncryptedTextField(verbose_name="e-mail")),
                (
                    "email_index",
                    pavillon.core.fields.BlindIndexField(
                        blank=True, db_index=True, editable=False, max_length=44, of="email"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("waiting", "No answer yet"),
                            ("accepted", "Takes part"),
                            ("tentative", "Perhaps"),
                            ("declined", "Does not take part"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "secret",
                    models.CharField(default=pavillon.agenda.models.meetings.new_secret, max_length=40, unique=True),
                ),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="participants", to="agenda.entry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda_invitations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "participant",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["person", "entry"], name="participant_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "email_index"), name="invited_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "waiting"), ("answered_at__isnull", True)),
                            models.Q(models.Q(("answer", "waiting"), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="answer_has_a_moment",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", True), ("subscription__isnull", True)),
                fields=("owner", "uid"),
                name="entry_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", False)),
                fields=("series", "starts_at"),
                name="one_entry_a_day_of_a_series",
            ),
        ),
    ]
