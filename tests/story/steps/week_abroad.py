"""Yuki follows what partners abroad do for companies; Lars is one of them and finds nothing else."""

from datetime import date

from playwright.sync_api import expect

from tests.story.people import Person
from tests.story.steps.week_helene import COMPANY

EXPECTED = "Trois importateurs de semoirs, avec leur service après-vente."
RESULT = "Quatre importateurs vus à Hanovre, deux attendent des prix."
JUDGED = "Importateurs sérieux, compte rendu complet."
PROOF = "Salon de Hanovre : quatre importateurs sur le stand."


def accept(person: Person, persona: str) -> None:
    """The proposal that waits on one's desk; one is in charge afterwards."""
    page = person.page
    page.goto("/desk/")
    with page.expect_navigation():
        page.locator("main .notice").first.get_by_role("link").first.click()
    person.send(person.page.get_by_role("button", name="Accept and take charge").first)
    expect(page.locator("main aside .person").first).to_contain_text(person.house.people[persona]["name"])


def propose_to_partner(yuki: Person, lead: str, partner: str) -> None:
    """Her proposal to a private partner; the first asks the company, the second goes."""
    page = yuki.page
    page.goto(lead)
    page.locator("details:has(form[action$='/hand-over/']) > summary").click()
    form = page.locator("form[action$='/hand-over/']")
    form.locator("[name=email]").fill(partner)
    form.locator("[name=note]").fill("Importateurs du nord de l’Allemagne.")
    form.locator("[name=need]").fill(EXPECTED)
    yuki.send(form.get_by_role("button", name="Propose"))


def agree(marc: Person) -> None:
    """The company is asked in its own space, and says yes."""
    marc.page.goto("/fr/consents/")
    expect(marc.page.locator("main")).to_contain_text("Handelsbrücke")
    form = marc.page.locator("form[action*='/questions/']").first
    marc.send(form.locator("button[value=yes]"))


def running_missions(yuki: Person, country: str) -> int:
    yuki.page.goto("/missions/")
    row = yuki.page.locator("tr[data-partner]", has_text=country).first
    expect(row).to_be_visible()
    return int(row.locator("td").nth(2).inner_text())


def set_deadline(yuki: Person, on: date) -> str:
    """The mission of the company's newest request: what is expected, and by when. Its address."""
    page = yuki.page
    page.goto("/missions/?sort=newest")
    page.goto(page.locator("#list tbody tr", has_text=COMPANY).first.locator("a.main").get_attribute("href"))
    address = str(page.url)
    form = page.locator("form[action$='/change/']")
    form.locator("[name=what]").fill(EXPECTED)
    form.locator("[name=due_on]").fill(on.isoformat())
    yuki.send(form.locator("button[type=submit]"))
    return address


def report(lars: Person, mission: str) -> None:
    """From the list on his phone to the result, proven by an exchange of his own."""
    page = lars.page
    page.goto("/missions/?sort=newest")
    expect(page.locator("#list tbody tr").first).to_contain_text(COMPANY)
    page.goto(mission)
    expect(page.locator("main")).to_contain_text(EXPECTED)
    form = page.locator("form[action$='/report/']")
    form.locator("[name=result]").fill(RESULT)
    form.locator("[name=meetings]").fill("4")
    lars.follow("Open the request")
    log = page.locator("form#log")
    log.get_by_label("Meeting").check(force=True)
    log.locator("textarea[name=summary]").fill(PROOF)
    log.locator("select[name=visibility]").select_option("team")
    lars.send(log.get_by_role("button", name="Log"))
    page.goto(mission)
    form.locator("[name=result]").fill(RESULT)
    form.locator("[name=meetings]").fill("4")
    lars.send(form.get_by_role("button", name="Report"))


def judge(yuki: Person, mission: str) -> None:
    page = yuki.page
    page.goto(mission)
    expect(page.locator("main")).to_contain_text(RESULT)
    form = page.locator("form[action$='/review/']")
    quality = form.locator("[name=quality]").first
    if quality.evaluate("field => field.type") == "radio":
        form.locator("[name=quality][value='4']").check(force=True)
    elif quality.evaluate("field => field.tagName") == "SELECT":
        quality.select_option("4")
    else:
        quality.fill("4")
    form.locator("[name=quality_note]").fill(JUDGED)
    yuki.send(form.get_by_role("button", name="Judge"))
