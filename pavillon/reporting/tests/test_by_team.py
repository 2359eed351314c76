"""The dashboard of one unit of the agency, and its figures by adviser network."""

import re

import pytest
from django.urls import reverse

from pavillon.accounts.demo import _units
from pavillon.accounts.enums import Network, Role
from pavillon.accounts.tests.factories import change_membership, person
from pavillon.crm.tests.factories import assign_lead, fresh, lead, stage, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    """Three requests: one of each network's adviser in RÉSEAU France, one of INVEST; two of them taken charge."""
    people = stage()
    people.units = _units()
    requests = {}
    for name, network, unit, company in [
        ("Cora", Network.CI, "reseau-ci", people.atelier),
        ("Caius", Network.CAI, "reseau-cai", people.southern),
        ("Iris", Network.NONE, "invest", people.southern),
    ]:
        adviser = person(name, people.agency, Role.ADVISER, network=network, unit=people.units[unit])
        request = lead(company, subject=f"Demande de {name}")
        requests[name] = assign_lead(lead=request, adviser=adviser, team=people.agency, by=fresh(people.henri))
    taken(requests["Cora"])
    taken(requests["Iris"])
    people.requests = requests
    return people


def figures(page):
    text = page.content.decode()
    return {name: int(n) for name, n in re.findall(r'data-stage="(\w+)" data-count="(\d+)"', text)}


def networks(page):
    """{row: {column: count}} of the table by network."""
    found = {}
    for row in re.findall(r'<tr data-row="(\w+)">(.*?)</tr>', page.content.decode(), re.DOTALL):
        found[row[0]] = {key: int(n) for key, n in re.findall(r'data-network="(\w+)" data-count="(\d+)"', row[1])}
    return found


@pytest.mark.covers("IDN-05")
def test_a_unit_shows_the_figures_of_its_teams_only(client, cast):
    client.force_login(cast.alice)
    address = reverse("reporting:dashboard")
    page = client.get(address)
    assert "RÉSEAU France" in page.content.decode()
    assert {"leads": 3, "taken": 2}.items() <= figures(page).items()
    france = {"unit": cast.units["reseau-france"].pk}
    shown = client.get(address, france)
    # Nobody of a unit handles a look or a buyer's enquiry: these have no figure there, not a false one.
    assert figures(shown) == {"leads": 2, "taken": 1}
    assert figures(client.get(address, {"unit": cast.units["reseau-cai"].pk})) == {"leads": 1, "taken": 0}
    assert figures(client.get(address, {"unit": cast.units["agence"].pk})) == {"leads": 3, "taken": 2}
    assert figures(client.get(address, {"unit": cast.units["finances"].pk})) == {"leads": 0, "taken": 0}
    # The lists behind are those requests, and each breakdown follows.
    behind = client.get(reverse("reporting:behind", args=["leads"]), france).content.decode()
    assert 'data-total="2"' in behind
    assert cast.requests["Iris"].reference not in behind
    for by in ("region", "company", "vertical"):
        lines = client.get(address, france | {"by": by}).context["lines"]
        assert sum(cells[0][0] for _line, cells in lines) == 2
    # Who moves takes his requests along: the figure is that of today's teams.
    membership = cast.requests["Cora"].adviser.memberships.get()
    change_membership(membership=membership, network="ci", unit=cast.units["invest"], covers=None, by=cast.admin)
    assert figures(client.get(address, france)) == {"leads": 1, "taken": 0}


def test_a_regions_manager_is_not_asked_for_a_unit(client, cast):
    client.force_login(cast.manager)
    page = client.get(reverse("reporting:region_dashboard"), {"unit": cast.units["invest"].pk})
    assert "unit" not in page.context["form"].fields
    assert figures(page)["leads"] == 1


@pytest.mark.covers("IDN-06", "LEAD-04")
def test_the_networks_add_up_to_the_dashboards_figures(client, cast):
    lead(cast.southern)
    client.force_login(cast.alice)
    page = client.get(reverse("reporting:dashboard"))
    table = networks(page)
    assert (table["received"]["ci"], table["received"]["cai"]) == (2, 1)
    assert table["taken"] == {"ci": 1, "cai": 0, "other": 1, "nobody": 0, "total": 2}
    assert (table["in_hand"]["ci"], table["in_hand"]["cai"]) == (2, 1)
    for row in table.values():
        assert sum(count for key, count in row.items() if key != "total") == row["total"]
    assert table["received"]["total"] == figures(page)["leads"] == 4
    assert table["taken"]["total"] == figures(page)["taken"]
    # Each count opens the very requests that it counts.
    opened = re.findall(r'href="([^"]+[?&]network=[^"]+)">(\d+)</a>', page.text.replace("&amp;", "&"))
    assert len(opened) == sum(count > 0 for row in table.values() for key, count in row.items() if key != "total")
    for behind, count in opened:
        assert f'data-total="{count}"' in client.get(behind).text, behind
    # So does each total, also within a region.
    for scope in ({}, {"region": "53"}):
        page = client.get(reverse("reporting:dashboard"), scope)
        totals = re.findall(r'data-network="total" data-count="(\d+)"><strong><a href="([^"]+)">', page.text)
        assert len(totals) == 3
        for count, behind in totals:
            assert f'data-total="{count}"' in client.get(behind.replace("&amp;", "&")).text, behind
    # In a unit, and with two roles at a time, a request still counts once.
    cast.requests["Cora"].adviser.memberships.create(
        organisation=cast.bank, role=Role.ADVISER, network="cai", unit=cast.units["reseau-cai"]
    )
    narrowed = client.get(reverse("reporting:dashboard"), {"unit": cast.units["reseau-france"].pk})
    assert networks(narrowed)["received"] == {"ci": 1, "cai": 1, "other": 0, "nobody": 0, "total": 2}
