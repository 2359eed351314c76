"""A mission keeps the day of its last report, which outlives the document."""

from django.db import migrations, models
from django.utils import timezone


def note_days(apps, schema_editor):
    """In the order in which they came: the last one stays."""
    missions, files = apps.get_model("crm", "Mission"), apps.get_model("crm", "MissionFile")
    house = timezone.get_default_timezone()
    reports = files.objects.filter(kind="report").order_by("added_at", "pk").values_list("mission", "added_at")
    days = {mission: timezone.localdate(at, house) for mission, at in reports.iterator()}
    for mission, day in days.items():
        missions.objects.filter(pk=mission).update(delivered_on=day)


class Migration(migrations.Migration):
    dependencies = [("crm", "0025_wall_around_documents_of_missions")]

    operations = [
        migrations.AddField(
            model_name="mission",
            name="delivered_on",
            field=models.DateField(null=True, verbose_name="report delivered on"),
        ),
        migrations.RunPython(note_days, migrations.RunPython.noop),
    ]
