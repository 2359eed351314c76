"""What was filed as a meeting at the date of the mail is a mail; the night counts the meeting once it took place."""

from django.db import migrations


def exchanges_of_mails_are_mails(apps, schema_editor):
    filed = apps.get_model("correspondence", "CopiedMail").objects.filter(interaction__kind="meeting")
    told = list(filed.values_list("interaction", flat=True))
    apps.get_model("crm", "Interaction").objects.filter(pk__in=told).update(kind="mail")


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0004_held_calendars_and_meetings")]

    operations = [migrations.RunPython(exchanges_of_mails_are_mails, migrations.RunPython.noop)]
