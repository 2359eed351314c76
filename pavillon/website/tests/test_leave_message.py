import pytest

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
