"""Who keeps what an exchange promised, once it went with the account; nobody until then: the author."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("crm", "0030_what_rights_ask")]

    operations = [
        migrations.AddField(
            model_name="interaction",
            name="keeper",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who keeps the promise",
            ),
        ),
        migrations.AddIndex(
            model_name="interaction",
            index=models.Index(
                condition=Q(keeper__isnull=False, next_action_done_at__isnull=True),
                fields=["keeper", "next_action_on"],
                name="interaction_kept_by",
            ),
        ),
    ]
