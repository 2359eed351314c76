"""A person with a browser of one's own: what one sees, does, and what the browser complains about."""

import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, expect

from tests.story.house import House

WAIT = 30_000
# How long words may take to come: a page that follows, a piece that refreshes itself, on a machine with other work.
PATIENCE = 15.0
# What says that a piece of the page is still on its way.
UNDER_WAY = ".panel[aria-busy], .htmx-request"


def shut(window: Any) -> None:
    """Leave the page, then close its window.

    A window that is closed while its page still loads or listens was once waited for without end: the browser had
    told of neither. Leaving the page has a time limit.
    """
    for _try in range(5):
        try:
            window.goto("about:blank")
            break
        except Error as error:
            # A form's answer was still on its way: it takes the window first.
            if "interrupted by another navigation" not in str(error):
                raise
    window.close()


def plain(words: str) -> str:
    """With plain spaces and apostrophes: on the page, French is printed."""
    return " ".join(words.split()).replace("’", "'")


class Person:
    """One browser context. `page` is the window; `complaints` is what no page of the product may cause."""

    def __init__(
        self, browser: Any, house: House, *, language: str = "fr-FR", width: int = 1440, theme: str = "light"
    ) -> None:
        phone = width < 800
        self.house = house
        self.complaints: list[str] = []
        self.context = browser.new_context(
            base_url=house.url,
            viewport={"width": width, "height": 844 if phone else 1000},
            is_mobile=phone,
            has_touch=phone,
            locale=language,
            color_scheme=theme,
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.context.set_default_timeout(WAIT)
        self.page = self.open_window()

    def open_window(self) -> Any:
        """Another window of the same browser: same cookies, same session."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._look_at_host)
        page.on("response", self._look_at_status)
        return page

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/account/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill(password)
        with self.page.expect_navigation():
            self.page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        assert "/account/login" not in self.page.url, self.text()

    def sign_in_as(self, persona: str) -> None:
        account = self.house.people[persona]
        self.sign_in(account["email"], account["password"])

    def text(self) -> str:
        """The words of the page, as the person reads them."""
        return plain(self.page.locator("body").inner_text())

    def reads(self, *words: str) -> None:
        """Fails unless the page says all these words, soon; shows what it says instead."""
        deadline = time.monotonic() + PATIENCE
        while missing := [word for word in words if plain(word) not in self.text()]:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.page.url} does not say {missing}:\n{self._all_said()}")
            self.page.wait_for_timeout(100)

    def does_not_read(self, *words: str) -> None:
        """Fails if the page says one of these words once everything that was on its way is there."""
        text = self._settled()
        found = [word for word in words if plain(word) in text]
        assert not found, f"{self.page.url} says {found}:\n{self._all_said()}"

    def _settled(self) -> str:
        """The words of the page as soon as it is loaded, no piece is asked for, and it says twice the same."""
        self.page.wait_for_load_state("load")
        expect(self.page.locator(UNDER_WAY)).to_have_count(0, timeout=WAIT)
        deadline, text = time.monotonic() + PATIENCE, self.text()
        while time.monotonic() < deadline:
            self.page.wait_for_timeout(150)
            before, text = text, self.text()
            if text == before:
                break
        return text

    def _all_said(self) -> str:
        """The page's own words, for the report of a failure: the frame around them says nothing of it."""
        own = self.page.locator("main")
        return plain(own.first.inner_text()) if own.count() else self.text()

    def press(self, name: str, *, role: str = "button", within: Any = None) -> None:
        """Press the first visible button, or follow the first link, of that name; the page that follows is loaded."""
        with self.page.expect_navigation():
            (within or self.page).get_by_role(role, name=name).first.click()

    def send(self, button: Any) -> None:
        """Press a button that sends a form: the server has answered it, and the page that follows is there."""
        page = self.page
        # What tells that a page follows may be of the one that is left: only another document lacks this mark.
        page.evaluate("window.isLeft = true")
        with page.expect_response(lambda answer: answer.request.method == "POST"), page.expect_navigation():
            button.click()
        page.wait_for_function("() => !window.isLeft && document.readyState === 'complete'")

    def post(self, button: Any) -> None:
        """Press a button whose form may answer in its place: the server has answered it, and nothing more is sure."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            button.click()

    def follow(self, name: str, *, within: Any = None) -> None:
        self.press(name, role="link", within=within)

    def listens(self) -> None:
        """The open window hears of what happens from now on."""
        self.page.locator("html[data-live=on]").wait_for(state="attached")

    def letters(self, to: str, subject: str = "") -> list[tuple[str, str]]:
        """Subject and text of one's mails, newest first, read in the demo's mailbox."""
        window = self.open_window()
        window.goto(f"/demo/mailbox/?to={to}")
        rows = window.locator("tbody tr").all()
        links = [row.locator("a") for row in rows]
        found = [
            (link.inner_text(), link.get_attribute("href"))
            for link in links
            if plain(subject) in plain(link.inner_text())
        ]
        letters = []
        for title, address in found[:5]:
            window.goto(address)
            letters.append((title, window.locator("main").inner_text()))
        shut(window)
        return letters

    def wait_for_letter(self, to: str, subject: str = "") -> tuple[str, str]:
        """The newest mail to this address; mail passes through the worker and a mail server."""
        deadline = time.monotonic() + 3 * WAIT / 1000
        while time.monotonic() < deadline:
            if found := self.letters(to, subject):
                return found[0]
            time.sleep(0.3)
        raise AssertionError(f"No mail to {to} about “{subject}”.\n{self.house.words()}")

    def expects(self, status: int) -> None:
        """An answer that one's own doing deserved (a wrong entry, a record of others) is no fault of the page."""
        known = f"the server responded with a status of {status}"
        # The browser tells it beside the page, which may be there before.
        deadline = time.monotonic() + PATIENCE
        while not any(known in complaint for complaint in self.complaints) and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        assert any(known in complaint for complaint in self.complaints), self.complaints
        self.complaints = [complaint for complaint in self.complaints if known not in complaint]

    def close(self) -> None:
        self.context.close()

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.location['url']}: {message.text}")

    def _look_at_host(self, request: Any) -> None:
        there = urlsplit(request.url)
        if there.scheme not in ("data", "blob") and there.netloc != urlsplit(self.house.url).netloc:
            self.complaints.append(f"asks another host: {request.url}")

    def _look_at_status(self, response: Any) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")
