"""The dashboard's requests by channel, and those that something prompted."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.campaigns.models import Campaign
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


def told(page):
    """What prompted requests, as the page lists it."""
    return [(one.name, one.is_campaign, one.count, one.channels) for one in page.context["origins"].prompts]


@pytest.mark.covers("LEAD-11")
def test_requests_by_channel_add_up_to_a_hundred_percent(client, cast):
    """Three, three and one of seven: 43, 43 and 14 %; a later touch by another channel changes nothing."""
    client.force_login(cast.alice)
    table = origins(client.get(reverse("reporting:dashboard")))
    total = table.pop("total")
    assert table == {"site": (3, 43), "phone": (3, 43), "seminar": (1, 14)}
    assert sum(share for _count, share in table.values()) == 100
    assert sum(count for count, _share in table.values()) == total[0] == 7


def test_each_count_by_origin_opens_its_list(client, cast):
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard")).text
    opened = re.findall(r'href="([^"]+[?&]origin=[^"]+)">(\d+)</a>', page.replace("&amp;", "&"))
    assert len(opened) == 6, "three channels, by one's own will or prompted, and in all"
    for address, count in opened:
        assert f'data-total="{count}"' in client.get(address).text, address
    assert 'data-total="7"' in client.get(reverse("reporting:behind", args=["leads"]), {"origin": "x"}).text


@pytest.mark.covers("LEAD-04")
def test_prompted_requests_are_told_apart_with_their_campaign(client, cast, monkeypatch):
    """Whichever it is: a fair in words, and, through the form of an adviser, a campaign, an event and a visit."""
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard"))
    assert (page.context["origins"].spontaneous, page.context["origins"].prompted) == (6, 1)
    assert (told(page), page.context["origins"].other_prompts) == ([(cast.campaign, False, 1, "Seminar")], 0)
    assert cast.campaign in page.text
    today = timezone.localdate()
    effort = Campaign.objects.create(
        name="Breakfasts of export", code="EXPORT", organisation=cast.chamber, starts_on=today, ends_on=today
    )
    asked = {
        "kind": "advice", "subject": "Ireland", "company_name": "Voiles d’Iroise", "region": "53",
        "contact_name": "Anne", "contact_email": "anne@voiles.example",
        "interest": "prompted", "legal_basis": "public_task",
    }  # fmt: skip
    client.force_login(cast.nour)
    for more in (
        {"origin": "phone", "campaign": effort.pk},
        {"origin": "mail", "campaign": effort.pk, "prompted_by": "The one in Brest"},
        {"origin": "show", "prompted_by": "Fair of the sea"},
        {"origin": "field", "prompted_by": "Visit of the workshop"},
    ):
        assert client.post(reverse("crm:receive_lead"), asked | more).status_code == 302
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard"))
    assert (page.context["origins"].spontaneous, page.context["origins"].prompted) == (6, 5)
    assert told(page) == [
        ("Breakfasts of export", True, 2, "Phone, E-mail"),
        ("Fair of the sea", False, 1, "Trade show"),
        (cast.campaign, False, 1, "Seminar"),
        ("Visit of the workshop", False, 1, "Visit to the company"),
    ]
    for words in ("Breakfasts of export", "Campaign · Phone, E-mail", "Trade show", "Visit of the workshop"):
        assert words in page.text
    # Each line opens the very requests that it counts.
    opened = re.findall(r'href="([^"]+[?&]prompt=[^"]+)">(\d+) request', page.text.replace("&amp;", "&"))
    assert sorted(int(count) for _address, count in opened) == [1, 1, 1, 2]
    for address, count in opened:
        assert f'data-total="{count}"' in client.get(address).text, address
    by_words = client.get(reverse("reporting:behind", args=["leads"]), {"prompt": "Breakfasts of export"})
    assert 'data-total="0"' in by_words.text, "nobody wrote that: it is the name of a campaign"
    # Beyond the lines that a page has, the rest opens as one list: those requests, and no other.
    monkeypatch.setattr("pavillon.reporting.queries.origins.MOST", 2)
    for scope, name, n in (
        ({}, "dashboard", 2),
        ({"region": "53"}, "dashboard", 2),
        ({"region": "76"}, "dashboard", 0),
        ({}, "region_dashboard", 2),
    ):
        client.force_login(cast.manager if name == "region_dashboard" else cast.alice)
        page = client.get(reverse(f"reporting:{name}"), scope)
        assert page.context["origins"].other_prompts == n
        found = re.search(r'data-other-prompts="(\d+)"><a href="([^"]+)">and \d+ requests? ', page.text)
        assert bool(found) == bool(n)
        if found:
            behind = client.get(found[2].replace("&amp;", "&"))
            assert (f'data-total="{n}"' in behind.text, int(found[1])) == (True, n)
            assert "Prompted by something else" in behind.text
            assert {one.prompted_by for one in behind.context["rows"]} == {cast.campaign, "Visit of the workshop"}
