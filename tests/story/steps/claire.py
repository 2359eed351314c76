"""Claire leads a company that does not export yet."""

import re
import time

from playwright.sync_api import expect

from pavillon.directory.demo import CLAIRE, CLAIRE_SIREN
from tests.story.people import Person, shut

EMAIL = "claire.kerdraon@biscuiterie-aulne.example"
PASSWORD = "Un-biscuit-pour-Osaka-2026"
WRONG_SIREN = CLAIRE_SIREN[:8] + str((int(CLAIRE_SIREN[8]) + 1) % 10)
QUESTION = re.compile(r"Question (\d+) sur (\d+)")
# What the site may keep before anybody chose: nothing to recognise a person by.
NECESSARY = {"csrftoken", "sessionid"}


def refuse_cookies(claire: Person) -> None:
    """Refusing is the same button as accepting, beside it; before and after, nothing is there to measure with."""
    page = claire.page
    page.goto("/fr/regions/bretagne/")
    claire.reads("Bretagne", "Démonstration")
    assert _cookies(claire) <= NECESSARY, _cookies(claire)
    bar = page.locator(".cookiebar")
    refuse, accept = bar.get_by_role("button", name="Refuser"), bar.get_by_role("button", name="Accepter")
    sizes = [button.bounding_box() for button in (refuse, accept)]
    assert sizes[0]["y"] == sizes[1]["y"]
    assert sizes[0]["height"] == sizes[1]["height"]
    assert refuse.get_attribute("class") == accept.get_attribute("class")
    with page.expect_navigation():
        refuse.click()
    assert page.url.endswith("/fr/regions/bretagne/")
    expect(bar).to_be_hidden()
    # Only the answer itself is kept, so as not to ask again.
    assert _cookies(claire) <= NECESSARY | {"choices"}, _cookies(claire)
    page.goto("/fr/cookies/")
    assert not page.locator("form input[type=checkbox]:checked:enabled").count()


def take_diagnosis(claire: Person) -> str:
    """Without an account: branches, progress, leaving and coming back. The address of the result."""
    page = claire.page
    page.goto("/fr/regions/bretagne/")
    claire.follow("Suis-je prêt à exporter")
    claire.press("Commencer le diagnostic")
    long = _answer(claire, len(page.locator("input[type=radio]").all()) - 1)
    claire.follow("Retour")
    short = _answer(claire, 0)
    assert short < long, "a company that never exported is asked fewer questions"
    _answer(claire, 0)
    number = QUESTION.search(claire.text())
    assert number, claire.text()
    # She closes the window, and comes back the next day.
    shut(page)
    claire.page = page = claire.open_window()
    page.goto("/fr/diagnosis/")
    claire.reads("Vous avez commencé")
    claire.follow("Continuer")
    claire.reads(number.group(0))
    while QUESTION.search(claire.text()):
        _answer(claire, 1)
    claire.reads("sur 5", "Vos points forts", "Ce qui manque", "Votre parcours", "étape faite sur")
    assert page.locator("ol.list li[id^=step-]").count() >= 3
    assert page.locator("a[href*='/solutions/']").count() >= 1
    return str(page.url)


def _answer(claire: Person, choice: int) -> int:
    """Tick the choice of that place (or the last one) and go on; how many questions there are now."""
    page = claire.page
    radios = page.locator("input[type=radio]")
    radios.nth(min(choice, radios.count() - 1)).check()
    with page.expect_navigation():
        page.locator("main form[method=post] button.primary").click()
    found = QUESTION.search(claire.text())
    return int(found.group(2)) if found else 0


def open_account(claire: Person, result: str) -> None:
    """A wrong SIREN is refused with the reason, the right one fills the form; the address is confirmed by mail."""
    page = claire.page
    level = page.locator("h1").inner_text()
    claire.follow("Ouvrir mon compte et garder ce résultat")
    claire.reads("Votre diagnostic sera gardé avec le compte")
    page.locator("input[name=siren]").fill(WRONG_SIREN)
    claire.press("Trouver mon entreprise")
    expect(page.locator("input[name=siren]")).to_have_attribute("aria-invalid", "true")
    error = page.locator(".errorlist").first.inner_text()
    assert WRONG_SIREN in error.replace(" ", "").replace("\u202f", "").replace("\xa0", ""), error
    assert "clé" in error or "contrôle" in error, error
    claire.expects(422)
    page.locator("input[name=siren]").fill(f"{CLAIRE_SIREN[:3]} {CLAIRE_SIREN[3:6]} {CLAIRE_SIREN[6:]}")
    claire.press("Trouver mon entreprise")
    claire.reads("BISCUITERIE", "biscuits", "20 à 49 salariés", CLAIRE.town)
    page.locator("input[name=first_name]").fill("Claire")
    page.locator("input[name=last_name]").fill("Kerdraon")
    page.locator("input[name=job_title]").fill("Gérante")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    claire.press("Ouvrir le compte")
    confirm_address(claire, EMAIL)
    page.goto("/my/")
    claire.reads("Biscuiterie de l’Aulne", level)
    # What she answered as an anonymous visitor is hers now.
    assert page.locator("main a[href*='/diagnosis/']").first.get_attribute("href") in result


def confirm_address(person: Person, email: str) -> None:
    """Type the code that came by mail, as the page asks."""
    _subject, text = person.wait_for_letter(email)
    found = re.search(r"^\s*([A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", text, re.MULTILINE)
    assert found, text
    person.page.locator("input[name=code]").fill(found.group(1))
    with person.page.expect_navigation():
        person.page.locator("form:has(input[name=code]) button[type=submit]").first.click()


def ask_to_be_contacted(claire: Person, message: str) -> tuple[str, float]:
    """Ask from her space, with the diagnosis. The subject of the request and the moment of the click."""
    page = claire.page
    page.goto("/my/")
    claire.follow("Demander un contact", within=page.locator("main"))
    page.locator("textarea[name=message]").fill(message)
    assert page.locator("input[name=with_diagnosis]").is_checked()
    asked_at = time.monotonic()
    with page.expect_navigation():
        page.locator("main form[method=post] button.primary").click()
    claire.reads("Votre demande est envoyée", "Hélène Le Goff")
    page.goto("/my/requests/")
    subject = page.locator("#requests h2").first.evaluate("heading => heading.firstChild.textContent.trim()")
    return subject, asked_at


def read_my_requests(claire: Person, *words: str) -> None:
    """Who handles it, at which step, what is next."""
    claire.page.goto("/my/requests/")
    claire.reads(*words)


def _cookies(person: Person) -> set[str]:
    return {cookie["name"] for cookie in person.context.cookies()}
