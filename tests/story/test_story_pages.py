"""Every page of the story, as its person sees it: accessible in both themes, on a wide screen and a narrow one."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from pavillon.directory.demo import INES_SIREN
from tests.browser import BY_LOOK, dark_and_narrow
from tests.story.house import House
from tests.story.people import Person
from tests.story.steps.claire import confirm_address

# Addresses by persona; the visitor did not sign in. What one reaches by doing something is in TOURS.
PAGES: dict[str, list[str]] = {
    "visitor": [
        "/fr/regions/bretagne/",
        "/fr/cookies/",
        "/fr/privacy/",
        "/fr/about-the-data/",
        "/fr/solutions/",
        "/fr/open-account/",
        "/fr/showroom/",
        "/fr/showroom/search/?q=robot",
        "/fr/showroom/register/",
        "/demo/mailbox/",
        "/account/login/",
    ],
    # Another visitor, who reads no French.
    "buyer": ["/en/regions/bretagne/", "/en/showroom/", "/en/showroom/search/?q=robot", "/en/showroom/register/"],
    "claire_demo": ["/my/", "/my/path/", "/my/diagnosis/", "/my/contact/", "/my/requests/", "/inbox/"],
    "helene": ["/desk/", "/leads/", "/companies/", "/search/?q=iroise", "/showroom-team/monitoring/", "/inbox/"],
    "bruno": [
        "/duplicates/",
        "/duplicates/thresholds/",
        "/quality/",
        "/quality/freshness/",
        "/intake/bring/",
        "/segments/create/",
        "/target-lists/",
        "/conflicts/",
        "/merges/",
    ],
    "marc": [
        "/my/shop/",
        "/my/shop/products/",
        "/my/shop/products/create/",
        "/my/shop/enquiries/",
        "/my/report/",
    ],
    "greta": ["/my/enquiries/"],
    "alice": ["/reports/", "/reports/?by=company", "/showroom-team/approvals/", "/showroom-team/shops/"],
    "olivier": ["/register/", "/register/import/"],
    "nora": ["/security/audit/", "/security/audit/?q=iroise"],
}
# What to open from such a list: the first link of each kind.
INSIDE: dict[str, list[str]] = {
    "/fr/showroom/search/?q=robot": ["ul.cards a"],
    "/en/showroom/search/?q=robot": ["ul.cards a"],
    "/leads/": ["tbody a.main"],
    "/companies/": ["tbody a.main"],
    "/showroom-team/monitoring/": ["tbody a.main"],
    "/my/shop/products/": ["tbody a.main"],
    "/my/shop/enquiries/": ["tbody a.main"],
    "/my/enquiries/": ["tbody a.main"],
    "/duplicates/": ["tbody a.main"],
    "/reports/": [f"a[href*='/behind/{stage}/']" for stage in ("views", "enquiries", "leads", "taken")],
    "/reports/?by=company": ["#figures section.section th a"],
    "/security/audit/?q=iroise": ["tbody a.main"],
}


def _diagnose_and_join(person: Person) -> Iterator[None]:
    """A question of the diagnosis, the result of all of them, who asks to join a company, the code, the welcome."""
    page = person.page
    page.goto("/fr/diagnosis/")
    yield
    _send(person, "main form[method=post] button.primary")
    yield
    while page.locator("main input[type=radio]").count():
        page.locator("main input[type=radio]").first.check()
        _send(person, "main form[method=post] button.primary")
    yield
    page.goto(f"/fr/open-account/{INES_SIREN}/")
    yield
    known = {"first_name": "Noé", "last_name": "Le Bihan", "email": NEWCOMER, "password": "Une-longue-phrase-29"}
    for name, words in known.items():
        page.locator(f"input[name={name}]").fill(words)
    _send(person, "main form.form button.primary")
    yield
    confirm_address(person, NEWCOMER)
    assert page.url.endswith("/open-account/done/"), page.url
    yield


def _log_call(person: Person) -> Iterator[None]:
    """The form that logs an exchange: on a request, and opened on its company's page."""
    page = person.page
    page.goto("/leads/?state=taken")
    page.goto(page.locator("tbody a.main").first.get_attribute("href"))
    expect(page.locator("form#log")).to_be_visible()
    yield
    page.goto(page.locator("main a[href^='/companies/']").first.get_attribute("href"))
    page.locator("main form[action$='/log/']").first.wait_for(state="attached")
    for summary in page.locator("details:has(form[action$='/log/']) > summary").all():
        summary.click()
    expect(page.locator("main form[action$='/log/']").first).to_be_visible()
    yield


def _keep_the_base(person: Person) -> Iterator[None]:
    """A partner's file from its columns to its rehearsal; a segment; a batch of merges; two records that are merged."""
    page = person.page
    page.goto("/intake/bring/")
    lines = "SIREN;Raison sociale;Ville;E-mail\n900714213;Aulne;Châteaulin;contact@aulne.example\nx;Faux;;\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "club.csv", "mimeType": "text/csv", "buffer": lines.encode()}
    )
    page.locator("input[name=new_name]").fill("Club export")
    page.locator("select[name=new_kind]").select_option(index=1)
    page.locator("input[name=observed_on]").fill("2026-10-01")
    page.locator("select[name=legal_basis]").select_option(index=1)
    _send(person, "main form.form button.primary")
    assert page.url.endswith("/columns/"), person.text()
    yield
    _send(person, "main form button.primary")
    page.locator("main a[href$='/take/']").first.wait_for()
    yield
    page.goto("/intake/")
    yield
    page.goto("/segments/create/")
    page.locator("input[name=name]").fill("Agroalimentaire")
    _send(person, "main button[value=save]")
    yield
    page.goto("/duplicates/batches/rehearse/")
    yield
    page.locator("input[name=title]").fill("Paires certaines")
    _send(person, "main form button.primary")
    yield
    page.goto("/companies/")
    first, second = (link.get_attribute("href") for link in page.locator("tbody a.main").all()[:2])
    page.goto(f"{first}duplicates/")
    yield
    page.goto(f"{first}merge/{second.strip('/').rpartition('/')[2]}/")
    yield


TOURS: dict[str, Callable[[Person], Iterator[None]]] = {
    "visitor": _diagnose_and_join,
    "helene": _log_call,
    "bruno": _keep_the_base,
}
NEWCOMER = "noe.lebihan@entreprise.example"
# Words that betray a label left in the other language. Texts of people (messages, descriptions) are not labels.
ENGLISH = re.compile(
    r"\b(the|your|with|and|this|search|show|save|cancel|requests?|company|companies|products?|next|previous|sign in"
    r"|state|language|filters?|clear|notifications?|answer|country|register)\b",
    re.IGNORECASE,
)
LABELS = "label, button, th, legend, nav a, h1, h2, h3, summary, dt"


@pytest.mark.browser
@pytest.mark.parametrize("persona", PAGES)
def test_pages_of_the_story(
    house: House, arrive: Callable[..., Person], violations: Callable[..., list[str]], persona: str
) -> None:
    """Each page twice: light on a wide screen, then dark on a narrow one. No fault, no English, no side scrolling."""
    person = arrive(language="en-GB" if persona == "buyer" else "fr-FR")
    if persona in house.people:
        person.sign_in_as(persona)
    faults: list[str] = []
    for path in PAGES[persona]:
        person.page.goto(path)
        faults += _faults(person, violations)
        for target in [person.page.locator(inside).first.get_attribute("href") for inside in INSIDE.get(path, ())]:
            assert target, path
            person.page.goto(target)
            faults += _faults(person, violations)
    if tour := TOURS.get(persona):
        for _step in tour(person):
            faults += _faults(person, violations)
    assert not faults + person.complaints, "\n".join(faults + person.complaints)


def _send(person: Person, button: str) -> None:
    with person.page.expect_navigation():
        person.page.locator(button).first.click()


def _faults(person: Person, violations: Callable[..., list[str]]) -> list[str]:
    page = person.page
    page.wait_for_load_state("load")
    found = [f"{page.url}: {fault}" for fault in violations(page)]
    if page.locator("html").get_attribute("lang") == "fr":
        for words in page.locator(f":is({LABELS}):not([lang]):not([lang] *)").all_inner_texts():
            if ENGLISH.search(words):
                found.append(f"{page.url}: not translated: {words[:80]!r}")
    with dark_and_narrow(page, 360):
        found += [f"{page.url} (dark, narrow): {fault}" for fault in violations(page, BY_LOOK)]
        for width in (360, 320):
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{page.url}: scrolls sideways at {width} px")
    return found
