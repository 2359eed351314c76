"""Hélène's week at the chamber: her agenda, the request that came to her, a colleague, a visit, the board."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.story.people import Person

COMPANY = "Semoirs Kerbriand"
NOTE = "Le concurrent italien leur propose 18 % de remise : à taire."
PRIVATE_WORDS = "concurrent italien"
PROMISE = "Envoyer la liste des transitaires"
PRIVATE_ENTRY = "Kiné, à ne pas déplacer"
VISIT = "Visite de la chaîne de soudure"
SEEN = "Chaîne vue, deux machines partent au Canada au printemps."
REASON = "Mon comité est complet jusqu’en janvier."
FIRST_THINGS = "Relire le dossier de la machine à semer."


def apply_typical_week(helene: Person, monday: date) -> None:
    """Monday morning: the hours of her typical week stand in a week to come."""
    page = helene.page
    page.goto("/agenda/typical-week/")
    page.locator("input[name=monday]").fill(monday.isoformat())
    helene.send(helene.page.get_by_role("button", name="Poser ces créneaux").first)
    page.goto(f"/agenda/?view=week&on={monday.isoformat()}")
    expect(page.locator("main")).to_contain_text("Visites clientèles")


def find_request(helene: Person) -> str:
    """The newest request of the company on her desk: it was routed to her. Its address."""
    helene.page.goto("/desk/")
    line = helene.page.locator("#waiting .task", has_text=COMPANY).first
    expect(line).to_be_visible()
    return str(line.get_by_role("link").first.get_attribute("href"))


def take_charge(helene: Person, lead: str) -> None:
    helene.page.goto(lead)
    helene.send(helene.page.locator(".record").get_by_role("button", name="Prendre en charge"))
    expect(helene.page.locator("#lead-facts")).to_contain_text("temps ouvré")


def log_call_by_keyboard(helene: Person) -> None:
    """One key to the words, two to store them: no mouse. Unshared, they stay in her organisation."""
    page = helene.page
    page.keyboard.press("l")
    expect(page.locator("#log textarea[name=summary]")).to_be_focused()
    page.keyboard.type(NOTE)
    with page.expect_response(lambda answer: answer.request.method == "POST"), page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#lead-exchanges")).to_contain_text(NOTE)


def promise(helene: Person, on: date) -> None:
    """What she promises stands in her agenda on its day, in words."""
    page = helene.page
    lead = page.url
    helene.page.locator("details:has(form[action$='/next-action/']) > summary").click()
    form = page.locator("form[action$='/next-action/']")
    form.locator("[name=next_action]").fill(PROMISE)
    form.locator("[name=next_action_on]").fill(on.isoformat())
    helene.send(form.locator("button[type=submit]"))
    page.goto(f"/agenda/?view=day&on={on.isoformat()}")
    expect(page.locator("main")).to_contain_text(PROMISE)
    page.goto(lead)


def keep_private_hour(person: Person, on: date) -> str:
    """An entry that others see as time taken, and nothing else. Its address."""
    page = person.page
    page.goto(f"/agenda/entries/new/?start={on.isoformat()}T18:30")
    page.locator("[name=title]").fill(PRIVATE_ENTRY)
    page.locator("[name=sight]").select_option("busy")
    person.send(page.locator("main form button[type=submit]").first)
    page.goto(f"/agenda/?view=day&on={on.isoformat()}")
    entry = page.locator("main a[href^='/agenda/entries/']", has_text=PRIVATE_ENTRY).first
    expect(entry).to_be_visible()
    return str(entry.get_attribute("href"))


def hand_over(helene: Person, lead: str, *, email: str, note: str, need: str = "") -> None:
    page = helene.page
    page.goto(lead)
    page.locator("details:has(form[action$='/hand-over/']) > summary").click()
    form = page.locator("form[action$='/hand-over/']")
    form.locator("[name=email]").fill(email)
    form.locator("[name=note]").fill(note)
    form.locator("[name=need]").fill(need)
    helene.send(form.get_by_role("button", name=re.compile("Proposer|Propose")))


def read_refusal(helene: Person) -> None:
    helene.page.goto("/hand-overs/")
    row = helene.page.locator("tr[data-hand-over]", has_text=COMPANY).first
    expect(row).to_contain_text(REASON)


def visit(helene: Person, company: str, on: date) -> None:
    """The visit stands in her agenda, is ticked as done, and what was said is shared with the whole team."""
    page = helene.page
    page.goto(f"/agenda/entries/new/?start={on.isoformat()}T08:00")
    page.locator("[name=title]").fill(VISIT)
    page.locator("[name=kind]").select_option("visit")
    page.locator("[name=company]").fill(COMPANY)
    helene.send(page.get_by_role("button", name="Enregistrer"))
    page.goto(f"/agenda/?view=day&on={on.isoformat()}")
    helene.follow(VISIT, within=page.locator("main"))
    helene.send(helene.page.get_by_role("button", name="Fait").first)
    page.goto(f"{company}timeline/")
    form = page.locator("form[action$='/log/']").first
    form.get_by_label("Visite").check(force=True)
    form.locator("textarea[name=summary]").fill(SEEN)
    form.locator("select[name=outcome]").select_option("positive")
    form.locator("select[name=visibility]").select_option("team")
    helene.post(form.get_by_role("button", name="Consigner"))


def missing_points(person: Person, company: str) -> int:
    """How many points of the checklist a company lacks, as its page tells."""
    answer = person.context.request.get(f"{company}qualification/")
    found = re.search(r"manque (\d+) point", answer.text())
    return int(found.group(1)) if found else 0


def qualified(person: Person) -> dict[str, int]:
    """The indicator by network, as the page of qualified companies shows it."""
    person.page.goto("/qualified/")
    tiles = {}
    for network in ("CI", "CAI"):
        words = person.page.locator(f".tile:has(:text-is('{network}'))").first.inner_text().split()
        tiles[network] = next(int(word) for word in words if word.isdecimal())
    return tiles


def plan_tomorrow(helene: Person) -> None:
    helene.page.goto("/agenda/plan/")
    expect(helene.page.locator("main")).to_contain_text(VISIT)
    helene.page.locator("[name=first_things]").fill(FIRST_THINGS)
    helene.send(helene.page.get_by_role("button", name="Planifier demain").first)


def move_on_board(helene: Person, lead: str) -> None:
    """From the board: the card of the second request is taken charge of and passes to the next column."""
    page = helene.page
    page.goto("/leads/?view=board")
    card = page.locator(f".boardcard:has(a[href='{lead}'])")
    card.locator("details > summary, button[popovertarget]").first.click()
    helene.send(card.locator(f"form[action='{lead}take-charge/'] button"))
    assert "view=board" in page.url
    column = page.locator("[data-column=taken]")
    expect(column.locator(f"a[href='{lead}']").first).to_be_visible()


def next_working_day(day: date) -> date:
    """The next day of Monday to Friday."""
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
