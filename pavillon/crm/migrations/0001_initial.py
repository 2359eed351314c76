import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
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
            name="CompanyProfile",
            fields=[
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="directory.company",
                    ),
                ),
                (
                    "export_class",
                    models.CharField(
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
                ("export_rule", models.CharField(max_length=12)),
                (
                    "lifecycle",
                    models.CharField(
                        choices=[
                            ("prospect", "Prospect"),
                            ("new", "New client"),
                            ("valuable", "Valuable client"),
                            ("inactive", "Inactive client"),
                        ],
                        max_length=8,
                        verbose_name="lifecycle",
                    ),
                ),
                (
                    "value",
                    models.CharField(choices=[("low", "Low"), ("high", "High")], max_length=4, verbose_name="value"),
                ),
                (
                    "relationship",
                    models.CharField(
                        choices=[("occasional", "Occasional"), ("loyal", "Loyal")],
                        max_length=10,
                        verbose_name="relationship",
                    ),
                ),
                ("services", models.PositiveIntegerField(default=0)),
                ("last_service_at", models.DateTimeField(null=True)),
                ("exchanges", models.PositiveIntegerField(default=0)),
                ("last_exchange_at", models.DateTimeField(null=True)),
                ("score", models.PositiveSmallIntegerField(default=0)),
                ("factors", models.JSONField(default=dict)),
                ("call_score", models.PositiveSmallIntegerField(default=0)),
                ("call_factors", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "profile of a company",
                "indexes": [
                    models.Index(fields=["score", "company"], name="profile_by_score"),
                    models.Index(fields=["call_score", "company"], name="profile_by_call"),
                    models.Index(fields=["lifecycle", "value", "relationship"], name="profile_by_axes"),
                    models.Index(
                        condition=models.Q(("services__gt", 0)), fields=["services"], name="profile_by_services"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("call_score__lte", 100), ("score__lte", 100)),
                        name="profile_scores_are_percents",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DedicatedContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "function",
                    models.CharField(
                        help_text="What the company turns to this person for. The company reads it.",
                        max_length=120,
                        verbose_name="function",
                    ),
                ),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dedicated_contacts",
                        to="directory.company",
                    ),
                ),
                (
                    "named_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dedicated_to",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="contact",
                    ),
                ),
            ],
            options={
                "verbose_name": "dedicated contact",
                "ordering": ["-starts_on", "-pk"],
                "indexes": [models.Index(fields=["person", "ends_on"], name="dedicated_by_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="dedicated_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("function", ""), _negated=True), name="dedicated_contact_says_for_what"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("company", "="),
                            ("person", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="one_person_dedicated_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_company", models.BooleanField()),
                ("text", pavillon.core.fields.EncryptedTextField(verbose_name="message")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="crm.dedicatedcontact"
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["contact", "written_at"], name="contact_message_by_contact")],
            },
        ),
        migrations.CreateModel(
            name="Detection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                ("score", models.PositiveSmallIntegerField()),
                ("seconds", models.PositiveIntegerField()),
                ("manual_minutes", models.PositiveSmallIntegerField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="detections", to="directory.company"
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "detection",
            },
        ),
        migrations.CreateModel(
            name="Discussion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("organisation", "My organisation only"),
                            ("region", "The team of the region"),
                            ("team", "The whole export team"),
                        ],
                        default="organisation",
                        max_length=12,
                        verbose_name="who may read it",
                    ),
                ),
                ("record_kind", models.CharField(blank=True, editable=False, max_length=60)),
                ("record_id", models.BigIntegerField(editable=False, null=True)),
                ("record_label", models.CharField(blank=True, editable=False, max_length=250)),
                ("record_url", models.CharField(blank=True, editable=False, max_length=300)),
                ("last_said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="discussions", to="directory.company"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.contact",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.region"
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "discussion",
                "ordering": ["-last_said_at", "-pk"],
                "indexes": [
                    models.Index(fields=["company", "-last_said_at"], name="discussion_by_company"),
                    models.Index(
                        condition=models.Q(("record_id__isnull", False)),
                        fields=["record_kind", "record_id"],
                        name="discussion_by_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(verbose_name="comment")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="crm.discussion"
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["discussion", "written_at"], name="comment_by_discussion")],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("state", "Its state: closed, merged, another referent, another class"),
                                ("requests", "Its requests: received, taken in charge, closed"),
                                ("exchanges", "Exchanges and comments that I may read"),
                                ("signals", "What outside sources say: patents, export turnover, zones"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="tell me of",
                    ),
                ),
                ("followed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to="directory.company"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="follows", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "followed company",
                "indexes": [models.Index(fields=["person", "-followed_at"], name="follow_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("company", "person"), name="company_followed_once"),
                    models.CheckConstraint(condition=models.Q(("topics", []), _negated=True), name="follows_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("site", "Website"),
                            ("phone", "Phone"),
                            ("shop", "Visit to the one-stop shop"),
                            ("seminar", "Seminar"),
                            ("showroom", "Showroom"),
                            ("partner", "Partner"),
                            ("mail", "E-mail"),
                            ("watch", "Business watch"),
                            ("social", "Social networks"),
                            ("visit", "Visits of our sites"),
                        ],
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("request", "Be contacted"),
                            ("advice", "Advice on exporting"),
                            ("market", "Know a market"),
                            ("financing", "Financing and insurance"),
                            ("solution", "A solution of the catalogue"),
                            ("mission", "Mission abroad"),
                            ("showroom", "Join the showroom"),
                        ],
                        default="request",
                        max_length=12,
                        verbose_name="what is asked",
                    ),
                ),
                ("is_spontaneous", models.BooleanField(default=True, verbose_name="spontaneous")),
                (
                    "prompted_by",
                    models.CharField(
                        blank=True,
                        help_text="The campaign, the event or the visit.",
                        max_length=200,
                        verbose_name="prompted by",
                    ),
                ),
                ("company_name", models.CharField(max_length=250, verbose_name="company as written")),
                ("town", models.CharField(blank=True, max_length=120, verbose_name="town as written")),
                ("contact_name", models.CharField(blank=True, max_length=160, verbose_name="person")),
                ("contact_email", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="e-mail")),
                ("contact_phone", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="phone")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("subject_code", models.CharField(blank=True, editable=False, max_length=20)),
                ("subject_facts", models.JSONField(default=dict, editable=False)),
                ("message", models.TextField(blank=True, verbose_name="message")),
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
                        max_length=24,
                        verbose_name="legal basis",
                    ),
                ),
                ("attachment_type", models.CharField(blank=True, editable=False, max_length=60)),
                ("attachment_id", models.BigIntegerField(editable=False, null=True)),
                (
                    "attachment",
                    models.JSONField(
                        blank=True, editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("assigned", "Assigned"),
                            ("taken", "Taken charge"),
                            ("treated", "Treated"),
                            ("closed", "Closed"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="step",
                    ),
                ),
                (
                    "routing",
                    models.JSONField(
                        default=list, editable=False, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("assigned_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True, verbose_name="to be taken before")),
                ("escalated_at", models.DateTimeField(null=True, verbose_name="escalated")),
                ("escalations", models.PositiveSmallIntegerField(default=0)),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken charge")),
                ("take_charge_minutes", models.PositiveIntegerField(null=True)),
                ("treated_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accompanied", "The company is accompanied"),
                            ("directed", "Directed to a solution or a partner"),
                            ("informed", "Informed, nothing more for now"),
                            ("no_answer", "The company could not be reached"),
                        ],
                        max_length=12,
                        verbose_name="outcome",
                    ),
                ),
                ("closing_note", models.TextField(blank=True, verbose_name="said to the company")),
                ("next_action", models.CharField(blank=True, max_length=200, verbose_name="next action")),
                ("next_action_on", models.DateField(blank=True, null=True, verbose_name="on")),
                ("next_action_at", models.TimeField(blank=True, null=True, verbose_name="at")),
                ("is_sent_to_diagnosis", models.BooleanField(default=False)),
                ("search_text", models.CharField(blank=True, editable=False, max_length=500)),
                (
                    "adviser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adviser",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="directory.company",
                        verbose_name="company",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.contact",
                        verbose_name="contact",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.country",
                        verbose_name="country aimed at",
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
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requests",
                        to=settings.AUTH_USER_MODEL,
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
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="accounts.organisation",
                        verbose_name="team",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "ordering": ["-received_at", "-pk"],
                "indexes": [
                    models.Index(fields=["adviser", "state", "-received_at"], name="lead_by_adviser"),
                    models.Index(fields=["team", "state", "-received_at"], name="lead_by_team"),
                    models.Index(fields=["region", "state", "-received_at"], name="lead_by_region"),
                    models.Index(fields=["-received_at", "-id"], name="lead_by_time"),
                    models.Index(
                        condition=models.Q(("taken_at__isnull", True)), fields=["due_at"], name="lead_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("next_action_on__isnull", False)),
                        fields=["adviser", "next_action_on"],
                        name="lead_next_action",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="lead_search_trgm", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_spontaneous", True), models.Q(("prompted_by", ""), _negated=True), _connector="OR"
                        ),
                        name="prompted_lead_says_by_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legal_basis", ""), _negated=True), name="lead_has_a_legal_basis"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["received", "refused"]), ("adviser__isnull", False), _connector="OR"
                        ),
                        name="lead_under_way_has_one_adviser",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "assigned"), _negated=True),
                            models.Q(("assigned_at__isnull", False), ("taken_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="assigned_lead_is_not_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["taken", "treated", "closed"]), _negated=True),
                            models.Q(("take_charge_minutes__isnull", False), ("taken_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="taken_lead_knows_its_delay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["treated", "closed"]), _negated=True),
                            ("treated_at__isnull", False),
                            _connector="OR",
                        ),
                        name="treated_lead_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="closed_lead_has_an_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("closed_at__isnull", False), models.Q(("closing_note", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="refused_lead_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_action", ""), ("next_action_on__isnull", True)),
                            models.Q(models.Q(("next_action", ""), _negated=True), ("next_action_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="lead_next_action_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("visit", "Visit"),
                            ("mail", "E-mail"),
                            ("meeting", "Meeting"),
                            ("note", "Note"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("happened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "duration_minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="duration (minutes)"),
                ),
                ("summary", models.TextField(verbose_name="what was said")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("positive", "Interested"),
                            ("to_follow", "To be followed up"),
                            ("neutral", "Informed"),
                            ("negative", "Not interested"),
                            ("no_answer", "Nobody answered"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("organisation", "My organisation only"),
                            ("region", "The team of the region"),
                            ("team", "The whole export team"),
                        ],
                        default="organisation",
                        max_length=12,
                        verbose_name="who may read it",
                    ),
                ),
                ("next_action", models.CharField(blank=True, max_length=200, verbose_name="next action")),
                ("next_action_on", models.DateField(blank=True, null=True, verbose_name="on")),
                ("next_action_at", models.TimeField(blank=True, null=True, verbose_name="at")),
                ("next_action_done_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interactions", to="directory.company"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="directory.contact",
                        verbose_name="with",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.region"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="interactions",
                        to="crm.lead",
                    ),
                ),
            ],
            options={
                "verbose_name": "interaction",
                "verbose_name_plural": "interactions",
                "ordering": ["-happened_at", "-pk"],
                "indexes": [
                    models.Index(fields=["company", "-happened_at"], name="interaction_by_company"),
                    models.Index(
                        fields=["company"],
                        include=("kind", "visibility", "organisation", "region"),
                        name="interaction_counted",
                    ),
                    models.Index(
                        fields=["happened_at"],
                        include=("company", "kind", "visibility", "organisation", "region"),
                        name="interaction_by_day",
                    ),
                    models.Index(fields=["author", "-happened_at"], name="interaction_by_author"),
                    models.Index(
                        condition=models.Q(("next_action_done_at__isnull", True), ("next_action_on__isnull", False)),
                        fields=["author", "next_action_on"],
                        name="interaction_next_action",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duration_minutes__isnull", True), ("duration_minutes__gte", 1), _connector="OR"
                        ),
                        name="interaction_lasts_a_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_action", ""), ("next_action_on__isnull", True)),
                            models.Q(models.Q(("next_action", ""), _negated=True), ("next_action_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="interaction_next_action_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lead__isnull", True), ("next_action", ""), _connector="OR"),
                        name="next_action_of_a_lead_is_on_the_lead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.TextField(verbose_name="why")),
                ("need", models.TextField(blank=True, verbose_name="need")),
                ("budget", models.CharField(blank=True, max_length=200, verbose_name="budget")),
                (
                    "decision_makers",
                    pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="decision-makers"),
                ),
                ("horizon", models.CharField(blank=True, max_length=200, verbose_name="horizon")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(null=True)),
                ("is_accepted", models.BooleanField(null=True)),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered_leads",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="colleague",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hand_overs", to="crm.lead"
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at__isnull", True)), fields=["receiver"], name="hand_over_pending"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("lead",),
                        name="one_pending_hand_over_per_lead",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sender", models.F("receiver")), _negated=True),
                        name="hand_over_goes_to_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at__isnull", True), ("is_accepted__isnull", True)),
                            models.Q(("answered_at__isnull", False), ("is_accepted", True)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("is_accepted", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="declined_hand_over_says_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="discussion",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="discussions",
                to="crm.lead",
            ),
        ),
        migrations.CreateModel(
            name="LeadMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_company", models.BooleanField()),
                ("text", models.TextField(verbose_name="message")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="crm.lead"
                    ),
                ),
            ],
            options={
                "verbose_name": "message about a request",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["lead", "written_at"], name="lead_message_by_lead")],
            },
        ),
        migrations.CreateModel(
            name="LeadSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "take_charge_hours",
                    models.PositiveSmallIntegerField(
                        default=16,
                        help_text="Beyond it an untouched request escalates to the team's manager, then to the national team.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                        verbose_name="delay of take-charge (working hours)",
                    ),
                ),
                ("opens_at", models.TimeField(default=datetime.time(9, 0), verbose_name="the team works from")),
                ("closes_at", models.TimeField(default=datetime.time(18, 0), verbose_name="until")),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="open requests that an adviser can handle",
                    ),
                ),
                (
                    "diagnosis_path",
                    models.CharField(
                        default="/{language}/diagnosis/",
                        help_text="Shown first to companies that do not export yet. {language} is replaced.",
                        max_length=200,
                        verbose_name="page of the self-service diagnosis",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of requests",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="lead_settings_are_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))), name="team_closes_after_it_opens"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 1), ("take_charge_hours__gte", 1)),
                        name="lead_settings_are_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("received", "Request received"),
                            ("assigned", "Given to an adviser"),
                            ("taken", "Taken charge"),
                            ("treated", "Treated"),
                            ("closed", "Closed"),
                            ("refused", "Refused"),
                            ("matched", "Company identified"),
                            ("escalated", "Escalated"),
                            ("offered", "Hand-over proposed"),
                            ("handed_over", "Handed over"),
                            ("returned", "Hand-over declined"),
                            ("answered", "Message from the company"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("note", models.TextField(blank=True)),
                (
                    "adviser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="crm.lead"),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["lead", "at"], name="lead_step_by_lead")],
            },
        ),
        migrations.CreateModel(
            name="LeadTouch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("site", "Website"),
                            ("phone", "Phone"),
                            ("shop", "Visit to the one-stop shop"),
                            ("seminar", "Seminar"),
                            ("showroom", "Showroom"),
                            ("partner", "Partner"),
                            ("mail", "E-mail"),
                            ("watch", "Business watch"),
                            ("social", "Social networks"),
                            ("visit", "Visits of our sites"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                ("touched_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_first", models.BooleanField(default=False)),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="touches", to="crm.lead"
                    ),
                ),
            ],
            options={
                "ordering": ["touched_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)), fields=("lead",), name="lead_has_one_first_touch"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentions", to="crm.discussion"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mention",
                "indexes": [models.Index(fields=["person", "discussion"], name="mention_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("discussion", "person"), name="named_once_in_a_discussion")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "inactive_months",
                    models.PositiveSmallIntegerField(
                        default=18, verbose_name="months without a service before “inactive”"
                    ),
                ),
                (
                    "valuable_services",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="services from which a client is “valuable”"
                    ),
                ),
                (
                    "high_value",
                    models.DecimalField(
                        decimal_places=2,
                        default=10000000,
                        max_digits=14,
                        verbose_name="potential or turnover from which the value is “high” (€)",
                    ),
                ),
                (
                    "loyal_exchanges",
                    models.PositiveSmallIntegerField(
                        default=4, verbose_name="exchanges within two years from which a relationship is “loyal”"
                    ),
                ),
                (
                    "regular_percent",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="export share from which an exporter is “regular” (%)"
                    ),
                ),
                (
                    "potential_score",
                    models.PositiveSmallIntegerField(
                        default=50, verbose_name="score from which a company has a potential"
                    ),
                ),
                (
                    "manual_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="minutes to detect one such company by hand, as the agency measured it"
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
                "verbose_name": "thresholds of the classes",
                "ordering": ["-decided_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ProposedMatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.FloatField()),
                ("reasons", models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="matches", to="crm.lead"
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "pk"],
                "constraints": [models.UniqueConstraint(fields=("lead", "company"), name="company_proposed_once")],
            },
        ),
        migrations.CreateModel(
            name="RecordFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(blank=True, max_length=60)),
                ("record_id", models.BigIntegerField(null=True)),
                ("followed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.contact"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "followed person or product",
                "indexes": [models.Index(fields=["record_kind", "record_id"], name="follow_by_record")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "contact"), name="contact_followed_once"),
                    models.UniqueConstraint(fields=("person", "record_kind", "record_id"), name="record_followed_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact__isnull", False), ("record_id__isnull", True), ("record_kind", "")),
                            models.Q(
                                ("contact__isnull", True),
                                ("record_id__isnull", False),
                                models.Q(("record_kind", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="follows_one_record",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referent_of",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="referent",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referents", to="directory.company"
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "referent",
                "ordering": ["-starts_on", "-pk"],
                "indexes": [models.Index(fields=["adviser", "ends_on"], name="referent_by_adviser")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="referent_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("company", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="one_referent_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoutingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="Rules are tried from the smallest number.", verbose_name="order"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("request", "Be contacted"),
                            ("advice", "Advice on exporting"),
                            ("market", "Know a market"),
                            ("financing", "Financing and insurance"),
                            ("solution", "A solution of the catalogue"),
                            ("mission", "Mission abroad"),
                            ("showroom", "Join the showroom"),
                        ],
                        max_length=12,
                        verbose_name="what is asked",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("site", "Website"),
                            ("phone", "Phone"),
                            ("shop", "Visit to the one-stop shop"),
                            ("seminar", "Seminar"),
                            ("showroom", "Showroom"),
                            ("partner", "Partner"),
                            ("mail", "E-mail"),
                            ("watch", "Business watch"),
                            ("social", "Social networks"),
                            ("visit", "Visits of our sites"),
                        ],
                        max_length=12,
                        verbose_name="origin",
                    ),
                ),
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
                    "take_charge_hours",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: the general delay.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(400),
                        ],
                        verbose_name="delay of take-charge (working hours)",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: whoever of the team has the lightest load.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="and to this person",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.country",
                        verbose_name="country aimed at",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="goes to the team",
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
                        verbose_name="region",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.sector",
                        verbose_name="sector",
                    ),
                ),
            ],
            options={
                "verbose_name": "routing rule",
                "verbose_name_plural": "routing rules",
                "ordering": ["priority", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("take_charge_hours__isnull", True), ("take_charge_hours__gte", 1), _connector="OR"
                        ),
                        name="rule_delay_is_at_least_an_hour",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("what", models.CharField(max_length=200, verbose_name="what is to be done")),
                ("due_on", models.DateField(verbose_name="for")),
                ("done_at", models.DateTimeField(null=True)),
                ("reminded_for", models.DateField(null=True)),
                ("told_late_for", models.DateField(null=True)),
                (
                    "asking_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shared_tasks", to="directory.company"
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "given_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given to",
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
                "verbose_name": "shared task",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["company", "-due_on"], name="task_by_company"),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["given_to", "due_on"], name="task_to_do"
                    ),
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["given_by", "due_on"], name="task_asked"
                    ),
                    models.Index(condition=models.Q(("done_at__isnull", True)), fields=["due_on"], name="task_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="task_done_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(default=django.utils.timezone.localdate)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("products", models.PositiveIntegerField(default=0)),
                ("solutions", models.PositiveIntegerField(default=0)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="site_visits", to="directory.company"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "visit of our sites",
                "indexes": [models.Index(fields=["day", "company"], name="visit_by_day")],
                "constraints": [models.UniqueConstraint(fields=("company", "person", "day"), name="visit_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("promise", "A promise is late"),
                            ("absent", "The referent is away"),
                            ("dormant", "A client is silent"),
                            ("visited", "It reads us and never wrote"),
                            ("potential", "A potential without a referent"),
                        ],
                        max_length=10,
                        verbose_name="rule",
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("weight", models.PositiveIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("followed", "Taken up"),
                            ("dismissed", "Set aside"),
                            ("lapsed", "No longer needed"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "It is done already"),
                            ("later", "Not now"),
                            ("irrelevant", "It does not concern this company"),
                            ("wrong", "The facts are wrong"),
                        ],
                        max_length=10,
                        verbose_name="why not",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suggestions", to="directory.company"
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
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="reference.region"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "suggestion",
                "ordering": ["-weight", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["adviser", "-weight"], name="suggestion_open"
                    ),
                    models.Index(fields=["rule", "state"], name="suggestion_by_rule"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), models.Q(("rule", "promise"), _negated=True)),
                        fields=("company", "rule"),
                        name="one_open_suggestion_by_rule",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("rule", "promise"), ("state", "open")),
                        fields=("company", "adviser", "team"),
                        name="one_open_promise_by_person",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="decided_suggestion_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dismissed"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dismissed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "ordering": ["starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="absence_ends_after_it_starts"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("person", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="absences_do_not_overlap",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Capacity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "open_leads",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="open requests",
                    ),
                ),
                (
                    "adviser",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_capacity",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "capacity",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("open_leads__gte", 1)), name="capacity_is_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("site", "Website"),
                            ("phone", "Phone"),
                            ("shop", "Visit to the one-stop shop"),
                            ("seminar", "Seminar"),
                            ("showroom", "Showroom"),
                            ("partner", "Partner"),
                            ("mail", "E-mail"),
                            ("watch", "Business watch"),
                            ("social", "Social networks"),
                            ("visit", "Visits of our sites"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=120, verbose_name="network or campaign")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="cost (€)",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "cost of a channel",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("cost__gte", 0)), name="channel_cost_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="channel_cost_ends_after_start",
                    ),
                ],
            },
        ),
    ]
