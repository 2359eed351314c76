import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("company_id", models.BigIntegerField(default=0)),
                ("region_id", models.CharField(blank=True, default="", max_length=3)),
                ("vertical", models.CharField(blank=True, default="", max_length=50)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("subject_type", models.CharField(blank=True, default="", max_length=60)),
                ("subject_id", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "waiting count",
            },
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("company_id", models.BigIntegerField(default=0)),
                ("region_id", models.CharField(blank=True, default="", max_length=3)),
                ("vertical", models.CharField(blank=True, default="", max_length=50)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("day", models.DateField()),
                ("subject_type", models.CharField(blank=True, default="", max_length=60)),
                ("subject_id", models.BigIntegerField(default=0)),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "day"], name="day_count_by_kind"),
                    models.Index(fields=["company_id", "kind", "day"], name="day_count_by_company"),
                    models.Index(fields=["subject_type", "subject_id", "day"], name="day_count_by_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "day",
                            "kind",
                            "subject_type",
                            "subject_id",
                            "company_id",
                            "region_id",
                            "vertical",
                            "country",
                        ),
                        name="day_count_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60)),
                ("company_id", models.BigIntegerField(default=0)),
                ("region_id", models.CharField(blank=True, default="", max_length=3)),
                ("vertical", models.CharField(blank=True, default="", max_length=50)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("month", models.DateField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["company_id", "kind", "month"], name="month_count_by_company")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "kind", "company_id", "region_id", "vertical", "country"),
                        name="month_count_once",
                    )
                ],
            },
        ),
    ]
