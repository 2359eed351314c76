"""A company answers on a phone, by the link of its letter; its adviser reads it on the page of the service."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from pavillon.crm.tests.factories import fresh
from pavillon.services import actions
from pavillon.services.models import Survey
from pavillon.services.tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_company_answers_and_its_adviser_reads(open_page, violations):
    """Without an account and without a mouse; the pages are free of faults."""
    cast = factories.stage()
    order = factories.ordered(cast, cast.vie)
    actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.ordered_by)
    factories.run_letters()
    page = open_page(Survey.objects.get(kind="satisfaction").link, width=390)
    assert not violations(page)
    page.get_by_label("7", exact=True).press("Space")
    page.get_by_label("In your words").fill("Bien préparé.")
    page.get_by_role("button", name="Give my answer").press("Enter")
    expect(page.get_by_text("Thank you")).to_be_visible()
    later = Survey.objects.get(kind="impact")
    actions.send_survey(survey=later)
    page = open_page(later.link, width=390, theme="dark")
    page.get_by_label("Yes").check()
    page.get_by_label("What", exact=True).select_option("agent")
    page.get_by_label("Country").select_option("DE")
    page.get_by_role("button", name="One more line").click()
    expect(page.get_by_label("Country")).to_have_count(2)
    assert not violations(page)
    page.get_by_label("Yes").check()
    page.get_by_label("Your name and function").fill("Claire, gérante")
    page.get_by_role("button", name="Give my answer").click()
    expect(page.get_by_text("Thank you")).to_be_visible()
    page = open_page(order.get_absolute_url(), user=fresh(cast.nour))
    expect(page.get_by_text("7 / 10")).to_be_visible()
    expect(page.get_by_text("Agent – Germany")).to_be_visible()
    assert not violations(page)
    assert not page.complaints
