from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agenda", "0002_wall_around_agendas")]

    operations = [
        migrations.AddField("participant", "invited_elsewhere", models.BooleanField(default=False)),
    ]
