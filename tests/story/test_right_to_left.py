"""The frame and dense pages as somebody reads them whose language runs from right to left.

No such language is offered yet: the browser is handed the same pages with the other direction, from their first byte.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.story.people import Person

LIST = "/companies/?region.in=53&turnover.above=1000"
# Icons that point along the line of reading, drawn on the page.
POINTING = "svg.icon:has(use[href*='#arrow-right'], use[href*='#chevron-right'], use[href*='#chevron-left'])"

DRAWN = "icons => icons.map(icon => [getComputedStyle(icon).transform, icon.outerHTML])"


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_frame_and_dense_pages_from_right_to_left(arrive: Callable[..., Person], width: int) -> None:
    helene = arrive(width=width)
    helene.sign_in_as("helene")
    page = helene.page
    page.goto("/fr/showroom/search/?q=robot")
    product = page.locator("ul.cards a").first.get_attribute("href")
    page.goto("/companies/")
    company = page.locator("tbody a.main").first.get_attribute("href")
    helene.context.route(re.compile("."), _turn)
    faults, pointing = [], 0
    for address in ("/desk/", company, LIST, product):
        page.goto(address)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.dir") == "rtl", address
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{address} scrolls sideways at {width} px")
        # The first words of the page begin at its right edge.
        heading = page.locator("main h1").first
        if heading.evaluate("heading => getComputedStyle(heading).textAlign") not in ("start", "right"):
            faults.append(f"{address}: its heading does not begin on the right")
        # All at one moment: pieces of the page may still be on their way.
        for transform, html in page.locator(POINTING).evaluate_all(DRAWN):
            pointing += 1
            if not transform.startswith("matrix(-1"):
                faults.append(f"{address} points the wrong way: {html}")
    assert pointing > 2
    assert not faults + helene.complaints, "\n".join(faults + helene.complaints)
    page.goto("/desk/")
    if width == 390:
        page.locator("button[popovertarget=side]:visible").first.click()
        drawer = _box(page.locator("#side"))
        assert drawer["x"] > 0
        assert drawer["x"] + drawer["width"] == width
    else:
        side, sheet = _box(page.locator("#side")), _box(page.locator("main"))
        assert side["x"] > sheet["x"] + sheet["width"] - 1
        page.goto(company)
        main, aside = _box(page.locator(".maincol")), _box(page.locator("main aside"))
        assert main["x"] > aside["x"] + aside["width"] - 1
    page.locator("details.me > summary").click()
    menu = _box(page.locator("details.me .pop"))
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= width
    assert menu["x"] >= _box(page.locator("#side"))["x"]


def _turn(route: Any) -> None:
    if route.request.resource_type != "document":
        route.continue_()
        return
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace('dir="ltr"', 'dir="rtl"', 1))


def _box(place: Any) -> dict[str, float]:
    expect(place.first).to_be_visible()
    box: dict[str, float] = place.first.bounding_box()
    return box
