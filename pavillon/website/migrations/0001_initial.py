import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("reference", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "list of articles",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="NationalPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("hero_eyebrow", models.CharField(blank=True, max_length=80, verbose_name="above the title")),
                ("hero_title", models.CharField(max_length=120, verbose_name="large title")),
                ("hero_lead", models.TextField(max_length=400, verbose_name="introduction")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [("entries", 2), ("steps", 7), ("solutions", 10), ("news", 11), ("team", 13), ("text", 15)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {"invalid": "Only small letters, digits and hyphens."},
                                    "help_text": "Small letters, digits, hyphens. Regions call the national piece by this key.",
                                    "label": "Key",
                                    "regex": "^[a-z0-9-]{1,40}$",
                                    "required": False,
                                },
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 120, "required": False},
                            ),
                            2: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1)]], {}),
                            3: ("wagtail.blocks.CharBlock", (), {"label": "Title", "max_length": 80}),
                            4: ("wagtail.blocks.CharBlock", (), {"label": "Text", "max_length": 240}),
                            5: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 4)]], {}),
                            6: ("wagtail.blocks.ListBlock", (5,), {"label": "Steps"}),
                            7: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("steps", 6)]], {}),
                            8: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
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
                                    "label": "Need",
                                    "required": False,
                                },
                            ),
                            9: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"default": 3, "label": "How many", "max_value": 12, "min_value": 1},
                            ),
                            10: (
                                "wagtail.blocks.StructBlock",
                                [[("key", 0), ("title", 1), ("need", 8), ("count", 9)]],
                                {},
                            ),
                            11: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("count", 9)]], {}),
                            12: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Introduction", "max_length": 240, "required": False},
                            ),
                            13: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("intro", 12)]], {}),
                            14: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["bold", "italic", "link", "ol", "ul", "h3"], "label": "Text"},
                            ),
                            15: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("text", 14)]], {}),
                        },
                        verbose_name="pieces",
                    ),
                ),
            ],
            options={
                "verbose_name": "national page",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="RegionIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "list of regions",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="ArticlePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                ("published_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="date")),
                ("summary", models.CharField(max_length=240, verbose_name="in one sentence")),
                ("body", wagtail.fields.RichTextField(verbose_name="text")),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="website.articlepage",
                        verbose_name="replaces the article",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
            },
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="RegionPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "brand",
                    models.CharField(
                        default="#14508c",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write # and six hexadecimal digits, as in #14508c."
                            )
                        ],
                        verbose_name="main colour",
                    ),
                ),
                (
                    "accent",
                    models.CharField(
                        default="#c8442f",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write # and six hexadecimal digits, as in #14508c."
                            )
                        ],
                        verbose_name="second colour",
                    ),
                ),
                ("logo_text", models.CharField(blank=True, max_length=40, verbose_name="name beside the sign")),
                ("logo_words", models.CharField(blank=True, max_length=60, verbose_name="line under the name")),
                ("hero_eyebrow", models.CharField(blank=True, max_length=80, verbose_name="above the title")),
                ("hero_title", models.CharField(blank=True, max_length=120, verbose_name="large title")),
                ("hero_lead", models.TextField(blank=True, max_length=400, verbose_name="introduction")),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("entries", 2),
                            ("steps", 7),
                            ("solutions", 10),
                            ("news", 11),
                            ("team", 13),
                            ("text", 15),
                            ("inherited", 17),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RegexBlock",
                                (),
                                {
                                    "error_messages": {"invalid": "Only small letters, digits and hyphens."},
                                    "help_text": "Small letters, digits, hyphens. Regions call the national piece by this key.",
                                    "label": "Key",
                                    "regex": "^[a-z0-9-]{1,40}$",
                                    "required": False,
                                },
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Title", "max_length": 120, "required": False},
                            ),
                            2: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1)]], {}),
                            3: ("wagtail.blocks.CharBlock", (), {"label": "Title", "max_length": 80}),
                            4: ("wagtail.blocks.CharBlock", (), {"label": "Text", "max_length": 240}),
                            5: ("wagtail.blocks.StructBlock", [[("title", 3), ("text", 4)]], {}),
                            6: ("wagtail.blocks.ListBlock", (5,), {"label": "Steps"}),
                            7: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("steps", 6)]], {}),
                            8: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
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
                                    "label": "Need",
                                    "required": False,
                                },
                            ),
                            9: (
                                "wagtail.blocks.IntegerBlock",
                                (),
                                {"default": 3, "label": "How many", "max_value": 12, "min_value": 1},
                            ),
                            10: (
                                "wagtail.blocks.StructBlock",
                                [[("key", 0), ("title", 1), ("need", 8), ("count", 9)]],
                                {},
                            ),
                            11: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("count", 9)]], {}),
                            12: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Introduction", "max_length": 240, "required": False},
                            ),
                            13: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("intro", 12)]], {}),
                            14: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {"features": ["bold", "italic", "link", "ol", "ul", "h3"], "label": "Text"},
                            ),
                            15: ("wagtail.blocks.StructBlock", [[("key", 0), ("title", 1), ("text", 14)]], {}),
                            16: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Key of the national piece", "max_length": 40},
                            ),
                            17: ("wagtail.blocks.StructBlock", [[("key", 16)]], {}),
                        },
                        verbose_name="pieces",
                    ),
                ),
                ("inherits_articles", models.BooleanField(default=True, verbose_name="show national articles too")),
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
                "verbose_name": "page of a region",
            },
            bases=("wagtailcore.page",),
        ),
    ]
