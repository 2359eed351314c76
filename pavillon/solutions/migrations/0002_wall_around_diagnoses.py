"""A diagnosis that belongs to a company is read by that company and the team; an anonymous one by who has its link."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

READS = """company_id IS NULL OR (SELECT wall_is_team()) OR ((SELECT wall_reach()) = 'company' AND EXISTS (
    SELECT FROM directory_company c WHERE c.id = company_id AND c.organisation_id = (SELECT wall_organisation())))"""
# Inside, the diagnosis is asked for under its own wall.
OF_ONE = "(SELECT wall_is_team()) OR EXISTS (SELECT FROM solutions_diagnosis d WHERE d.id = diagnosis_id)"

WALLS = {
    "solutions_diagnosis": {"reads": READS, "inserts": READS},
    "solutions_answer": {"reads": OF_ONE, "inserts": OF_ONE},
    "solutions_pathstep": {"reads": OF_ONE, "inserts": OF_ONE},
}


class Migration(migrations.Migration):
    dependencies = [("solutions", "0001_initial"), ("directory", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
