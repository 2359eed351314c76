"""Territories of an organisation in a region, their places, and the changes that moved them."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_second_factor_for_the_team"),
        ("crm", "0007_wall_around_requests"),
        ("directory", "0005_crossed_moves"),
        ("reference", "0002_country_centres"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "adviser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territories",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adviser",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="territories",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reference.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "territory",
                "verbose_name_plural": "territories",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TerritoryChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "deed",
                    models.CharField(
                        choices=[
                            ("created", "Territory drawn"),
                            ("split", "Territory split"),
                            ("merged", "Territories merged"),
                            ("moved", "Places moved"),
                            ("changed", "Territory renamed or given to another adviser"),
                            ("retired", "Territory taken away"),
                            ("reassigned", "Portfolio handed over"),
                            ("undone", "Change undone"),
                        ],
                        max_length=10,
                        verbose_name="what was done",
                    ),
                ),
                ("named", models.CharField(blank=True, max_length=200)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("starts_on", models.DateField(verbose_name="portfolios pass on")),
                ("decided_at", models.DateTimeField()),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
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
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.region"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="crm.territorychange",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of territories",
                "ordering": ["-decided_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TerritoryArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("postal_code", models.CharField(blank=True, default="", max_length=5)),
                ("sector", models.CharField(blank=True, default="", max_length=50)),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.commune"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="areas", to="crm.territory"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_areas",
                        to="crm.territorychange",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opened_areas",
                        to="crm.territorychange",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a territory",
            },
        ),
        migrations.AddField(
            model_name="territory",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ended_territories",
                to="crm.territorychange",
            ),
        ),
        migrations.AddField(
            model_name="territory",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="opened_territories", to="crm.territorychange"
            ),
        ),
        migrations.CreateModel(
            name="PortfolioMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before_ends_on", models.DateField(null=True)),
                (
                    "after",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="crm.referent"
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="crm.referent"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="directory.company"
                    ),
                ),
                (
                    "from_adviser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_adviser",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="crm.territorychange"
                    ),
                ),
            ],
            options={
                "verbose_name": "company that passed to another portfolio",
            },
        ),
        migrations.AddIndex(
            model_name="territorychange",
            index=models.Index(
                fields=["organisation", "region", "-decided_at", "-id"], name="territory_change_by_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="territorychange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deed", "undone"), ("undoes__isnull", False)),
                    models.Q(models.Q(("deed", "undone"), _negated=True), ("undoes__isnull", True)),
                    _connector="OR",
                ),
                name="undoing_says_what_it_undoes",
            ),
        ),
        migrations.AddConstraint(
            model_name="territoryarea",
            constraint=models.CheckConstraint(
                condition=models.Q(("postal_code", ""), ("postal_code__regex", "^[0-9]{5}$"), _connector="OR"),
                name="area_postal_code_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="territoryarea",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("closed_by__isnull", True)),
                expressions=[
                    ("organisation", "="),
                    ("commune", "="),
                    (
                        models.Func(
                            django.db.models.functions.comparison.Cast(
                                django.db.models.functions.comparison.NullIf(models.F("postal_code"), models.Value("")),
                                models.IntegerField(),
                            ),
                            django.db.models.functions.comparison.Cast(
                                django.db.models.functions.comparison.NullIf(models.F("postal_code"), models.Value("")),
                                models.IntegerField(),
                            ),
                            models.Value("[]"),
                            function="int4range",
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.Func(
                                django.db.models.functions.comparison.NullIf(models.F("sector"), models.Value("")),
                                function="hashtext",
                                output_field=models.IntegerField(),
                            ),
                            models.Func(
                                django.db.models.functions.comparison.NullIf(models.F("sector"), models.Value("")),
                                function="hashtext",
                                output_field=models.IntegerField(),
                            ),
                            models.Value("[]"),
                            function="int4range",
                        ),
                        "&&",
                    ),
                ],
                name="no_two_territories_hold_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_by__isnull", True)),
                fields=("organisation", "region", "name"),
                name="territory_named_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="territory",
            constraint=models.UniqueConstraint(fields=("id", "organisation"), name="territory_of_its_organisation"),
        ),
        migrations.AddConstraint(
            model_name="portfoliomove",
            constraint=models.UniqueConstraint(fields=("change", "company"), name="company_passes_once_by_change"),
        ),
        # An area names its organisation for the constraint above: the database compares it with its territory's.
        migrations.RunSQL(
            "ALTER TABLE crm_territoryarea ADD CONSTRAINT area_of_its_territory "
            "FOREIGN KEY (territory_id, organisation_id) REFERENCES crm_territory (id, organisation_id) "
            "DEFERRABLE INITIALLY DEFERRED",
            "ALTER TABLE crm_territoryarea DROP CONSTRAINT area_of_its_territory",
        ),
    ]
