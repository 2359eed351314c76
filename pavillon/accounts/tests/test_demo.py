from pavillon.accounts.demo import seed
from pavillon.accounts.models import Membership, OneStopShop, User
from pavillon.accounts.queries import advisers_of, team_of_region
from pavillon.reference.models import Region


def test_the_demo_can_be_seeded_twice(places):
    first, second = {}, {}
    seed(first)
    counts = User.objects.count(), Membership.objects.count(), OneStopShop.objects.count()
    seed(second)
    assert (User.objects.count(), Membership.objects.count(), OneStopShop.objects.count()) == counts
    assert first["users"] == second["users"]
    assert {"helene", "karim", "yuki", "lars", "sophie", "gael", "bruno", "alice"} <= set(first["users"])
    assert {"olivier", "nora", "denis", "admin"} <= set(first["users"])
    assert User.objects.exclude(email__endswith=".example").count() == 0


def test_the_demo_team_of_bretagne_mixes_the_organisations(places):
    world = {}
    seed(world)
    team = list(team_of_region(Region.objects.get(code="53")))
    kinds = {membership.organisation.kind for membership in team}
    assert {"chamber", "agency", "bank", "region"} <= kinds
    assert world["users"]["gael"] not in [membership.user for membership in team]
    assert world["users"]["helene"] in advisers_of("53")
    assert world["users"]["karim"] not in advisers_of("53")
