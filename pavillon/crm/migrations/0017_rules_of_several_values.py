"""Rules ask for several values, and what no rule takes is ruled by data; trials of rules are kept."""

import django.contrib.postgres.constraints
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_recent_failures_of_addresses"),
        ("crm", "0016_wall_around_leads"),
        ("reference", "0002_country_centres"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoutingSimulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("named", models.CharField(blank=True, max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Not done"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                ("mark", models.CharField(blank=True, max_length=32)),
                ("answer", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                "verbose_name": "simulation of routing rules",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "criterion",
                    models.CharField(
                        choices=[
                            ("region", "Region"),
                            ("department", "Department"),
                            ("sector", "Sector"),
                            ("country", "Country aimed at"),
                            ("kind", "What is asked"),
                            ("origin", "Origin"),
                            ("export_class", "Export class"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_refused", models.BooleanField(default=False)),
                ("word", models.CharField(blank=True, max_length=14)),
            ],
            options={
                "verbose_name": "value that a routing rule asks for",
            },
        ),
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="rule_ends_somewhere",
        ),
        migrations.AddField(
            model_name="routingrule",
            name="is_last_resort",
            field=models.BooleanField(
                default=False,
                help_text="Tried when no other rule found anybody; a region’s before the country’s.",
                verbose_name="only as a last resort",
            ),
        ),
        migrations.AlterField(
            model_name="routingrule",
            name="goes_to",
            field=models.CharField(
                choices=[
                    ("team", "A team, in fair turn by workload"),
                    ("person", "One person"),
                    ("queue", "The queue of an organisation"),
                    ("referent", "The company’s referent"),
                    ("region", "The advisers of its region, in fair turn by workload"),
                    ("manager", "A manager of the chamber of its region"),
                    ("home", "The queue of the chamber of its region, else of the agency"),
                ],
                default="team",
                max_length=8,
                verbose_name="goes to",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("goes_to", "home")), fields=("version",), name="one_queue_always_there_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("adviser__isnull", False),
                        ("goes_to", "person"),
                        ("office__isnull", True),
                        ("organisation__isnull", False),
                    ),
                    models.Q(("adviser__isnull", True), ("goes_to", "team"), ("organisation__isnull", False)),
                    models.Q(
                        ("adviser__isnull", True),
                        ("goes_to", "queue"),
                        ("office__isnull", True),
                        ("organisation__isnull", False),
                    ),
                    models.Q(
                        ("adviser__isnull", True),
                        ("goes_to__in", ["referent", "region", "manager", "home"]),
                        ("office__isnull", True),
                        ("organisation__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="rule_ends_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("before_referent", False), ("is_last_resort", False), _connector="OR"),
                name="rule_is_tried_first_or_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("goes_to", "home"), _negated=True),
                    models.Q(("is_active", True), ("is_last_resort", True), ("load_below__isnull", True)),
                    _connector="OR",
                ),
                name="queue_always_there_asks_nothing",
            ),
        ),
        migrations.AddField(
            model_name="routingsimulation",
            name="acting",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.membership"
            ),
        ),
        migrations.AddField(
            model_name="routingsimulation",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="routingsimulation",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="simulations",
                to="crm.routingversion",
            ),
        ),
        migrations.AddField(
            model_name="rulevalue",
            name="country",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.country"
            ),
        ),
        migrations.AddField(
            model_name="rulevalue",
            name="department",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.department"
            ),
        ),
        migrations.AddField(
            model_name="rulevalue",
            name="region",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.region"
            ),
        ),
        migrations.AddField(
            model_name="rulevalue",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="asked_values", to="crm.routingrule"
            ),
        ),
        migrations.AddField(
            model_name="rulevalue",
            name="sector",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reference.sector"
            ),
        ),
        migrations.AddIndex(
            model_name="routingsimulation",
            index=models.Index(fields=["-asked_at", "-id"], name="routing_simulation_by_time"),
        ),
        migrations.AddConstraint(
            model_name="routingsimulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True), ("finished_at__isnull", False), _connector="OR"
                ),
                name="done_simulation_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulevalue",
            constraint=models.UniqueConstraint(
                fields=("rule", "criterion", "region", "department", "sector", "country", "word"),
                name="rule_asks_once_for_a_value",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="rulevalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "region"),
                        ("department__isnull", True),
                        ("region__isnull", False),
                        ("sector__isnull", True),
                        ("word", ""),
                    ),
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "department"),
                        ("department__isnull", False),
                        ("region__isnull", True),
                        ("sector__isnull", True),
                        ("word", ""),
                    ),
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "sector"),
                        ("department__isnull", True),
                        ("region__isnull", True),
                        ("sector__isnull", False),
                        ("word", ""),
                    ),
                    models.Q(
                        ("country__isnull", False),
                        ("criterion", "country"),
                        ("department__isnull", True),
                        ("region__isnull", True),
                        ("sector__isnull", True),
                        ("word", ""),
                    ),
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "kind"),
                        ("department__isnull", True),
                        ("region__isnull", True),
                        ("sector__isnull", True),
                        ("word__in", ["request", "advice", "market", "financing", "solution", "mission", "showroom"]),
                    ),
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "origin"),
                        ("department__isnull", True),
                        ("region__isnull", True),
                        ("sector__isnull", True),
                        (
                            "word__in",
                            [
                                "site",
                                "phone",
                                "shop",
                                "seminar",
                                "showroom",
                                "partner",
                                "mail",
                                "watch",
                                "social",
                                "visit",
                                "show",
                                "field",
                            ],
                        ),
                    ),
                    models.Q(
                        ("country__isnull", True),
                        ("criterion", "export_class"),
                        ("department__isnull", True),
                        ("region__isnull", True),
                        ("sector__isnull", True),
                        ("word__in", ["not_exporter", "potential", "occasional", "regular"]),
                    ),
                    _connector="OR",
                ),
                name="rule_value_is_of_its_criterion",
            ),
        ),
        migrations.AddConstraint(
            model_name="rulevalue",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("rule", "="),
                    ("criterion", "="),
                    (django.db.models.functions.comparison.Cast(models.F("is_refused"), models.IntegerField()), "<>"),
                ],
                name="criterion_asks_or_refuses",
            ),
        ),
    ]
