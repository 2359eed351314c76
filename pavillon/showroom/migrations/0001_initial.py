import django.contrib.postgres.fields
import django.contrib.postgres.search
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
            name="SearchEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tier", "kind", "subject_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tier", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("subject_id", models.BigIntegerField()),
                ("shop_id", models.BigIntegerField()),
                ("quality", models.SmallIntegerField()),
                (
                    "verticals",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), size=None),
                ),
                (
                    "conditions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None),
                ),
                (
                    "certifications",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("region_id", models.CharField(max_length=3)),
                ("price", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("published_at", models.DateTimeField()),
                ("document", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "db_table": "showroom_searchentry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("entries", models.IntegerField()),
            ],
            options={
                "db_table": "showroom_searchword",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Buyer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("company_name", models.CharField(max_length=200, verbose_name="company")),
                ("job_title", models.CharField(blank=True, max_length=120, verbose_name="position")),
                ("website", models.URLField(blank=True, verbose_name="website")),
                ("phone", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="phone")),
                ("accepted_terms_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reference.country", verbose_name="country"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="buyers", to="accounts.organisation"
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reference.sector", verbose_name="sector"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="buyer", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "buyer",
                "ordering": ["company_name", "pk"],
                "indexes": [models.Index(fields=["country"], name="buyer_by_country")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("company_name", ""), _negated=True), name="buyer_has_a_company"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("quote", "Quote request"),
                            ("contact", "Contact"),
                            ("meeting", "Meeting request"),
                            ("order", "Order"),
                        ],
                        max_length=8,
                        verbose_name="type",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "Awaiting an answer"), ("answered", "Answered"), ("closed", "Closed")],
                        default="new",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(blank=True, null=True, verbose_name="quantity")),
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
                        default="contract",
                        max_length=24,
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("first_answered_at", models.DateTimeField(null=True)),
                ("response_minutes", models.PositiveIntegerField(null=True)),
                ("last_message_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "closing_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "An agreement was found"),
                            ("quoted", "A quote was sent"),
                            ("declined", "We cannot serve this request"),
                            ("no_follow_up", "The buyer did not follow up"),
                            ("unsuitable", "Not a professional request"),
                        ],
                        max_length=14,
                        verbose_name="how it ended",
                    ),
                ),
                ("shared_at", models.DateTimeField(null=True)),
                ("help_asked_at", models.DateTimeField(null=True)),
                ("overdue_told_at", models.DateTimeField(null=True)),
                ("next_step", models.CharField(blank=True, max_length=200, verbose_name="next step")),
                ("next_step_on", models.DateField(blank=True, null=True, verbose_name="on")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="enquiries", to="showroom.buyer"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.country"
                    ),
                ),
            ],
            options={
                "verbose_name": "enquiry",
                "verbose_name_plural": "enquiries",
                "ordering": ["-sent_at", "-pk"],
                "indexes": [
                    models.Index(fields=["buyer", "-sent_at"], name="enquiry_by_buyer"),
                    models.Index(fields=["-sent_at", "-id"], name="enquiry_by_time"),
                    models.Index(condition=models.Q(("state", "new")), fields=["sent_at"], name="enquiry_unanswered"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_answered_at__isnull", True), ("response_minutes__isnull", True)),
                            models.Q(
                                ("first_answered_at__gte", models.F("sent_at")), ("response_minutes__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="answered_enquiry_knows_its_delay",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "new"), _negated=True),
                            ("first_answered_at__isnull", True),
                            _connector="OR",
                        ),
                        name="new_enquiry_has_no_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            ("first_answered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="answered_enquiry_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "closed"),
                                ("closed_at__isnull", False),
                                models.Q(("closing_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                                ("closing_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="closed_enquiry_says_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_step", ""), ("next_step_on__isnull", True)),
                            models.Q(models.Q(("next_step", ""), _negated=True), ("next_step_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="enquiry_next_step_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EnquiryMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_seller", models.BooleanField()),
                ("text", pavillon.core.fields.EncryptedTextField(verbose_name="message")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="showroom.enquiry"
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "ordering": ["written_at", "pk"],
                "indexes": [models.Index(fields=["enquiry", "written_at"], name="enquiry_message_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="enquiry_message_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("product", "Product"), ("service", "Service")],
                        default="product",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Awaiting approval"),
                            ("returned", "Returned with remarks"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("name_fr", models.CharField(blank=True, max_length=120, verbose_name="name in French")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="name in English")),
                ("summary_fr", models.CharField(blank=True, max_length=240, verbose_name="in one sentence, in French")),
                (
                    "summary_en",
                    models.CharField(blank=True, max_length=240, verbose_name="in one sentence, in English"),
                ),
                ("description_fr", models.TextField(blank=True, verbose_name="description in French")),
                ("description_en", models.TextField(blank=True, verbose_name="description in English")),
                (
                    "translation_fr",
                    models.CharField(
                        choices=[("missing", "Not written"), ("draft", "Draft translation"), ("written", "Written")],
                        default="missing",
                        max_length=8,
                        verbose_name="state of the French text",
                    ),
                ),
                (
                    "translation_en",
                    models.CharField(
                        choices=[("missing", "Not written"), ("draft", "Draft translation"), ("written", "Written")],
                        default="missing",
                        max_length=8,
                        verbose_name="state of the English text",
                    ),
                ),
                ("attributes", models.JSONField(blank=True, default=dict)),
                (
                    "condition",
                    models.CharField(
                        choices=[("new", "New"), ("recycled", "Recycled")],
                        default="new",
                        max_length=8,
                        verbose_name="condition",
                    ),
                ),
                (
                    "manufacture_year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year of manufacture"),
                ),
                (
                    "operating_hours",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="hours of operation"),
                ),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Leave empty for “on request”.",
                        max_digits=12,
                        null=True,
                        verbose_name="price (€, without tax)",
                    ),
                ),
                (
                    "sale_unit",
                    models.CharField(
                        choices=[
                            ("piece", "piece"),
                            ("set", "set"),
                            ("kg", "kg"),
                            ("tonne", "tonne"),
                            ("litre", "litre"),
                            ("metre", "metre"),
                            ("m2", "m²"),
                            ("hour", "hour"),
                            ("day", "day"),
                            ("project", "project"),
                        ],
                        default="piece",
                        max_length=8,
                        verbose_name="sold by",
                    ),
                ),
                ("minimum_order", models.PositiveIntegerField(blank=True, null=True, verbose_name="least order")),
                (
                    "incoterm",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EXW", "EXW"),
                            ("FCA", "FCA"),
                            ("CPT", "CPT"),
                            ("CIP", "CIP"),
                            ("DAP", "DAP"),
                            ("DPU", "DPU"),
                            ("DDP", "DDP"),
                            ("FAS", "FAS"),
                            ("FOB", "FOB"),
                            ("CFR", "CFR"),
                            ("CIF", "CIF"),
                        ],
                        max_length=3,
                        verbose_name="incoterm",
                    ),
                ),
                (
                    "lead_time_days",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="lead time (days)"),
                ),
                (
                    "available_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), blank=True, default=list, size=None
                    ),
                ),
                ("quality", models.PositiveSmallIntegerField(default=0, verbose_name="quality")),
                ("submitted_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("to_check_since", models.DateTimeField(null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customs_code",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.productcode",
                        verbose_name="customs code (HS)",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(
                        blank=True, related_name="serves", to="showroom.product", verbose_name="associated services"
                    ),
                ),
                (
                    "vertical",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reference.vertical", verbose_name="vertical"
                    ),
                ),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["-changed_at", "-pk"],
                "indexes": [
                    models.Index(fields=["vertical", "state"], name="product_by_vertical"),
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["-published_at", "-id"],
                        name="product_newest",
                    ),
                    models.Index(
                        condition=models.Q(("state", "submitted")), fields=["submitted_at"], name="product_to_review"
                    ),
                    models.Index(
                        condition=models.Q(("to_check_since__isnull", False)),
                        fields=["to_check_since"],
                        name="product_to_check",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quality__lte", 100)), name="product_quality_is_a_percentage"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("price__isnull", True), ("price__gt", 0), _connector="OR"),
                        name="product_price_is_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_order__isnull", True), ("minimum_order__gt", 0), _connector="OR"),
                        name="product_order_is_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("condition", "new"),
                            models.Q(("kind", "product"), ("manufacture_year__isnull", False)),
                            _connector="OR",
                        ),
                        name="recycled_machine_tells_its_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            models.Q(("published_at__isnull", False), models.Q(("name_en", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="published_product_has_an_english_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            ("submitted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="submitted_product_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to="showroom/%Y/%m/")),
                ("thumbnail", models.FileField(upload_to="showroom/%Y/%m/")),
                ("alt_fr", models.CharField(max_length=160, verbose_name="what it shows, in French")),
                ("alt_en", models.CharField(max_length=160, verbose_name="what it shows, in English")),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="showroom.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alt_fr", ""), _negated=True), models.Q(("alt_en", ""), _negated=True)
                        ),
                        name="picture_says_what_it_shows",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="enquiry",
            name="product",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enquiries",
                to="showroom.product",
            ),
        ),
        migrations.CreateModel(
            name="ProductLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marketplace", models.CharField(max_length=60, verbose_name="marketplace")),
                ("url", models.URLField(max_length=400, verbose_name="address")),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="showroom.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "listing elsewhere",
                "ordering": ["marketplace"],
                "constraints": [models.UniqueConstraint(fields=("product", "url"), name="link_once_per_product")],
            },
        ),
        migrations.CreateModel(
            name="ProductRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=500, verbose_name="remark")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="showroom.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "remark",
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="remark_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "Application sent"),
                            ("opened", "Opened, in preparation"),
                            ("online", "Online"),
                            ("closed", "Closed"),
                        ],
                        default="applied",
                        max_length=8,
                        verbose_name="step",
                    ),
                ),
                (
                    "is_referenced",
                    models.BooleanField(default=False, verbose_name="referenced in the national showroom"),
                ),
                ("tagline_fr", models.CharField(blank=True, max_length=140, verbose_name="one line, in French")),
                ("tagline_en", models.CharField(blank=True, max_length=140, verbose_name="one line, in English")),
                ("presentation_fr", models.TextField(blank=True, verbose_name="presentation in French")),
                ("presentation_en", models.TextField(blank=True, verbose_name="presentation in English")),
                (
                    "logo_text",
                    models.CharField(
                        blank=True,
                        help_text="The short name that buyers see on your shop.",
                        max_length=40,
                        verbose_name="name on the sign",
                    ),
                ),
                (
                    "export_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="countries where you sell",
                    ),
                ),
                ("motivation", models.TextField(blank=True, verbose_name="why a shop")),
                ("applied_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("opened_at", models.DateTimeField(null=True)),
                ("online_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                (
                    "company",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shop", to="directory.company"
                    ),
                ),
                (
                    "contact_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="contact at the agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "shop",
                "verbose_name_plural": "shops",
                "ordering": ["company__name", "pk"],
                "indexes": [models.Index(fields=["state", "-applied_at"], name="shop_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["opened", "online"]), _negated=True),
                            ("opened_at__isnull", False),
                            _connector="OR",
                        ),
                        name="open_shop_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "online"), _negated=True), ("online_at__isnull", False), _connector="OR"
                        ),
                        name="online_shop_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="closed_shop_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=80, verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="en",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reply_templates", to="showroom.shop"
                    ),
                ),
            ],
            options={
                "verbose_name": "reply template",
                "ordering": ["title", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "title", "language"), name="reply_template_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=120)),
                ("lines", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("created", models.PositiveIntegerField(default=0)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="imports", to="showroom.shop"
                    ),
                ),
            ],
            options={
                "verbose_name": "import of products",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_at__isnull", False), ("created", 0), _connector="OR"),
                        name="unconfirmed_import_created_nothing",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="product",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="products", to="showroom.shop"
            ),
        ),
        migrations.CreateModel(
            name="EnquiryDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("question", "Question"),
                            ("quote", "Quote request"),
                            ("contact", "Contact"),
                            ("meeting", "Meeting request"),
                            ("order", "Order"),
                        ],
                        default="question",
                        max_length=8,
                    ),
                ),
                ("text", pavillon.core.fields.EncryptedTextField()),
                ("quantity", models.PositiveIntegerField(null=True)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "buyer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="showroom.buyer"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="showroom.product"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="showroom.shop"
                    ),
                ),
            ],
            options={
                "verbose_name": "enquiry not yet sent",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["question", "quote", "contact", "meeting"])),
                        name="draft_is_of_an_open_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="draft_says_something"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="enquiry",
            name="shop",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enquiries", to="showroom.shop"
            ),
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "certification",
                    models.CharField(
                        choices=[
                            ("iso_9001", "ISO 9001 (quality)"),
                            ("iso_14001", "ISO 14001 (environment)"),
                            ("iso_45001", "ISO 45001 (health and safety)"),
                            ("iso_13485", "ISO 13485 (medical devices)"),
                            ("en_9100", "EN 9100 (aerospace)"),
                            ("iatf_16949", "IATF 16949 (automotive)"),
                            ("ce", "CE marking"),
                            ("atex", "ATEX (explosive atmospheres)"),
                            ("med", "Marine equipment (wheel mark)"),
                            ("en_1090", "EN 1090 (structures)"),
                            ("iso_50001", "ISO 50001 (energy)"),
                            ("organic", "Inputs usable in organic farming"),
                        ],
                        max_length=20,
                        verbose_name="certification",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="certificates", to="showroom.shop"
                    ),
                ),
            ],
            options={
                "verbose_name": "certificate",
                "ordering": ["certification"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "certification"), name="certification_once_per_shop")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShopRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="showroom.shop"
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
                "verbose_name": "person notified",
                "constraints": [models.UniqueConstraint(fields=("shop", "user"), name="recipient_once_per_shop")],
            },
        ),
        migrations.CreateModel(
            name="ShowroomSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target_shops",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="An estimate shown beside the gauge, never a limit.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="shops aimed at",
                    ),
                ),
                (
                    "unanswered_hours",
                    models.PositiveSmallIntegerField(
                        default=24,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="hours before an unanswered enquiry reaches the adviser",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of the showroom",
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_showroom_settings")],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("showroom", "Home page of the showroom"),
                            ("shop", "Page of a shop"),
                            ("product", "Sheet of a product"),
                            ("service", "Sheet of a service"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")], max_length=5, verbose_name="language"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("line", models.CharField(blank=True, max_length=140, verbose_name="one line")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("pictures", models.TextField(blank=True, verbose_name="which pictures to take")),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "vertical",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.vertical",
                        verbose_name="vertical",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a template",
                "ordering": ["kind", "language", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "language", "vertical", "number"),
                        name="template_version_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("vertical__isnull", True), ("kind__in", ["product", "service"]), _connector="OR"
                        ),
                        name="only_sheets_have_templates_of_a_vertical",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_withdrawn", True), ("line", ""), ("pictures", ""), ("text", "")),
                            models.Q(
                                ("is_withdrawn", False),
                                models.Q(("line", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_version_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="template_versions_begin_at_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VerticalAttribute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("number", "Number"), ("text", "Words"), ("yes_no", "Yes or no")],
                        default="text",
                        max_length=8,
                        verbose_name="answer",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=16, verbose_name="unit")),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_asked", models.BooleanField(default=True, verbose_name="asked")),
                (
                    "vertical",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attributes",
                        to="reference.vertical",
                    ),
                ),
            ],
            options={
                "verbose_name": "question of a vertical",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("vertical", "code"), name="attribute_once_per_vertical")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["shop", "state"], name="product_by_shop"),
        ),
        migrations.AddIndex(
            model_name="enquiry",
            index=models.Index(fields=["shop", "state", "-sent_at"], name="enquiry_by_shop"),
        ),
    ]
