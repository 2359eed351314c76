"""Karim's week at the bank: a colleague's request, his portfolio, a service from the order to what the company says."""

import re
from datetime import date

from playwright.sync_api import expect

from tests.story.people import Person
from tests.story.steps.week_helene import COMPANY, PRIVATE_WORDS, REASON, SEEN

TAKEN = "Conserverie de Penfoulic"
SERVICE = "Montage d’une assurance-prospection"
BANK_NOTE = "La maison mère garantit la ligne de crédit."
VERDICT = "Dossier monté en dix jours, merci."


def decline(karim: Person) -> None:
    """He says why; the request stays where it is."""
    _open_proposal(karim)
    page = karim.page
    page.locator("details:has(form[action$='/decline/']) > summary").click()
    form = page.locator("form[action$='/decline/']")
    form.locator("[name=reason]").fill(REASON)
    karim.send(form.locator("button[type=submit]"))


def accept(karim: Person) -> None:
    _open_proposal(karim)
    karim.send(karim.page.get_by_role("button", name="Accepter et prendre en charge").first)
    expect(karim.page.locator("main aside")).to_contain_text("Karim Benali")


def _open_proposal(karim: Person) -> None:
    karim.page.goto("/desk/")
    with karim.page.expect_navigation():
        karim.page.locator(".notice", has_text="Hélène Le Goff").get_by_role("link").first.click()
    expect(karim.page.locator("main")).to_contain_text(COMPANY)


def take_potential(karim: Person) -> None:
    """A company that nobody follows enters his portfolio; the list of his portfolio says so."""
    page = karim.page
    page.goto("/potentials/")
    row = page.locator("tbody tr", has_text=TAKEN)
    row.locator("select[name=adviser]").select_option(label="Karim Benali")
    karim.send(row.get_by_role("button").first)
    account = karim.house.people["karim"]
    page.goto("/companies/?followed.yes=1&q=Penfoulic")
    expect(page.locator("tbody")).to_contain_text(TAKEN)
    page.goto(page.locator("tbody a.main", has_text=TAKEN).first.get_attribute("href"))
    expect(page.locator("main")).to_contain_text(account["name"])


def read_timeline(karim: Person, company: str) -> None:
    """Visits alone, then requests alone: the filters hold, and the note kept at the chamber is in neither."""
    page = karim.page
    page.goto(f"{company}timeline/")
    lines, filters = page.locator("main .timeline"), page.locator("main a[href*='timeline/?kind=']")
    expect(lines).to_contain_text(SEEN)
    expect(lines).not_to_contain_text(PRIVATE_WORDS)
    filters.filter(has_text="Demandes").click()
    expect(lines).not_to_contain_text(SEEN)
    expect(lines).to_contain_text("Demande reçue")
    filters.filter(has_text="Visite").click()
    expect(lines).to_contain_text(SEEN)
    expect(lines).not_to_contain_text("Demande reçue")


def note_for_the_bank(karim: Person, company: str) -> None:
    """What he writes and shares with nobody is for his own house."""
    page = karim.page
    page.goto(f"{company}timeline/")
    form = page.locator("form[action$='/log/']").first
    form.get_by_label("Note").check(force=True)
    form.locator("textarea[name=summary]").fill(BANK_NOTE)
    karim.post(form.get_by_role("button", name="Consigner"))
    expect(page.locator("main .timeline")).to_contain_text(BANK_NOTE)


def order(karim: Person, lead: str) -> str:
    """From the page of the request: the order, its delivery today. The order's address."""
    page = karim.page
    page.goto(lead)
    page.locator("#panel-services-lead_services").scroll_into_view_if_needed()
    karim.follow("Commander un service")
    found = page.locator("select[name=service] option", has_text=SERVICE).get_attribute("value")
    page.locator("select[name=service]").select_option(found)
    page.locator("input[name=agreed][value=yes]").check(force=True)
    karim.send(karim.page.get_by_role("button", name="Noter le service").first)
    expect(page.locator("main")).to_contain_text(COMPANY)
    page.goto("/services/")
    found = page.locator("tbody tr", has_text=COMPANY).filter(has_text=SERVICE).locator("a.main").first
    return str(found.get_attribute("href"))


def deliver(karim: Person, order: str, on: date) -> None:
    page = karim.page
    page.goto(order)
    karim.send(karim.page.get_by_role("button", name="Commencer la livraison").first)
    page.locator("input[name=delivered_on]").fill(on.isoformat())
    karim.send(karim.page.get_by_role("button", name="Marquer comme livré").first)
    expect(page.locator("main")).to_contain_text("Livré")


def answer_survey(marc: Person) -> None:
    """The company answers from its letter, without signing in."""
    account = marc.house.people["marc"]
    _subject, text = marc.wait_for_letter(account["email"], "assurance-prospection")
    found = re.search(r"https?://\S+/survey/\S+", text)
    assert found, text
    marc.page.goto(found.group(0))
    marc.page.locator("input[name=score][value='9']").check(force=True)
    marc.page.locator("textarea[name=verbatim]").fill(VERDICT)
    marc.send(marc.page.locator("main form button[type=submit]").first)


def read_verdict(karim: Person, order: str) -> None:
    karim.page.goto(order)
    expect(karim.page.locator("main")).to_contain_text("9 / 10")
    expect(karim.page.locator("main")).to_contain_text(VERDICT)
