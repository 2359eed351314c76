"""Hélène advises companies at the chamber of commerce of Bretagne; Gaël does in another region."""

import re
import time
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.story.people import WAIT, Person, shut

NOTE = "Négocie en secret avec un distributeur de Bilbao : marge de 31 %."
PRIVATE_WORDS = "distributeur de Bilbao"
NEXT_ACTION = "Envoyer la grille de prix export"


def watch_desk(helene: Person) -> None:
    """Her workspace is open and stays so."""
    helene.sign_in_as("helene")
    helene.page.goto("/desk/")
    helene.listens()
    helene.page.evaluate("window.stayedOpen = true")


def see_request_arrive(helene: Person, subject: str, since: float) -> float:
    """The request comes by itself; seconds between Claire's click and the line on the open desk.

    Nobody reloads: the window keeps a mark that a reload would wipe out.
    """
    line = helene.page.locator("#waiting .task", has_text=subject).filter(has_text="Biscuiterie")
    line.first.wait_for(timeout=WAIT)
    seconds = time.monotonic() - since
    assert helene.page.evaluate("window.stayedOpen") is True
    return seconds


def be_told(helene: Person, subject: str) -> None:
    """A notification in the inbox, its number on the bell, and a mail in her language."""
    address = helene.house.people["helene"]["email"]
    helene.wait_for_letter(address, "demande")
    window = helene.open_window()
    window.goto("/inbox/")
    expect(window.locator("main")).to_contain_text(subject)
    shut(window)


def open_request(helene: Person, subject: str) -> str:
    """The request with its origin, legal basis, diagnosis, company and the reason of its routing."""
    page = helene.page
    with page.expect_navigation():
        page.locator("#waiting .task", has_text=subject).filter(has_text="Biscuiterie").get_by_role(
            "link"
        ).first.click()
    helene.reads("Pourquoi", "Base légale", "Mission d'intérêt public", "Biscuiterie", "Suivie par", "Hélène Le Goff")
    helene.reads("Diagnostic de maturité export", "Finances", "/100")
    return str(page.url)


def take_charge(helene: Person) -> None:
    page = helene.page
    helene.press("Prendre en charge", within=page.locator(".record"))
    helene.reads("temps ouvré")
    expect(page.get_by_role("button", name="Prendre en charge")).to_have_count(0)


def log_call(helene: Person) -> None:
    """What was said stays in her organisation; what is next has a date."""
    page = helene.page
    form = page.locator("form#log")
    form.get_by_label("Appel").check(force=True)
    form.locator("textarea[name=summary]").fill(NOTE)
    form.locator("input[name=next_action]").fill(NEXT_ACTION)
    form.locator("input[name=next_action_on]").fill((date.today() + timedelta(days=6)).isoformat())
    form.locator("select[name=visibility]").select_option("organisation")
    # Whatever refreshed itself meanwhile left alone what she typed.
    expect(form.locator("textarea[name=summary]")).to_have_value(NOTE)
    expect(form.locator("input[name=next_action]")).to_have_value(NEXT_ACTION)
    helene.send(form.get_by_role("button", name="Consigner"))
    helene.reads(NEXT_ACTION, NOTE)


def read_timeline(helene: Person) -> str:
    """One timeline for the company: account, diagnosis, request and call. The company's address."""
    page = helene.page
    with page.expect_navigation():
        page.locator(".record .subline a").first.click()
    page.locator(".timeline").first.wait_for()
    page.wait_for_function("word => document.querySelector('main').innerText.includes(word)", arg=PRIVATE_WORDS)
    helene.reads(NOTE, "Hélène Le Goff", "CCI Bretagne")
    return str(page.url)


def does_not_find(gael: Person, company: str, lead: str) -> None:
    """The private note stays out of a colleague's lists, search, addresses and API."""
    number = re.search(r"/companies/(\d+)/", company)
    assert number
    page = gael.page
    for address in (
        "/leads/?whose=all",
        "/leads/",
        "/search/?q=Bilbao",
        "/search/?q=Biscuiterie",
        "/companies/?q=aulne",
    ):
        page.goto(address)
        gael.does_not_read(PRIVATE_WORDS, NEXT_ACTION)
    request = gael.context.request
    for address in (company, f"{company}timeline/", f"{company}timeline/lines/"):
        answer = request.get(address)
        assert PRIVATE_WORDS not in answer.text(), address
    assert request.get(lead).status == 404
    for address in (
        f"/api/v1/crm/interactions?company={number.group(1)}",
        f"/api/v1/crm/leads?company={number.group(1)}",
        f"/api/v1/directory/companies/{number.group(1)}",
    ):
        answer = request.get(address)
        assert answer.status in (200, 404), f"{address}: {answer.status} {answer.text()[:300]}"
        assert PRIVATE_WORDS not in answer.text(), address


def follow_enquiry(helene: Person, company: str, text: str, *, is_shared: bool) -> None:
    """In the monitoring list: that it exists, its state and response time; the words only when they are shared."""
    page = helene.page
    page.goto("/showroom-team/monitoring/")
    row = page.locator("#list tbody tr", has_text=company).first
    expect(row).to_contain_text(re.compile(r"\d+\s*(min|h|j)|<|moins"))
    with page.expect_navigation():
        row.locator("a.main").click()
    helene.reads(company)
    if is_shared:
        helene.reads(text)
    else:
        helene.does_not_read(text)
