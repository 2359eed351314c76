"""An enquiry is read by its buyer, its seller and the team; its words by the team only once the seller shares them."""

from django.db import migrations

from pavillon.core.wall import pull_down, raise_wall

OF_THE_BUYER = "EXISTS (SELECT FROM showroom_buyer b WHERE b.id = buyer_id AND b.user_id = (SELECT wall_person()))"
OF_THE_SELLER = """(SELECT wall_reach()) = 'company' AND EXISTS (
    SELECT FROM showroom_shop s JOIN directory_company c ON c.id = s.company_id
    WHERE s.id = shop_id AND c.organisation_id = (SELECT wall_organisation()))"""
# Inside, the enquiry is asked for under its own wall.
SHARED_OR_OWN = """EXISTS (SELECT FROM showroom_enquiry e
    WHERE e.id = enquiry_id AND (NOT (SELECT wall_is_team()) OR e.shared_at IS NOT NULL))"""

WALLS = {
    "showroom_enquiry": {
        "reads": f"(SELECT wall_is_team()) OR {OF_THE_BUYER} OR ({OF_THE_SELLER})",
        "inserts": OF_THE_BUYER,
    },
    "showroom_enquirymessage": {"reads": SHARED_OR_OWN, "inserts": SHARED_OR_OWN},
}


class Migration(migrations.Migration):
    dependencies = [
        ("showroom", "0003_vertical_questions"),
        ("directory", "0001_initial"),
        ("security", "0003_second_wall"),
    ]

    operations = [migrations.RunSQL(raise_wall(table, **said), pull_down(table)) for table, said in WALLS.items()]
