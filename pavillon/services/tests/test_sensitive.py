"""Services of a sensitive company: read on pages by its audience, found by nobody else, and in no file at all."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import add_contact
from pavillon.directory.models import Company, SensitiveMark
from pavillon.reference.models import Country
from pavillon.services import actions
from pavillon.services.models import Survey
from pavillon.services.tests.factories import ordered


@pytest.mark.covers("SEC-16")
def test_orders_and_flows_of_a_sensitive_company_leave_in_no_file(cast, sign_in):
    """Nour is of its audience and reads both lists; her files leave it out. Nina of the same chamber finds neither."""
    add_contact(company=cast.southern, last_name="Riou", email="riou@verre.example", by=None)
    for company in (cast.atelier, cast.southern):
        order = ordered(cast, company=company)
        actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=fresh(cast.nour))
        survey = Survey.objects.get(order=order, kind="impact")
        actions.send_survey(survey=survey)
        flow = actions.Flow("contract", Country.objects.get(pk="DE"), Decimal(5), "EUR")
        actions.answer_impact(survey=survey, flows=[flow], verbatim="", attested_by="x")
    mark = SensitiveMark.objects.create(company=cast.atelier, reason="x", state_service="y", state_contact="z")
    mark.readers.create(user=cast.nour)
    Company.objects.filter(pk=cast.atelier.pk).update(is_sensitive=True)
    for page in (reverse("services:orders"), reverse("services:view_impact")):
        for person, finds in ((cast.nour, True), (cast.nina, False)):
            shown = sign_in(person).get(page).text
            assert ("Atelier du Ponant" in shown) is finds, (page, person)
            for kind in ("csv", "xlsx"):
                assert sign_in(person).get(page, {"format": kind}).status_code == 200
            file = sign_in(person).get(page, {"format": "csv"}).content.decode()
            assert "Atelier du Ponant" not in file, (page, person)
            assert ("Verreries du Midi" in file) is (person == cast.nour or "Verreries du Midi" in shown)
