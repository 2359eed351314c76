"""Marks, assessments and offers stay behind the second wall; a company reads what it told itself, or was proposed."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

# As `care.models.RISK_READERS` and the `seen_by` of each table: tests/test_second_wall.py compares what both let through.
READERS = "wall_role() IN ('adviser', 'team_manager', 'tele_prospector', 'sales', 'showroom_manager')"
TEAM = """wall_role() IN ('adviser', 'team_manager', 'tele_prospector', 'sales', 'showroom_manager', 'private_partner',
    'region_official')"""
NATIONAL = "(wall_kind() = 'agency' AND wall_level() = 'national')"
OWN = """wall_role() = 'company_manager' AND EXISTS (SELECT FROM directory_company c
    WHERE c.id = company_id AND c.organisation_id = wall_organisation())"""
MARKS = f"""{READERS} AND ({NATIONAL} OR organisation_id = wall_organisation() OR referent_id = wall_person()
    OR (wall_level() = 'regional' AND region_id = wall_region()))"""
# Inside, the mark is asked for under its own wall.
OF_A_MARK = "EXISTS (SELECT FROM care_riskmark m WHERE m.id = mark_id)"
CRITICISMS = f"""{READERS} AND ({NATIONAL} OR organisation_id = wall_organisation() OR logged_by_id = wall_person()
    OR EXISTS (SELECT FROM care_riskmark m WHERE m.company_id = care_criticism.company_id))"""

PLACE = f"""{NATIONAL} OR organisation_id = wall_organisation() OR author_id = wall_person()
    OR (wall_level() = 'regional' AND region_id = wall_region())"""
OFFERS = f"({TEAM} AND ({PLACE})) OR (state <> 'draft' AND {OWN})"
# A company does not find what its adviser took out.
OF_AN_OFFER = """EXISTS (SELECT FROM care_offer o WHERE o.id = offer_id)
    AND (state <> 'removed' OR wall_role() <> 'company_manager')"""
OF_A_LINE = "EXISTS (SELECT FROM care_offerline l WHERE l.id = line_id)"

WALLS = {
    "care_offer": {"reads": OFFERS, "inserts": "organisation_id = wall_organisation()", "deletes": "false"},
    "care_offerline": {"reads": OF_AN_OFFER, "inserts": OF_AN_OFFER, "deletes": "false"},
    "care_offerquestion": {"reads": OF_A_LINE, "inserts": "false"},
    # The rules raise marks: the house alone adds them, and nobody takes one away.
    "care_riskmark": {"reads": MARKS, "inserts": "false"},
    "care_riskground": {"reads": OF_A_MARK, "inserts": "false"},
    "care_criticism": {"reads": CRITICISMS, "inserts": "organisation_id = wall_organisation()", "deletes": "false"},
    "care_assessment": {
        "reads": f"{TEAM} OR (source IN ('company', 'diagnosis') AND {OWN})",
        "inserts": f"({TEAM} AND source = 'talk') OR (source = 'company' AND {OWN})",
        "deletes": "false",
    },
}


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial"), ("security", "0003_second_wall")]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
