"""A session that ends while somebody works costs a sign-in, never the words that were typed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.story.people import WAIT, Person

WORDS = "Trois minutes de notes qu'on n'écrira pas deux fois."


def open_a_request(person: Person) -> str:
    """The first request of one's list on which an exchange can be logged."""
    person.page.goto("/leads/")
    links = person.page.locator("main a").evaluate_all("links => links.map((link) => link.pathname)")
    for address in dict.fromkeys(link for link in links if re.fullmatch(r"/leads/\d+/", link)):
        person.page.goto(address)
        if person.page.locator("form#log").count():
            return str(person.page.url)
    raise AssertionError(f"No request of this person takes an exchange: {links}")


@pytest.mark.browser
def test_words_typed_before_the_session_ended_come_back(arrive: Callable[..., Person]) -> None:
    karim = arrive()
    karim.sign_in_as("karim")
    address = open_a_request(karim)
    form = karim.page.locator("form#log")
    form.locator("textarea[name=summary]").fill(WORDS)

    karim.context.clear_cookies(name="sessionid")
    # The page itself may notice at the same time that the session is over, and lead to the same entrance.
    form.get_by_role("button", name="Consigner").click()
    expect(karim.page).to_have_url(re.compile("/account/login/"), timeout=WAIT)
    account = karim.house.people["karim"]
    karim.page.locator("input[name=login]").fill(account["email"])
    karim.page.locator("input[name=password]").fill(account["password"])
    karim.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    expect(karim.page).to_have_url(address, timeout=WAIT)
    # Browsers unseal in their own time.
    expect(karim.page.locator("form#log textarea[name=summary]")).to_have_value(WORDS)
    assert not karim.complaints


@pytest.mark.browser
def test_a_refused_form_says_so_where_the_eyes_are_and_its_address_can_be_entered_again(
    arrive: Callable[..., Person],
) -> None:
    karim = arrive()
    karim.sign_in_as("karim")
    address = open_a_request(karim)
    form = karim.page.locator("form#log")
    form.locator("textarea[name=summary]").fill(WORDS)
    form.evaluate("form => (form.noValidate = true)")
    form.locator("input[name=duration_minutes]").fill("-5")
    with karim.page.expect_navigation():
        form.get_by_role("button", name="Consigner").click()
    karim.expects(422)
    summary = karim.page.locator(".notice.errors")
    expect(summary).to_be_focused()
    expect(summary).to_be_visible()
    expect(karim.page.locator("form#log textarea[name=summary]")).to_have_value(WORDS)
    summary.locator("a").first.click()
    karim.page.goto(karim.page.url.split("#")[0])
    assert karim.page.url == address
