"""The style guide in a real browser: no accessibility finding, nothing outside the policy, and what the script adds."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import expect

from tests.browser import BY_LOOK, dark_and_narrow

PAGE = "/ui/style-guide/"


@pytest.fixture
def reader(db):
    return get_user_model().objects.create_user(
        email="reader@pavillon.example", first_name="Karim", last_name="Benali", language="en"
    )


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def test_the_style_guide_is_for_signed_in_people_of_a_demo(reader, settings):
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, {"email": "nobody"}).status_code == 422
    settings.DEMO = False
    assert client.get(PAGE).status_code == 403


def test_an_unknown_address_gets_our_page(client, db):
    response = client.get("/fr/nowhere/at/all/")
    assert response.status_code == 404
    assert b'id="main"' in response.content


@pytest.mark.browser
def test_no_accessibility_finding_in_both_themes_and_widths(open_page, violations, reader):
    for width, theme in ((360, "light"), (1440, "dark"), (1440, "light")):
        page = open_page(PAGE, user=reader, width=width, theme=theme)
        page.locator(".alt > summary").first.click()
        look = (width, theme)
        assert (violations(page, BY_LOOK) if theme == "dark" else violations(page)) == [], look
        assert page.complaints == [], look
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    # A theme that changes while one reads.
    with dark_and_narrow(page, 360):
        assert violations(page, BY_LOOK) == [], "dark and narrow"


@pytest.mark.browser
def test_what_the_script_adds(open_page, violations, reader, live_server):
    """Theme, menus, dialogs, toasts; and no request leaves the house."""
    page = open_page(PAGE, user=reader, theme="light")
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    # The server wrote it: the colours are right before any script runs.
    assert 'data-theme="dark"' in page.request.get(PAGE).text()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 30)"

    opener = page.locator("summary[aria-label='More actions']")
    opener.click()
    archive = page.get_by_role("link", name="Archiver")
    expect(archive).to_be_visible()
    page.keyboard.press("Escape")
    expect(archive).to_be_hidden()
    expect(opener).to_be_focused()

    page.get_by_role("link", name="Fenêtre").click()
    dialog = page.get_by_role("dialog", name="Fenêtre")
    expect(dialog).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('toast', {bubbles: true, detail: {text: 'Lead', level: 'ok'}}))"
    )
    expect(page.locator("#toasts .toast", has_text="Lead")).to_be_visible()
    assert page.locator("#toasts").get_attribute("aria-live") == "polite"

    assert asked
    assert [url for url in asked if not url.startswith(live_server.url)] == []


@pytest.mark.browser
def test_without_script(open_page, reader):
    """The drawer of the phone opens, and a form tells its errors."""
    page = open_page(PAGE, user=reader, width=390, script=False)
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.locator("#side")).to_be_visible()
    page.keyboard.press("Escape")

    page.locator("form.form").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("#id_company").get_attribute("aria-invalid") == "true"
    assert "id_company_error" in page.locator("#id_company").get_attribute("aria-describedby")
