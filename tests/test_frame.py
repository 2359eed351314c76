"""What the frame of a page costs, whoever looks at it, and that its counts are those of the pages they lead to."""

import pytest
from django.urls import reverse

from pavillon.activity.actions import notify
from tests.world import make_world

# The session and the person; what he acts for, what the matrix grants him, and one statement for all of the frame.
COST = 5
# A buyer's card decides which pages are his.
COSTS = {"tom": COST + 1}


@pytest.mark.django_db
def test_the_frame_costs_three_statements_beyond_the_session(client, settings, django_assert_max_num_queries):
    settings.DEMO = True
    world = make_world()
    guide = reverse("ui:view_style_guide")
    for name, user in world.people.items():
        if user is None:
            continue
        notify([user], "crm.lead_assigned", title="Une demande", url="/desk/")
        client.force_login(user)
        client.get(guide)
        with django_assert_max_num_queries(COSTS.get(name, COST)):
            text = client.get(guide).content.decode()
        assert 'hx-swap="innerHTML">1</span>' in text, name


@pytest.mark.django_db
def test_a_count_of_the_menu_is_asked_again_alone(client):
    world = make_world()
    lead = world["crm.lead"]
    client.force_login(lead.adviser)
    address = reverse("ui:view_badge", args=["workspace-crm-leads"])
    before = int(client.get(address).content or 0)
    assert f'hx-get="{address}"' in client.get("/desk/").content.decode()
    client.post(reverse("crm:take_charge", args=[lead.pk]))
    assert int(client.get(address).content or 0) == before - 1
    assert client.get(reverse("ui:view_badge", args=["nobody-knows"])).status_code == 404
    client.force_login(world["claire"])
    assert client.get(address).content == b""
