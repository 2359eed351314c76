"""The public pages in a real browser: accessible in both themes and widths, by keyboard, without a script."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from pavillon.privacy.models import Consent
from pavillon.solutions.actions.content import load_catalogue
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.tests import factories as solutions
from pavillon.website.tests import factories
from tests.browser import BY_LOOK, dark_and_narrow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/fr/",
    "/fr/regions/bretagne/",
    "/fr/regions/",
    "/fr/articles/douane/",
    "/fr/diagnosis/?region=bretagne",
    "/fr/first-steps/",
    "/fr/solutions/",
    "/fr/solutions/assurance-prospection/",
    "/fr/providers/",
    "/fr/open-account/?region=bretagne",
    "/fr/open-account/100000017/",
    "/fr/contact/?region=bretagne",
    "/fr/cookies/",
    "/fr/privacy/",
]


@pytest.fixture
def world(transactional_db):
    solutions.places()
    solutions.register()
    solutions.load_content()
    load_catalogue()
    call_command("load_purposes", verbosity=0)
    return factories.sites()


def test_public_pages_have_no_violation_and_never_scroll_sideways(world, open_page, violations):
    """In both themes; 360 pixels are enough."""
    page = open_page("/fr/")

    def look(address):
        assert violations(page) == [], address
        with dark_and_narrow(page, 360):
            assert violations(page, BY_LOOK) == [], f"{address}, dark and narrow"
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address

    for address in PAGES:
        page.goto(address)
        look(address)
    page.goto("/fr/diagnosis/")
    with page.expect_navigation():
        page.click("main form button.primary")
    look("a question of the diagnosis")
    assert page.complaints == []


def test_the_whole_way_without_a_script(world, open_page):
    """Refuse cookies, take the diagnosis, tick a step, open the account up to the code: plain forms only."""
    page = open_page("/fr/regions/bretagne/", script=False, language="fr-FR")

    def press(place):
        with page.expect_navigation():
            place.click()

    press(page.locator(".cookiebar button[value=refuse]"))
    assert page.url.endswith("/fr/regions/bretagne/")
    expect(page.locator("footer").last).to_be_visible()
    expect(page.locator(".cookiebar")).to_have_count(0)
    assert Consent.objects.get().answer == "refused"
    press(page.locator("main .hero a.primary"))
    press(page.locator("main form button.primary").first)
    while "/question/" in page.url:
        page.locator("input[name=choice]").nth(0).check()
        press(page.locator("main form button.primary"))
    assert page.url.endswith("/result/")
    press(page.locator("#path form button").first)
    diagnosis = Diagnosis.objects.get()
    assert diagnosis.region_id == "53"
    assert diagnosis.steps.filter(done_at__isnull=False).count() == 1
    press(page.locator("main .hero a.primary"))
    page.fill("input[name=siren]", "100 000 017")
    press(page.get_by_role("button", name="Trouver mon entreprise"))
    expect(page.locator("main")).to_contain_text("BISCUITERIE DU PHARE")
    page.fill("input[name=first_name]", "Claire")
    page.fill("input[name=last_name]", "Le Goff")
    page.fill("input[name=email]", "claire@example.example")
    page.fill("input[name=password]", solutions.PASSWORD)
    press(page.locator("main form button.primary"))
    diagnosis.refresh_from_db()
    assert diagnosis.company.siren == solutions.SIREN


def test_a_question_is_answered_by_keyboard_alone(world, open_page):
    page = open_page("/fr/diagnosis/")
    for place in (".cookiebar button[value=refuse]", "main form button.primary"):
        with page.expect_navigation():
            page.locator(place).first.press("Enter")
    page.locator("input[name=choice]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/sector/")
    assert Diagnosis.objects.get().answers.get().choice.code == "tried"
