"""Pages of this room in a real browser that can reach no other host than the platform."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from pavillon.accounts.tests import factories as accounts
from pavillon.continuity import demo
from tests.browser import BY_LOOK, dark_and_narrow

pytestmark = pytest.mark.browser


@pytest.mark.covers("GDPR-06", "TECH-03")
def test_pages_load_without_any_other_host(open_page, violations, transactional_db, settings, tmp_path, live_server):
    """Blocked in some countries or not: what a page needs comes from the platform, and it asks nobody else."""
    settings.DATA = tmp_path
    accounts.places()
    cast = accounts.cast()
    demo.seed({"users": {"nora": cast.security}})
    asked, elsewhere = [], []
    page = open_page("/en/browsers/", user=cast.security)

    def answer(route):
        asked.append(route.request.url)
        if urlsplit(route.request.url).hostname == urlsplit(live_server.url).hostname:
            return route.continue_()
        elsewhere.append(route.request.url)
        return route.abort()

    page.context.route("**/*", answer)
    for address in (
        "/fr/status/",
        "/en/browsers/",
        "/en/about-the-data/",
        "/en/showroom/",
        reverse("continuity:today"),
        reverse("continuity:availability"),
        reverse("continuity:backups"),
        reverse("continuity:certificates"),
    ):
        assert page.goto(address).status == 200, address
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") > 0
        if "showroom" not in address and "about" not in address:
            assert violations(page) == [], address
            with dark_and_narrow(page):
                assert violations(page, BY_LOOK) == [], address
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert elsewhere == []
    assert len(asked) > 20
    assert page.complaints == []
