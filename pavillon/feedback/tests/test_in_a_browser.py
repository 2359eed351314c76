"""The dialog of every screen, by the keyboard; the list of those who answer, on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pavillon.feedback.models import Feedback
from tests.browser import BY_LOOK, dark_and_narrow

WORDS = "Sur mon téléphone, la liste commence trop bas."


@pytest.mark.browser
def test_said_without_leaving_the_page_and_read_on_a_phone(cast, live_server, open_page, violations):
    page = open_page(reverse("activity:inbox"), user=cast.operator)
    page.locator(".feedbackbutton").focus()
    page.keyboard.press("Enter")
    form = page.locator("#modal form")
    expect(form).to_be_visible()
    form.locator("textarea").fill(WORDS)
    form.evaluate("form => (form.noValidate = true)")
    form.get_by_role("button", name="Send").click()
    expect(page.locator("#modal .errors").first).to_be_visible()
    assert not violations(page)
    page.locator("#modal input[name=rating][value='2']").check()
    page.locator("#modal").get_by_role("button", name="Send").click()
    expect(page.locator("#modal")).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("F-0")
    assert page.url.endswith(reverse("activity:inbox"))
    assert Feedback.objects.get().text == WORDS

    page.goto(reverse("feedback:triage_feedback"))
    assert not violations(page)
    fold = page.locator("details.fold")
    expect(fold.locator("select").first).to_be_visible()
    expect(fold.locator("summary")).to_be_hidden()
    with dark_and_narrow(page):
        expect(fold.locator("select").first).to_be_hidden()
        assert page.locator("#list").bounding_box()["y"] < 500, "the list begins on the first screen"
        fold.locator("summary").click()
        fold.locator("select[name=rating]").select_option("2")
        expect(page).to_have_url(re.compile("rating=2"))
        expect(fold.locator("[data-set]")).to_have_text("1")
        expect(page.locator("#list tbody tr")).to_have_count(1)
        assert not violations(page, BY_LOOK)
    for name in ("view_satisfaction", "my_feedback"):
        page.goto(reverse(f"feedback:{name}"))
        assert not violations(page)
    assert not [complaint for complaint in page.complaints if "422" not in complaint]
