import pytest

from pavillon.accounts.models import Organisation
from pavillon.campaigns.actions import close_campaign
from pavillon.campaigns.queries.links import landings_of
from pavillon.campaigns.tests.factories import campaign
from pavillon.crm.models import Lead
from pavillon.solutions.tests.factories import SIREN
from pavillon.website.actions import leave_message

FORM = {
    "region": "bretagne",
    "name": "Yann Le Moal",
    "company_name": "Savonnerie du Trieux",
    "email": "yann@savonnerie.example",
    "message": "Je voudrais vendre en Irlande.",
}


@pytest.mark.covers("BASE-17")
def test_leave_message_makes_a_routed_request(client, sites):
    page = client.post("/fr/contact/", FORM, follow=True)
    assert "Bretagne" in page.content.decode()
    lead = Lead.objects.get()
    assert (lead.origin, lead.legal_basis, lead.region_id) == ("site", "public_task", "53")
    assert (lead.company_name, lead.contact_email) == (FORM["company_name"], FORM["email"])


def test_a_wrong_siren_never_gets_through(sites):
    from pavillon.directory.queries import WrongSiren

    values = {key: FORM[key] for key in ("name", "company_name", "email", "message")}
    with pytest.raises(WrongSiren):
        leave_message(region=sites.bretagne.region, siren="123", **values)


def test_with_a_siren_the_message_joins_the_company_s_file(client, sites):
    client.post("/fr/contact/", FORM | {"siren": SIREN})
    assert Lead.objects.get().company.siren == SIREN


def test_a_wrong_siren_is_said(client, sites):
    page = client.post("/fr/contact/", FORM | {"siren": "123"})
    assert page.status_code == 422
    assert "siren" in page.context["form"].errors
    assert Lead.objects.count() == 0


def test_a_robot_is_thanked_and_forgotten(client, sites):
    page = client.post("/fr/contact/", FORM | {"website": "http://spam.example"}, follow=True)
    assert page.status_code == 200
    assert Lead.objects.count() == 0


@pytest.mark.parametrize("missing", ["region", "name", "email", "message", "company_name"])
def test_what_is_missing_is_named(client, sites, missing):
    page = client.post("/fr/contact/", {key: value for key, value in FORM.items() if key != missing})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [missing]


@pytest.mark.covers("JOUR-08")
def test_a_link_of_a_campaign_attributes_the_message(client, sites):
    """From the page of a region to the form, by the address alone; a code that says nothing is not held against one."""
    agency = Organisation.objects.create(name="Agence", kind="agency", level="national")
    made = campaign(agency, code="CAP-IRLANDE")
    ((_label, link), *_more) = landings_of(made)
    assert link.endswith("/fr/contact/?campaign=CAP-IRLANDE")
    page = client.get("/fr/contact/?region=bretagne&campaign=cap-irlande")
    assert page.context["form"].initial["campaign"] == "cap-irlande"
    home = client.get(sites.bretagne.url, {"campaign": "CAP-IRLANDE"}).text
    assert "/fr/contact/?region=bretagne&amp;campaign=CAP-IRLANDE" in home
    client.post("/fr/contact/", FORM | {"campaign": "cap-irlande"})
    lead = Lead.objects.get()
    assert (lead.touches.get().campaign, lead.prompted_by, lead.is_spontaneous) == (made, made.name, False)
    close_campaign(campaign=made, by=None)
    for code in ("CAP-IRLANDE", "<b>", "X"):
        client.post("/fr/contact/", FORM | {"campaign": code, "message": code})
    assert Lead.objects.filter(touches__campaign=None, is_spontaneous=True).count() == 3
