"""Advisers suggest an answer and pass up what waits; a suggestion is the company's and the team's, never the buyer's."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from pavillon.core.fields import EncryptedTextField
from pavillon.core.wall import pull_down, raise_wall

TABLE = "showroom_replysuggestion"
OF_THE_SELLER = """(SELECT wall_reach()) = 'company' AND EXISTS (
    SELECT FROM showroom_enquiry e JOIN showroom_shop s ON s.id = e.shop_id
    JOIN directory_company c ON c.id = s.company_id
    WHERE e.id = enquiry_id AND c.organisation_id = (SELECT wall_organisation()))"""
TEAM = "(SELECT wall_is_team())"


class Migration(migrations.Migration):
    dependencies = [
        ("showroom", "0005_enquiries_of_campaigns"),
        ("accounts", "0001_initial"),
        ("security", "0003_second_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("enquiry", "escalated_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "enquiry",
            "escalated_why",
            models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="why it needs a manager"
            ),
        ),
        migrations.AddConstraint(
            "enquiry",
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True, escalated_why="")
                | (Q(escalated_at__isnull=False) & ~Q(escalated_why="")),
                name="escalated_enquiry_says_why",
            ),
        ),
        migrations.CreateModel(
            "ReplySuggestion",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", EncryptedTextField(verbose_name="suggested answer")),
                ("suggested_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="showroom.enquiry",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
                (
                    "suggested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            {
                "verbose_name": "suggested answer",
                "verbose_name_plural": "suggested answers",
                "ordering": ["-suggested_at", "-pk"],
            },
        ),
        migrations.RunSQL(raise_wall(TABLE, reads=f"{TEAM} OR ({OF_THE_SELLER})", inserts=TEAM), pull_down(TABLE)),
    ]
