"""Fixtures of tests in a real browser: `open_page` and `violations`. Mark such tests `@pytest.mark.browser`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
# What the same page may get wrong in other colours or in another width: the rest was asked in the first.
BY_LOOK = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "aria-hidden-focus"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Scripts run for a moment on each page: what the engine would spend on making them faster does not come back.
SHORT_SCRIPTS = ["--js-flags=--max-opt=1"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium: CHROMIUM_PATH as `make test` sets it, or the machine's own."""
    from playwright.sync_api import expect, sync_playwright

    # As long as everything else is waited for: five seconds are not much on a machine with other work.
    expect.set_options(timeout=30_000)
    libraries = os.environ.get("CHROMIUM_LD_LIBRARY_PATH", "")
    environment = {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}
    # Playwright keeps an event loop in this thread; Django would refuse to talk to the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", *SHORT_SCRIPTS], env=environment
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any, client: Any) -> Iterator[Callable[..., Any]]:
    """Open an address of the product: `open_page("/desk/", user=helene, width=390, theme="dark", script=True)`.

    The page keeps what the console complained about in `page.complaints`; each call is another browser context.
    """
    contexts = []

    def open_one(
        path: str,
        *,
        user: Any = None,
        width: int = 1440,
        theme: str = "light",
        script: bool = True,
        language: str = "en-GB",
    ) -> Any:
        phone = width < 800
        context = browser.new_context(
            viewport={"width": width, "height": 844 if phone else 1000},
            color_scheme=theme,
            has_touch=phone,
            is_mobile=phone,
            locale=language,
            java_script_enabled=script,
            base_url=live_server.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
            cookie = client.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: _is_complaint(message) and page.complaints.append(message.text))
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@contextmanager
def dark_and_narrow(page: Any, width: int = 390) -> Iterator[None]:
    """The page that is open, in the dark theme and on a telephone's width; afterwards light and wide again.

    Cheaper than opening it anew, which matters where many pages are asked.
    """
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": width, "height": 844})
    # The colours of the other theme are drawn first; what still fades towards them is there.
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    page.evaluate("document.getAnimations().forEach((change) => change.finish())")
    yield
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.set_viewport_size({"width": 1440, "height": 1000})


def _is_complaint(message: Any) -> bool:
    # The test server speaks WSGI only: the live stream is tested with the real one.
    return message.type in ("error", "warning") and not message.location["url"].endswith("/live/")


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """What axe-core finds wrong on a page, one line a fault. The page's security policy stays on.

    `violations(page, rules=BY_LOOK)` asks some rules only: a page that was asked all and then changed its look.
    """

    def check(page: Any, rules: list[str] = RULES) -> list[str]:
        page.wait_for_load_state("load")
        # What a sticky bar half covers while one scrolls is not a fault.
        page.evaluate("window.scrollTo(0, 0)")
        if not page.evaluate("Boolean(window.axe)"):
            page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
        return [
            f"{fault['id']}: {node['html'][:200]} ({' '.join((node.get('failureSummary') or '').split())[:300]})"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return check
