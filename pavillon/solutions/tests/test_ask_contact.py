from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import Organisation
from pavillon.campaigns.queries.campaigns import campaign_of_code
from pavillon.campaigns.queries.links import landings_of
from pavillon.campaigns.tests.factories import campaign
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.solutions.actions.contact import ask_contact
from pavillon.solutions.actions.content import load_catalogue
from pavillon.solutions.models import Diagnosis
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


def test_a_link_of_a_campaign_reaches_the_request(client, bretagne):
    """Through the address of the space of companies; or through the diagnosis, as long as that counts."""
    agency = Organisation.objects.create(name="Agence", kind="agency", level="national")
    made, other = campaign(agency, code="CAP-IRLANDE"), campaign(agency, code="CAP-JAPON", name="Cap Japon")
    link = next(link for _label, link in landings_of(made) if "/fr/" in link and "diagnos" in link)
    page = client.get(link.removeprefix(settings.BASE_URL))
    assert 'name="campaign" value="CAP-IRLANDE"' in page.text
    started = client.post(reverse("solutions:start_diagnosis"), {"campaign": "cap-irlande", "history": "never"})
    for nonsense in ("A\x00B", "A B", "ÉTÉ", "A" * 25):
        assert campaign_of_code(nonsense) is None
    diagnosis = Diagnosis.objects.get()
    assert (started.status_code, diagnosis.campaign_id) == (302, made.pk)
    claire = open_account(diagnosis=diagnosis, region=bretagne)
    client.force_login(claire, backend=BACKEND)
    ask = reverse("solutions_company:ask_contact")
    form = client.get(ask, {"campaign": "CAP-JAPON"}).context["form"]
    assert form.initial["campaign"] == "CAP-JAPON"
    for number, code in enumerate(("CAP-JAPON", "", "<b>")):
        client.post(ask, {"message": str(number), "campaign": code})
    offered = ask_contact(company=Company.objects.get(), by=claire, prompted_by="OFFRE-1")
    assert offered.touches.get().campaign is None, "who answers an adviser did not come by the diagnosis"
    Diagnosis.objects.update(started_at=timezone.now() - timedelta(days=3000))
    client.post(ask, {"message": "3", "campaign": ""})
    came = [lead.touches.get().campaign for lead in Lead.objects.exclude(pk=offered.pk).order_by("message")]
    assert came == [other, made, made, None]


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
