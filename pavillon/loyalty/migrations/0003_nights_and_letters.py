import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0002_rules_of_enrolments"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField(
            "programme",
            "enrols_nightly",
            models.BooleanField(
                default=False,
                help_text="Who fulfils the rule by then is enrolled, as far as you see it; you are told how many.",
                verbose_name="look at the segment every night",
            ),
        ),
        migrations.AddField(
            "programme",
            "watched_by",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("enrolment", "told_at", models.DateTimeField(editable=False, null=True)),
        # Whoever is in a programme already is written no letter now.
        migrations.RunSQL("UPDATE loyalty_enrolment SET told_at = enrolled_at", migrations.RunSQL.noop),
        migrations.AddIndex(
            "enrolment",
            models.Index(
                fields=["programme", "id"], name="enrolment_to_tell", condition=models.Q(told_at__isnull=True)
            ),
        ),
    ]
