"""An adviser keeps an account and proposes; the company answers on a phone. The pages are free of faults."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pavillon.care.models import Offer, RiskMark
from pavillon.care.tests.factories import assessed, criticised, exchange, offer_rule, refer
from pavillon.crm.tests.factories import fresh
from pavillon.services.tests import factories
from tests.browser import BY_LOOK, dark_and_narrow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_account_is_kept_and_an_offer_answered(open_page, violations):
    """From the mark to its end, from the assessment to the accepted line."""
    cast = factories.stage()
    refer(cast, cast.nour)
    criticised(cast)
    exchange(cast)
    assessed(cast, cast.atelier, 2, "decided")
    assessed(cast, cast.atelier, 3, "engaged")
    offer_rule(cast, "Start", service=cast.vie, capacity_from=1, why_en="A person on the spot")
    nour = fresh(cast.nour)
    page = open_page(RiskMark.objects.get().get_absolute_url(), user=nour)
    assert not violations(page)
    with dark_and_narrow(page):
        assert not violations(page, rules=BY_LOOK)
    page.get_by_label("The criticism was answered or taken down").check()
    page.get_by_label("What was done").fill("A call with the director; the page is gone.")
    page.get_by_label("Exchange that proves it").select_option(index=1)
    page.get_by_role("button", name="End the mark").click()
    expect(page.get_by_text("with its proof")).to_be_visible()
    page.goto(reverse("care:view_evolution", args=[cast.atelier.pk]))
    expect(page.get_by_text("rose").first).to_be_visible()
    assert not violations(page)
    with dark_and_narrow(page):
        assert not violations(page, rules=BY_LOOK)
    page.goto(cast.atelier.get_absolute_url())
    page.get_by_role("heading", name="Personal offers").scroll_into_view_if_needed()
    page.get_by_role("button", name="Prepare an offer").click()
    expect(page.get_by_text("A person on the spot")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Propose it to the company").click()
    expect(page.get_by_text("Waiting for an answer")).to_be_visible()
    offer = Offer.objects.get()
    mine = open_page(
        reverse("care_company:my_offer", args=[offer.pk]), user=fresh(cast.claire), width=390, theme="dark"
    )
    assert not violations(mine)
    mine.get_by_role("button", name="I accept").click()
    expect(mine.get_by_text("Accepted")).to_be_visible()
    assert not page.complaints
    assert not mine.complaints
