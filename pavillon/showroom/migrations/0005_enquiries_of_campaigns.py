import django.db.models.deletion
from django.db import migrations, models


def campaign():
    return models.ForeignKey(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="campaigns.campaign",
    )


class Migration(migrations.Migration):
    dependencies = [("showroom", "0004_wall_around_enquiries"), ("campaigns", "0002_second_wall")]

    operations = [
        migrations.AddField("enquiry", "campaign", campaign()),
        migrations.AddField("enquirydraft", "campaign", campaign()),
    ]
