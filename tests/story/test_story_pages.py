"""Every page of the story, as its person sees it: accessible in both themes, in both languages, on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.story.house import House
from tests.story.people import Person

# Addresses by persona; None did not sign in. `{…}` is the first link of that kind on the page named before it.
PAGES: dict[str, list[str]] = {
    "visitor": [
        "/{language}/regions/bretagne/",
        "/{language}/cookies/",
        "/{language}/privacy/",
        "/{language}/about-the-data/",
        "/{language}/diagnosis/",
        "/{language}/solutions/",
        "/{language}/open-account/",
        "/{language}/open-account/900714213/",
        "/{language}/showroom/",
        "/{language}/showroom/search/?q=robot",
        "/{language}/showroom/register/",
        "/demo/mailbox/",
        "/account/login/",
    ],
    "claire_demo": ["/my/", "/my/path/", "/my/diagnosis/", "/my/contact/", "/my/requests/", "/inbox/"],
    "helene": ["/desk/", "/leads/", "/companies/", "/search/?q=iroise", "/showroom-team/monitoring/", "/inbox/"],
    "marc": [
        "/my/shop/",
        "/my/shop/products/",
        "/my/shop/products/create/",
        "/my/shop/enquiries/",
        "/my/report/",
    ],
    "greta": ["/my/enquiries/"],
    "alice": ["/reports/", "/reports/?by=company", "/showroom-team/approvals/", "/showroom-team/shops/"],
    "nora": ["/security/audit/", "/security/audit/?q=iroise"],
}
# The first page that this list offers, by the address of the list.
INSIDE = {
    "/{language}/showroom/search/?q=robot": "ul.cards a",
    "/leads/": "tbody a.main",
    "/companies/": "tbody a.main",
    "/showroom-team/monitoring/": "tbody a.main",
    "/my/shop/products/": "tbody a.main",
    "/my/shop/enquiries/": "tbody a.main",
    "/my/enquiries/": "tbody a.main",
    "/reports/?by=company": "#figures section.section th a",
    "/security/audit/?q=iroise": "tbody a.main",
}
# Words that betray a label left in the other language. Texts of people (messages, descriptions) are not labels.
ENGLISH = re.compile(
    r"\b(the|your|with|and|this|search|show|save|cancel|requests?|company|companies|products?|next|previous|sign in"
    r"|state|language|filters?|clear|notifications?|answer|country|register)\b",
    re.IGNORECASE,
)
LABELS = "label, button, th, legend, nav a, h1, h2, h3, summary, dt"


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("persona", PAGES)
def test_pages_of_the_story(
    house: House, arrive: Callable[..., Person], violations: Callable[[Any], list[str]], persona: str, theme: str
) -> None:
    """Light is read in French on a wide screen, dark in English on a phone: no fault, no side scrolling."""
    french = theme == "light"
    person = arrive(theme=theme, language="fr-FR" if french else "en-GB", width=1440 if french else 360)
    if persona != "visitor":
        person.sign_in_as(persona)
    faults: list[str] = []
    for path in PAGES[persona]:
        address = path.format(language="fr" if french else "en")
        person.page.goto(address)
        faults += _faults(person, violations, french)
        if inside := INSIDE.get(path):
            link = person.page.locator(inside).first
            target = link.get_attribute("href")
            assert target, address
            person.page.goto(target)
            faults += _faults(person, violations, french)
    assert not faults + person.complaints, "\n".join(faults + person.complaints)


def _faults(person: Person, violations: Callable[[Any], list[str]], french: bool) -> list[str]:
    page = person.page
    page.wait_for_load_state("load")
    found = [f"{page.url}: {fault}" for fault in violations(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: scrolls sideways at {page.viewport_size['width']} px")
    if french:
        for words in page.locator(f":is({LABELS}):not([lang]):not([lang] *)").all_inner_texts():
            if ENGLISH.search(words):
                found.append(f"{page.url}: not translated: {words[:80]!r}")
    return found
