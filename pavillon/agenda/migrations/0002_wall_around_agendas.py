"""Agendas are the team's: no company, buyer or stranger reads a line of one; within the team `visible_to` decides."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

TABLES = ("agenda_entry", "agenda_participant", "agenda_meetingmessage")
TEAM = {"reads": "(SELECT wall_is_team())", "inserts": "(SELECT wall_is_team())"}


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **TEAM), pull_down(table)) for table in TABLES]
