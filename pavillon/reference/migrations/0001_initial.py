import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Country",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("alpha3", models.CharField(blank=True, max_length=3)),
                ("numeric", models.CharField(blank=True, max_length=3)),
            ],
            options={
                "verbose_name": "country",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name_fr"), function="unaccent")),
                    "pk",
                ],
            },
        ),
        migrations.CreateModel(
            name="DataSet",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.SlugField(primary_key=True, serialize=False)),
                ("publisher", models.CharField(max_length=200)),
                ("source", models.CharField(help_text="Package or official file, with its version.", max_length=200)),
                ("version", models.CharField(max_length=60)),
                ("licence", models.CharField(max_length=120)),
                ("as_of", models.DateField(null=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("is_synthetic", models.BooleanField(default=False)),
                ("loaded_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalCategory",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=4, primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "legal category",
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("slug", models.SlugField(unique=True)),
                ("zone", models.CharField(help_text="metro, drom or com", max_length=8)),
            ],
            options={
                "verbose_name": "region",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name_fr"), function="unaccent")),
                    "pk",
                ],
            },
        ),
        migrations.CreateModel(
            name="Sector",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "sector",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="WorkforceBand",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("minimum", models.PositiveIntegerField(null=True)),
                ("maximum", models.PositiveIntegerField(null=True)),
            ],
            options={
                "verbose_name": "workforce band",
                "ordering": ["minimum"],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=6)),
                ("revision", models.PositiveSmallIntegerField()),
                ("parent_code", models.CharField(blank=True, max_length=6)),
                ("level", models.PositiveSmallIntegerField(help_text="1 section … 5 sub-class")),
            ],
            options={
                "verbose_name": "activity",
                "constraints": [
                    models.UniqueConstraint(fields=("revision", "code"), name="activity_once_per_revision")
                ],
            },
        ),
        migrations.CreateModel(
            name="ListItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("list", models.SlugField()),
                ("code", models.SlugField()),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["list", "order"],
                "constraints": [models.UniqueConstraint(fields=("list", "code"), name="list_item_once")],
            },
        ),
        migrations.CreateModel(
            name="ProductCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("scheme", models.CharField(max_length=8)),
                ("code", models.CharField(max_length=12)),
                ("parent_code", models.CharField(blank=True, max_length=12)),
                ("labels", models.JSONField(default=dict, help_text="{language: label}")),
            ],
            options={
                "verbose_name": "product code",
                "constraints": [
                    models.UniqueConstraint(fields=("scheme", "code"), name="product_code_once_per_scheme")
                ],
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False)),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="reference.region")),
            ],
            options={
                "verbose_name": "department",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Vertical",
            fields=[
                ("name_fr", models.CharField(max_length=250, verbose_name="name in French")),
                ("name_en", models.CharField(max_length=250, verbose_name="name in English")),
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("closed_on", models.DateField(blank=True, null=True)),
                ("sectors", models.ManyToManyField(related_name="verticals", to="reference.sector")),
            ],
            options={
                "verbose_name": "vertical",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120)),
                (
                    "postal_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), default=list, size=None
                    ),
                ),
                ("population", models.PositiveIntegerField(null=True)),
                ("latitude", models.FloatField(help_text="Degrees, WGS84.", null=True)),
                ("longitude", models.FloatField(help_text="Degrees, WGS84.", null=True)),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="reference.department"),
                ),
                ("region", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="reference.region")),
            ],
            options={
                "verbose_name": "commune",
                "ordering": [
                    django.db.models.functions.text.Upper(models.Func(models.F("name"), function="unaccent")),
                    "pk",
                ],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["postal_codes"], name="commune_by_postal_code"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name"), name="gin_trgm_ops"
                        ),
                        name="commune_by_name",
                    ),
                ],
            },
        ),
    ]
