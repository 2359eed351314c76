import pytest
from django.urls import reverse

from pavillon.crm.models import Lead
from pavillon.solutions.actions.content import load_catalogue
from pavillon.solutions.tests.factories import open_account, take_diagnosis

pytestmark = pytest.mark.usefixtures("ground")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_a_request_carries_the_diagnosis_its_origin_and_its_basis(client, bretagne):
    diagnosis = take_diagnosis({"history": "never"}, region=bretagne)
    claire = open_account(diagnosis=diagnosis, region=bretagne)
    client.force_login(claire, backend=BACKEND)
    form = client.get(reverse("solutions_company:ask_contact")).context["form"]
    assert form.fields["with_diagnosis"].initial is True
    page = client.post(
        reverse("solutions_company:ask_contact"), {"message": "Le Japon ?", "with_diagnosis": "on"}, follow=True
    )
    lead = Lead.objects.get()
    assert page.redirect_chain[-1][0] == reverse("solutions_company:contact_asked", args=[lead.pk])
    assert (lead.origin, lead.legal_basis, lead.is_spontaneous) == ("site", "public_task", True)
    assert lead.company.siren == "100000017"
    assert lead.region == bretagne
    assert (lead.attachment_type, lead.attachment_id) == ("solutions.diagnosis", diagnosis.pk)
    assert len(lead.attachment["summary"]) == 9
    assert lead.message == "Le Japon ?"


def test_the_diagnosis_stays_home_when_unticked(client, bretagne):
    diagnosis = take_diagnosis({"history": "never"}, region=bretagne)
    client.force_login(open_account(diagnosis=diagnosis), backend=BACKEND)
    client.post(reverse("solutions_company:ask_contact"), {"message": ""})
    assert Lead.objects.get().attachment_id is None


def test_a_request_about_a_solution_names_it(client):
    load_catalogue()
    client.force_login(open_account(), backend=BACKEND)
    address = reverse("solutions_company:ask_contact") + "?solution=assurance-prospection"
    client.post(address, {"message": ""})
    lead = Lead.objects.get()
    assert lead.kind == "solution"
    assert "Assurance prospection" in lead.subject


def test_a_visitor_is_led_to_open_an_account(client):
    load_catalogue()
    page = client.get(reverse("solutions:read_solution", args=["assurance-prospection"]))
    assert reverse("solutions:open_account") in page.content.decode()
    assert client.get(reverse("solutions_company:ask_contact")).status_code == 302
