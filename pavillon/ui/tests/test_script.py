"""The script's own gestures, on small pages served to a real browser: palette, neighbours, stream, forms, requests."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SCRIPT = finders.find("build/app.js")

HEAD = """<!doctype html>
<html lang="en"><head><title>t</title>
<meta name="htmx-config" content='{{"includeIndicatorCSS":false}}'>
<script type="module" src="/static/build/app.js"></script></head>
<body{attributes}><main><h1>Page</h1>{body}
<div id="toasts"></div>
<template id="toast-model"><div class="toast"><svg><use href="/s.svg#bell"></use></svg><span data-text></span>
<small data-detail></small><a data-link>Open</a><button data-dismiss>x</button></div></template>
<template id="words" data-failed="Failed" data-refused="Refused" data-gone="Gone" data-sure="Sure?"></template>
<dialog id="confirm"><p data-question></p>
<form method="dialog"><button value="no">No</button><button value="yes">Yes</button></form></dialog>
</main></body></html>"""
LIST = """<div data-list data-offset="50" data-total="148">
<a data-record href="/r/1/">One</a><a data-record href="/r/2/">Two</a><a data-record href="/r/3/">Three</a>
<a rel="next" href="/list/?page=3">Next</a></div>"""
RECORD = """<div data-position hidden><span data-text="{n} of {total}"></span>
<a rel="prev" href="#">P</a><a rel="next" href="#">N</a></div><input aria-label="field">"""
PALETTE = """<a href="/search/" data-palette>Search</a><dialog id="palette" class="palette">
<input role="combobox" aria-expanded="false" aria-label="q" name="q"
 hx-get="/palette/" hx-trigger="input changed delay:20ms, opened" hx-target="#found">
<div id="found" role="listbox"></div></dialog>"""
FOUND = '<a role="option" href="/r/1/">One</a><a role="option" href="/r/2/">Two</a>'


@pytest.fixture
def site(browser):
    """Serve pages by path: `site({"/list/": html}, "/list/")` opens one, without a server."""
    context = browser.new_context(base_url="http://pavillon.test", reduced_motion="reduce")

    def serve(pages, path, *, attributes="", answers=None):
        page = context.new_page()

        def answer(route):
            wanted = urlsplit(route.request.url).path
            if wanted == "/static/build/app.js":
                route.fulfill(path=SCRIPT, content_type="text/javascript")
            elif wanted in (answers or {}):
                route.fulfill(**answers[wanted])
            elif wanted in pages:
                html = HEAD.format(attributes=attributes, body=pages[wanted])
                route.fulfill(content_type="text/html", body=html)
            else:
                route.fulfill(status=204)

        page.route("**/*", answer)
        page.goto(path)
        page.wait_for_function("document.documentElement.classList.contains('js')")
        return page

    yield serve
    context.close()


def test_one_walks_the_records_in_the_order_of_the_list(site):
    record = {f"/r/{n}/": RECORD for n in (1, 2, 3)}
    page = site({"/list/": LIST, **record}, "/list/")
    page.goto("/r/2/")
    expect(page.locator("[data-position]")).to_have_text(re.compile(r"^\s*52 of 148"))
    page.keyboard.press("]")
    page.wait_for_url("**/r/3/")
    page.keyboard.press("[")
    page.wait_for_url("**/r/2/")
    page.get_by_label("field").press("k")  # typing is not a command
    assert page.url.endswith("/r/2/")
    page.goto("/r/3/")
    expect(page.locator("a[rel=next]")).to_have_attribute("href", re.compile(r"/list/\?page=3$"))
    page.goto("/r/1/")
    expect(page.locator("[data-position]")).to_have_text(re.compile(r"51 of 148"))
    expect(page.locator("a[rel=prev]")).to_have_count(0)
    # Single keys can be switched off.
    page.evaluate("document.cookie = 'keys=off;path=/'")
    page.keyboard.press("]")
    page.wait_for_timeout(100)
    assert page.url.endswith("/r/1/")


def test_the_palette_opens_searches_and_goes(site):
    answers = {"/palette/": {"content_type": "text/html", "body": FOUND}}
    page = site({"/here/": PALETTE, "/r/2/": "there"}, "/here/", answers=answers)
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.get_by_role("option", name="One").wait_for()
    expect(page.get_by_role("option", name="One")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", name="Two")
    expect(chosen).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/r/2/")


def test_the_stream_wakes_pieces_of_page_and_shows_messages(site):
    said = [{"topic": "crm.lead", "lead": 7}, {"topic": "inbox", "toast": {"text": "New lead", "url": "/leads/7/"}}]
    stream = "retry: 60000\n\n" + "".join(f"data: {json.dumps(one)}\n\n" for one in said)
    answers = {
        "/stream/": {"content_type": "text/event-stream", "body": stream},
        "/rows/": {"content_type": "text/html", "body": "<b>fresh</b>"},
    }
    body = '<div id="rows" hx-get="/rows/" hx-trigger="live:crm.lead from:body">old</div>'
    page = site({"/desk/": body}, "/desk/", attributes=' data-live="/stream/"', answers=answers)
    page.locator("#rows b", has_text="fresh").wait_for()
    message = page.locator("#toasts .toast", has_text="New lead")
    message.wait_for()
    assert message.locator("[data-link]").get_attribute("href") == "/leads/7/"


def test_a_form_with_errors_is_shown_and_a_breakdown_is_not(site):
    answers = {
        "/wrong/": {"status": 422, "content_type": "text/html", "body": "<p>Check the SIREN</p>"},
        "/broken/": {"status": 500, "content_type": "text/html", "body": "<html>Traceback</html>"},
        "/closed/": {"status": 403, "content_type": "text/html", "body": "<html>No</html>"},
    }
    body = "".join(
        f'<button hx-post="/{name}/" hx-target="#out">{name}</button>' for name in ("wrong", "broken", "closed")
    )
    page = site({"/form/": body + '<div id="out">before</div>'}, "/form/", answers=answers)
    page.get_by_role("button", name="broken").click()
    page.locator(".toast.bad", has_text="Failed").wait_for()
    page.get_by_role("button", name="closed").click()
    page.locator(".toast.bad", has_text="Refused").wait_for()
    assert page.locator("#out").inner_text() == "before"
    page.get_by_role("button", name="wrong").click()
    page.locator("#out", has_text="Check the SIREN").wait_for()


def test_nothing_is_done_before_the_person_confirms(site):
    asked = []
    answers = {"/gone/": {"content_type": "text/html", "body": "done"}}
    body = (
        '<form action="/gone/" method="get" data-confirm="Delete it?"><button>Delete</button></form>'
        '<button hx-get="/gone/" hx-confirm="Really?" hx-target="#out">Remove</button><div id="out"></div>'
    )
    page = site({"/form/": body}, "/form/", answers=answers)
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("[data-question]")).to_have_text("Delete it?")
    page.get_by_role("button", name="No").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("[data-question]")).to_have_text("Really?")
    page.get_by_role("button", name="No").click()
    assert asked == []
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Yes").click()
    page.locator("#out", has_text="done").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes").click()
    page.wait_for_url("**/gone/?")


def test_a_field_that_was_made_larger_keeps_its_size_and_the_policy(site):
    """htmx copies style attributes from one piece to the next, which a strict policy reports and refuses."""
    fields = '<textarea id="words"></textarea><button>Say</button>'
    form = f'<form hx-post="/say/" hx-target="this" hx-swap="outerHTML">{fields}</form>'
    strict = {"content-type": "text/html", "content-security-policy": "style-src 'self'"}
    answers = {
        "/here/": {"headers": strict, "body": HEAD.format(attributes="", body=form)},
        "/say/": {"status": 422, "content_type": "text/html", "body": form.replace("Say<", "Again<")},
    }
    page = site({}, "/here/", answers=answers)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.evaluate("document.getElementById('words').style.height = '211px'")
    page.get_by_role("button", name="Say").click()
    page.get_by_role("button", name="Again").wait_for()
    page.wait_for_function("document.getElementById('words').style.height === '211px'")
    assert not [text for text in complaints if "Content Security Policy" in text]
