"""Documents of missions: read by the team, of partners by the mission's own."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import pavillon.core.fields
from pavillon.core.wall import pull_down, raise_wall

TEAM = """(SELECT wall_is_team()) AND ((SELECT wall_role()) <> 'private_partner' OR EXISTS (SELECT FROM crm_mission m
    WHERE m.id = mission_id AND m.partner_id = (SELECT wall_organisation())))"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0019_queue_always_there"),
        ("security", "0003_second_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MissionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("brief", "Brief"), ("report", "Report"), ("evidence", "Evidence")],
                        max_length=8,
                        verbose_name="what it is",
                    ),
                ),
                ("name", pavillon.core.fields.EncryptedTextField(verbose_name="name")),
                (
                    "size",
                    models.PositiveIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="size"
                    ),
                ),
                ("file", models.FileField(upload_to="missions/%Y/%m/", verbose_name="file")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="crm.mission"
                    ),
                ),
            ],
            options={
                "verbose_name": "document of a mission",
                "ordering": ["added_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["brief", "report", "evidence"])),
                        name="mission_file_has_a_kind",
                    )
                ],
            },
        ),
        migrations.RunSQL(raise_wall("crm_missionfile", reads=TEAM, inserts=TEAM), pull_down("crm_missionfile")),
    ]
