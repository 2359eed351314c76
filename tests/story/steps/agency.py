"""Alice runs the showroom and reads the figures at the agency; Nora watches over who reads what."""

import io
import time
from datetime import date, timedelta
from typing import Any

import openpyxl
from playwright.sync_api import expect

from tests.story.people import PATIENCE, WAIT, Person, shut

STAGES = ("views", "enquiries", "leads", "taken")


def watch_dashboard(alice: Person) -> None:
    alice.sign_in_as("alice")
    alice.page.goto("/reports/")
    alice.listens()
    alice.page.evaluate("window.stayedOpen = true")


def figures(page: Any) -> dict[str, int]:
    """The four figures as the open window shows them now."""
    return {
        stage: int(page.locator(f"#figures [data-stage={stage}]").first.get_attribute("data-count")) for stage in STAGES
    }


def see_figure_move(alice: Person, stage: str, before: int, *, by: int = 1) -> None:
    """The open dashboard shows the event by itself."""
    alice.page.wait_for_function(
        "([stage, least]) => parseInt(document.querySelector(`#figures [data-stage=${stage}]`).dataset.count) >= least",
        arg=[stage, before + by],
        timeout=WAIT,
    )
    assert alice.page.evaluate("window.stayedOpen") is True


def figures_equal_lists(alice: Person, company: str) -> None:
    """Each figure opens the list that it counts: the totals, and those of one company line by line."""
    window = alice.open_window()
    for stage in STAGES:
        # The open window follows by itself, a moment after the lists.
        deadline = time.monotonic() + PATIENCE
        while True:
            window.goto(alice.page.locator(f"#figures [data-stage={stage}]").first.get_attribute("href"))
            total, shown = _total(window), figures(alice.page)[stage]
            if total == shown or time.monotonic() > deadline:
                break
            window.wait_for_timeout(300)
        assert total == shown, stage
    for group, line in (("company", company), ("region", "Bretagne"), ("vertical", "Industrie 4.0")):
        window.goto(f"/reports/?by={group}")
        links = window.locator("#figures section.section tbody tr", has_text=line).first.locator("td.num a")
        behind = [(int(link.inner_text()), link.get_attribute("href")) for link in links.all()]
        assert behind, f"no figure of {line}"
        for figure, address in behind:
            window.goto(address)
            assert _total(window) == figure, address
            if group == "company":
                assert _lines(window) == figure, address
    shut(window)


def _total(window: Any) -> int:
    return int(window.locator("[data-total]").get_attribute("data-total"))


def _lines(window: Any) -> int:
    """What the list itself adds up to: its numbers when it has any (views by day), its lines otherwise."""
    numbers = window.locator("tbody td.num").all_inner_texts()
    return sum(map(int, numbers)) if numbers else window.locator("tbody tr").count()


def accept_shop(alice: Person, company: str) -> None:
    window = alice.open_window()
    window.goto("/showroom-team/shops/")
    with window.expect_navigation():
        window.locator("tbody tr", has_text=company).locator("a.main").first.click()
    with window.expect_navigation():
        window.locator("form[action$='/accept/'] button").first.click()
    shut(window)


def approve_product(alice: Person, product: str, company: str) -> None:
    window = alice.open_window()
    window.goto("/showroom-team/approvals/")
    with window.expect_navigation():
        window.locator("tbody tr", has_text=company).locator("a.main").first.click()
    expect(window.locator("main")).to_contain_text(product)
    with window.expect_navigation():
        window.locator("form[action$='/approve/'] button").first.click()
    shut(window)


def read_monthly_report(alice: Person, company: str) -> None:
    """The same figures on screen, in the PDF and in the spreadsheet."""
    window = alice.open_window()
    window.goto("/reports/?by=company")
    with window.expect_navigation():
        window.locator("#figures th a", has_text=company).first.click()
    tiles = window.locator("[data-measure]").all()
    shown = {
        tile.get_attribute("data-measure"): (
            int(tile.get_attribute("data-month")),
            int(tile.get_attribute("data-start")),
        )
        for tile in tiles
    }
    assert any(month > 0 for month, _start in shown.values()), shown
    assert "Brésil" in window.locator("main").inner_text()
    month = date.today().strftime("%Y-%m")
    address = window.url.split("?")[0]
    request = alice.context.request
    pdf = request.get(f"{address}?month={month}&format=pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    _pdf_says(pdf.body(), company, shown)
    book = openpyxl.load_workbook(io.BytesIO(request.get(f"{address}?month={month}&format=xlsx").body()))
    rows = [tuple(cell for cell in row) for sheet in book for row in sheet.iter_rows(values_only=True)]
    for measure, (this_month, start) in shown.items():
        assert any(this_month in row and start in row[row.index(this_month) :] for row in rows), (
            f"{measure}: {this_month}, {start} not in the spreadsheet: {rows}"
        )
    shut(window)


def _pdf_says(body: bytes, company: str, shown: dict[str, tuple[int, int]]) -> None:
    """Tagged for readers of screens, and with the figures of the page."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(body))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert company in text, text
    for this_month, start in shown.values():
        assert str(this_month) in text, text
        assert str(start) in text, text


def find_who_read(nora: Person, company: str, reader: str) -> None:
    """Who read this company's record today?"""
    page = nora.page
    nora.sign_in_as("nora")
    page.goto("/security/audit/")
    page.locator("main input[name=q]").fill(company)
    with page.expect_navigation():
        page.locator("main form[role=search] button").first.click()
    with page.expect_navigation():
        page.locator("a[href*='/security/audit/directory.company/']").first.click()
    lines = page.locator("#lines tbody tr", has_text=reader)
    expect(lines).not_to_have_count(0)
    # The story may have begun before midnight.
    days = tuple((date.today() - timedelta(days=ago)).isoformat() for ago in (0, 1))
    moments = lines.locator("time").evaluate_all("all => all.map(t => t.dateTime)")
    assert any(moment.startswith(days) for moment in moments), moments
