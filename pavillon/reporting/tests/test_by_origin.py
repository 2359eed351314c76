"""The dashboard's requests by channel, and those that something prompted."""

import re

import pytest
from django.urls import reverse

from pavillon.crm.tests.factories import lead, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Seven requests by three channels; two of them were prompted by one campaign."""
    people = stage()
    for _n in range(3):
        request = lead(people.atelier, origin="site")
    for _n in range(3):
        lead(people.southern, origin="phone")
    people.campaign = "Salon SIAL 2026"
    lead(people.atelier, origin="seminar", is_spontaneous=False, prompted_by=people.campaign)
    request.touches.create(origin="seminar", detail="Salon")
    return people


def origins(page):
    rows = re.findall(r'data-origin="(\w+)" data-count="(\d+)"(?: data-share="(\d+)")?', page.text)
    return {code: (int(count), int(share or 100)) for code, count, share in rows}


@pytest.mark.covers("LEAD-11")
def test_requests_by_channel_add_up_to_a_hundred_percent(client, cast):
    """Three, three and one of seven: 43, 43 and 14 %; a later touch by another channel changes nothing."""
    client.force_login(cast.alice)
    table = origins(client.get(reverse("reporting:dashboard")))
    total = table.pop("total")
    assert table == {"site": (3, 43), "phone": (3, 43), "seminar": (1, 14)}
    assert sum(share for _count, share in table.values()) == 100
    assert sum(count for count, _share in table.values()) == total[0] == 7


@pytest.mark.covers("LEAD-04")
def test_prompted_requests_are_told_apart_with_their_campaign(client, cast):
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard"))
    assert (page.context["origins"].spontaneous, page.context["origins"].prompted) == (6, 1)
    assert (page.context["origins"].prompts, page.context["origins"].other_prompts) == ([(cast.campaign, 1)], 0)
    assert cast.campaign in page.text
