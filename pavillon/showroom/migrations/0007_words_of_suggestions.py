"""A suggested answer may quote the buyer: behind the wall too, colleagues read it only while the seller shares."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

TABLE = "showroom_replysuggestion"
OF_THE_SELLER = """(SELECT wall_reach()) = 'company' AND EXISTS (
    SELECT FROM showroom_enquiry e JOIN showroom_shop s ON s.id = e.shop_id
    JOIN directory_company c ON c.id = s.company_id
    WHERE e.id = enquiry_id AND c.organisation_id = (SELECT wall_organisation()))"""
TEAM = "(SELECT wall_is_team())"
SHARED = "EXISTS (SELECT FROM showroom_enquiry e WHERE e.id = enquiry_id AND e.shared_at IS NOT NULL)"
WRITTEN = "suggested_by_id = (SELECT wall_person())"
SHARED_OR_WRITTEN = f"{TEAM} AND ({WRITTEN} OR {SHARED})"


def wall(team: str) -> str:
    raised = raise_wall(TABLE, reads=f"({team}) OR ({OF_THE_SELLER})", inserts=TEAM)
    return f"{pull_down(TABLE)} {raised}"


class Migration(migrations.Migration):
    dependencies = [("showroom", "0006_help_for_sellers")]

    operations = [migrations.RunSQL(wall(SHARED_OR_WRITTEN), wall(TEAM))]
