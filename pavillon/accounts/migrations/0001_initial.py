import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.accounts.models.people
import pavillon.core.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("reference", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("paid_until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "attempts",
            },
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("slug", models.SlugField(max_length=40, unique=True, verbose_name="short name in addresses")),
                ("name", models.CharField(max_length=60, verbose_name="name on the button")),
                (
                    "issuer",
                    models.CharField(
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="issuer",
                    ),
                ),
                ("client_id", models.CharField(max_length=200, verbose_name="client id")),
                ("client_secret", pavillon.core.fields.EncryptedTextField(blank=True, verbose_name="client secret")),
                (
                    "side",
                    models.CharField(
                        choices=[("company", "Companies"), ("team", "Export team")],
                        default="company",
                        max_length=10,
                        verbose_name="offered to",
                    ),
                ),
                ("scope", models.CharField(default="openid email profile", max_length=120, verbose_name="scopes")),
                ("is_enabled", models.BooleanField(default=False, verbose_name="enabled")),
            ],
            options={
                "verbose_name": "identity provider",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("job", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="OneStopShop",
            fields=[
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="reference.region",
                        verbose_name="region",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=250, verbose_name="address")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="shared e-mail")),
                ("phone", models.CharField(blank=True, max_length=24, verbose_name="shared phone")),
            ],
            options={
                "verbose_name": "one-stop shop",
                "ordering": ["region"],
            },
        ),
        migrations.CreateModel(
            name="SignInGuard",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("first_failed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("suspended_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "failed sign-ins",
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                ("city", models.CharField(max_length=120, verbose_name="town")),
                ("time_zone", models.CharField(max_length=40, verbose_name="time zone")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="reference.country", verbose_name="country"
                    ),
                ),
            ],
            options={
                "verbose_name": "office",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("first_name", models.CharField(max_length=80, verbose_name="first name")),
                ("last_name", models.CharField(max_length=80, verbose_name="last name")),
                ("language", models.CharField(default="fr", max_length=5, verbose_name="language")),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Paris",
                        max_length=40,
                        validators=[pavillon.accounts.models.people.check_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=24, verbose_name="phone")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False, help_text="May open the content editor.", verbose_name="editor of the sites"
                    ),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                ("suspended_until", models.DateTimeField(blank=True, null=True)),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.country",
                        verbose_name="country of work",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="people",
                        to="accounts.office",
                        verbose_name="office",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("last_name"), function="unaccent")),
                    django.db.models.functions.text.Upper(models.Func(models.F("first_name"), function="unaccent")),
                    "pk",
                ],
                "indexes": [models.Index(fields=["last_name", "first_name", "id"], name="user_by_name")],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("agency", "Agency"),
                            ("chamber", "Chamber of commerce"),
                            ("bank", "Bank"),
                            ("region", "Regional council"),
                            ("partner", "Private partner abroad"),
                            ("operator", "Operator"),
                            ("company", "Company"),
                            ("buyer", "Foreign buyer"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("regional", "Regional"),
                            ("national", "National"),
                            ("international", "International"),
                        ],
                        max_length=20,
                        verbose_name="level",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="reference.country",
                        verbose_name="country",
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
            ],
            options={
                "verbose_name": "organisation",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "regional"), _negated=True), ("region__isnull", False), _connector="OR"
                        ),
                        name="regional_organisation_has_a_region",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["company", "buyer"]), _negated=True),
                        fields=("name", "kind"),
                        name="partner_named_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correspondent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="countries",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "correspondent",
                "ordering": ["country", "-starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("country", "FR"), _negated=True), name="correspondent_is_abroad"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="correspondent_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("country", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="one_correspondent_per_country_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("rows", pavillon.core.fields.EncryptedJSONField(default=list)),
                ("state", models.CharField(default="rehearsed", max_length=10)),
                ("sends_letters", models.BooleanField(default=True)),
                ("to_do", models.PositiveIntegerField(default=0)),
                ("created", models.PositiveIntegerField(default=0)),
                ("roles_added", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
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
                "verbose_name": "import of people",
            },
        ),
        migrations.CreateModel(
            name="ShopMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="accounts.organisation"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="accounts.onestopshop"
                    ),
                ),
            ],
            options={
                "verbose_name": "seat in a one-stop shop",
                "ordering": ["shop", "starts_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="seat_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("shop", "="),
                            ("organisation", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="one_seat_per_organisation_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("code", models.SlugField(unique=True)),
                ("is_attached_to_top", models.BooleanField(default=False, verbose_name="attached to the top")),
                ("path", models.CharField(max_length=255, unique=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                (
                    "network",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ci", "International adviser (CI)"),
                            ("cai", "Financing and international adviser (CAI)"),
                            ("", "None"),
                        ],
                        max_length=4,
                        verbose_name="adviser network",
                    ),
                ),
                ("is_default", models.BooleanField(default=False, verbose_name="used at sign-in")),
                ("starts_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("is_confirmed", models.BooleanField(db_default=True, default=True, editable=False)),
                (
                    "covers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.region",
                        verbose_name="region covered",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "ordering": ["organisation__name", "role"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                        ),
                        name="membership_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("user",),
                        name="one_membership_used_at_sign_in",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            ("organisation", "="),
                            ("role", "="),
                            (models.Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="one_membership_per_role_at_a_time",
                    ),
                ],
            },
        ),
    ]
