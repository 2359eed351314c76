"""Services delivered and sales attested stand apart from requests that were treated; the next night counts them."""

from django.core.validators import MinValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0028_companies_written")]

    operations = [
        # With defaults of the database's own: an older process goes on writing meanwhile.
        migrations.AddField("companyprofile", "attested_sales", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("companyprofile", "treated_requests", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddField("companyprofile", "last_treated_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "profilesettings",
            "regular_sales",
            models.PositiveSmallIntegerField(
                "sales abroad attested within three years from which an exporter is “regular”",
                default=3,
                db_default=3,
                validators=[MinValueValidator(1)],
            ),
        ),
    ]
