"""Writing is a scope of its own. Keys that exist only read from now on: whoever lets a system write makes it a new key."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("interchange", "0003_kept_answers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="key",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("directory", "Companies and contacts"),
                        ("intake", "Read the reports of files"),
                        ("crm", "Requests and interactions"),
                        ("showroom", "Shops, products and enquiries"),
                        ("directory:write", "Add, change, merge and remove companies, contacts and parts of cards"),
                        ("intake:write", "Bring files and signals"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="may do",
            ),
        ),
    ]
