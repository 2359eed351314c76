"""Tom buys for a company in Brazil, reads no French and holds a phone."""

import time

from playwright.sync_api import expect

from tests.story.people import Person
from tests.story.steps.claire import confirm_address

EMAIL = "tom.oliveira@padaria-oliveira.example"
COMPANY = "Padaria Oliveira"
NOT_REFERENCED = "aromes-du-pays-de-grasse"
QUESTION = "Does the wrapping robot run on 220 V at 60 Hz, and can you ship to Santos?"


def find_product(tom: Person, product: str) -> None:
    """With a typing error, and from the beginning of a word."""
    page = tom.page
    page.goto("/en/showroom/")
    tom.reads("French makers", "Search")
    for words in ("cartesain wraping robot", "wrapping cartes"):
        page.goto("/en/showroom/")
        box = page.locator("form[role=search] input[name=q]:visible").first
        box.fill(words)
        with page.expect_navigation():
            box.press("Enter")
        first = page.locator("ul.cards li").first
        expect(first).to_contain_text(product)
    with page.expect_navigation():
        first.get_by_role("link").first.click()


def read_product(tom: Person, product: str) -> None:
    """Everything in English, with the marker of the showroom, which sellers that are not referenced do not have."""
    page = tom.page
    tom.reads(product, "Ask a question", "Mécanique Iroise")
    assert page.locator("html").get_attribute("lang") == "en"
    address = page.url
    marker = page.locator("a.marker")
    expect(marker.first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    with page.expect_navigation():
        marker.first.click()
    assert "/en/showroom/" in page.url, page.url
    page.goto(f"/en/showroom/shops/{NOT_REFERENCED}/")
    tom.reads("Contact this company")
    expect(page.locator("a.marker")).to_have_count(0)
    page.goto(address)


def ask_and_register(tom: Person) -> None:
    """He writes first; then he registers, once, and what he wrote is sent by itself."""
    page = tom.page
    tom.follow("Ask a question")
    page.locator("input[name=kind][value=question], select[name=kind]").first.wait_for()
    page.locator("textarea[name=text]").fill(QUESTION)
    _send(tom)
    tom.reads("Register as a professional buyer", "is kept")
    fields = {
        "company_name": COMPANY,
        "first_name": "Tom",
        "last_name": "Oliveira",
        "job_title": "Buyer",
        "email": EMAIL,
        "password": "Pao-de-queijo-em-Santos-9",
    }
    for name, words in fields.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator("select[name=sector]").select_option(index=1)
    page.locator("input[name=is_professional]").check()
    # The country is not optional: the browser says so, and so does the server.
    assert page.locator("select[name=country]").get_attribute("required") is not None
    page.locator("main form.form").evaluate("form => form.noValidate = true")
    _send(tom)
    expect(page.locator("select[name=country]")).to_have_attribute("aria-invalid", "true")
    tom.expects(422)
    page.locator("select[name=country]").select_option("BR")
    page.locator("input[name=password]").fill(fields["password"])
    _send(tom)


def confirm(tom: Person) -> float:
    """Type the code of the mail; the question leaves then. The moment it did."""
    confirm_address(tom, EMAIL)
    return time.monotonic()


def read_answer(tom: Person, answer: str) -> None:
    """The answer under his question; he then looks at the product again, as a known buyer of Brazil."""
    page = tom.page
    page.goto("/my/enquiries/")
    with page.expect_navigation():
        page.locator("main a[href*='/my/enquiries/']", has_text="Mécanique").first.click()
    tom.reads(QUESTION, answer)
    with page.expect_navigation():
        page.locator("main a[href*='/showroom/products/']").first.click()


def _send(tom: Person) -> None:
    with tom.page.expect_navigation():
        tom.page.locator("main form.form button.primary").first.click()
