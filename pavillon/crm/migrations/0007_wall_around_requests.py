"""What hangs on a request is read by the team and by the company that asked, by no other firm, buyer or stranger.

The request itself stays outside: a policy would take its trigram index away (measured in decision 0035).
"""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

TEAM = "(SELECT wall_is_team())"
# As `LeadQuerySet.seen_by` for companies: what the team detected about them is not theirs to read.
OF_THE_COMPANY = """(SELECT wall_reach()) = 'company' AND (SELECT wall_role()) = 'company_manager' AND EXISTS (
    SELECT FROM crm_lead l WHERE l.id = lead_id AND l.origin NOT IN ('watch', 'visit')
    AND (l.requested_by_id = (SELECT wall_person()) OR EXISTS (SELECT FROM directory_company c
        WHERE c.id = l.company_id AND c.organisation_id = (SELECT wall_organisation()))))"""
EITHER = f"{TEAM} OR ({OF_THE_COMPANY})"
FOLLOWING = ("crm_leadmessage", "crm_leadstep", "crm_leadtouch", "crm_proposedmatch")

WALLS = {
    "crm_handover": {"reads": TEAM, "inserts": TEAM},
    **{table: {"reads": EITHER, "inserts": EITHER} for table in FOLLOWING},
}


class Migration(migrations.Migration):
    dependencies = [("crm", "0006_missions"), ("directory", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
