"""Every page under what nobody should send: forms full of hostile words, acts asked where looking is refused, sessions
that were revoked.

The suite asks a part of the pages, the same at each run, enough to see a fault of the ways that all pages share;
`make fuzz` asks all of them. An injected statement is seen in what PostgreSQL is asked, not by a clock.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from zlib import crc32

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from django.utils import translation

from tests.permissions_table import (
    Caller,
    Page,
    clients,
    known_people,
    listed_pages,
    plain_refusals,
    refused_to,
    undrawn_pages,
)
from tests.world import World, examples, make_world

pytestmark = pytest.mark.django_db

IS_WHOLE = bool(os.environ.get("FUZZ"))
# Who looks first: the page is asked by the first of them to whom the table opens it.
LOOKERS = (
    "helene", "alice", "bruno", "ines", "claire", "tom", "maud", "admin", "nora", "denis", "pierre", "olivier",
    "visitor",
)  # fmt: skip
# Outsiders of each kind, who act where they may not even look.
OUTSIDERS = ("visitor", "gael", "claire", "tom", "lars")
MARK = "zq7x"
# Quotes and a comment for SQL, a template's and a format's braces, a tag, an attribute, a change of direction.
WORDS = f"{MARK}'\"));SELECT pg_sleep(9)--/*{{{{7*7}}}}{{%now%}}%s%n${{7*7}}<script>{MARK}</script>\u202e\u2066"
BROKEN = f"{MARK}\x00\r\nSet-Cookie: {MARK}=1\r\n\r\n" + "9" * 400
ODD = ("99999999999999999999", "-1", "1e999", "9999-99-99", "0000-00-00", "NaN", "٣", "javascript:alert(1)")
APART = ("mailbox", "healthz", "readyz")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    cache.clear()
    logging.disable(logging.ERROR)
    folder = tmp_path_factory.mktemp("world")
    around = override_settings(REQUIRE_MFA=False, DATA=folder, MEDIA_ROOT=folder)
    with django_db_blocker.unblock(), around, translation.override("en"), transaction.atomic():
        made = make_world()
        for model in examples():
            made.example(model)
        with plain_refusals(), known_people():
            yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


def pages(part: int) -> Iterator[Page]:
    """One page of `part`, chosen by its address; all of them for `make fuzz`."""
    for page in listed_pages():
        if not any(word in page.address for word in APART) and (IS_WHOLE or crc32(page.address.encode()) % part == 0):
            yield page


class Forms(HTMLParser):
    """The forms of a page: (method, address, [(name, kind, value)])."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[tuple[str, str, str]]]] = []
        self.select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            address = told.get("action", "") or told.get("hx-post", "") or told.get("hx-get", "")
            method = "post" if "hx-post" in told else told.get("method", "get").lower()
            self.found.append((method, address, []))
        elif tag == "select":
            self.select = told.get("name", "")
        elif self.found and tag == "option" and self.select and ("selected" in told or told.get("value")):
            fields = self.found[-1][2]
            if "selected" in told or not any(name == self.select for name, _kind, _value in fields):
                fields.append((self.select, "choice", told.get("value", "")))
        elif self.found and tag in ("input", "textarea") and told.get("name"):
            kind = told.get("type", "text" if tag == "input" else "textarea")
            if kind not in ("file", "submit", "button", "image"):
                self.found[-1][2].append((told["name"], kind, told.get("value", "on" if kind == "checkbox" else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


@contextmanager
def watched_statements() -> Iterator[list[str]]:
    """What PostgreSQL is asked with our words in the statement itself, where only values of it should hold them."""
    injected: list[str] = []

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if MARK in str(sql):
            injected.append(str(sql)[:300])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield injected


def filled(fields: list[tuple[str, str, str]], way: int) -> dict[str, str]:
    """The form as it stands, with hostile words: 0 in what people write, 1 broken ones in it, 2 in every field, 3 odd
    numbers and days."""
    said = {}
    for place, (name, kind, value) in enumerate(fields):
        is_written = kind in ("text", "textarea", "search", "email", "url", "tel", "password")
        if way == 3 and not is_written:
            value = ODD[place % len(ODD)]
        elif (is_written and way in (0, 1, 2)) or way == 2:
            value = BROKEN if way == 1 else WORDS
            value = f"a{MARK}@example.org" if kind == "email" and way == 0 else value
        said[name] = value
    return said


def fault_of(client: Caller, asked: str, response: Any) -> str:
    if response.status_code >= 500 and response.status_code != 503:
        return f"{asked}: {client.error!r}"[:600]
    if getattr(response, "streaming", False) or "html" not in response.headers.get("Content-Type", ""):
        return ""
    text = response.content.decode(errors="replace")
    if f"<script>{MARK}" in text:
        return f"{asked}: shown as markup"
    if f"{MARK}'\"));SELECT pg_sleep(9)--/*49" in text.replace("&#x27;", "'").replace("&quot;", '"'):
        return f"{asked}: a template was executed"
    return f"{asked}: a header was split" if f"{MARK}=1" in str(response.headers) else ""


def test_forms_full_of_hostile_words(world: World) -> None:
    """No fault of ours, nothing executed, what was stored is shown escaped."""
    asking, faults, answered = clients(world), [], 0
    closed = {key: refused_to(key) for key in LOOKERS}
    with watched_statements() as injected:
        for page in pages(16):
            key = next((key for key in LOOKERS if page.shown_address not in closed[key]), None)
            if key is None:
                continue
            client, url = asking[key], page.url(world)
            with transaction.atomic():
                response = client.get(url)
                transaction.set_rollback(True)
            is_page = response.status_code == 200 and not getattr(response, "streaming", False)
            text = response.content.decode(errors="replace") if is_page else ""
            # The first form of a page is the search of its frame.
            for method, address, fields in [
                *Forms(text.partition("<main")[2]).found,
                ("get", url, [("q", "text", "")]),
            ]:
                target = urljoin(url, address.partition("#")[0]) or url
                if urlsplit(target).netloc or not fields:
                    continue
                for way in range(4) if method == "post" else (0, 1, 3):
                    said = filled(fields, way)
                    with transaction.atomic():
                        if method == "post":
                            response = client.post(target, said)
                        else:
                            response = client.get(f"{target.partition('?')[0]}?{urlencode(said)}")
                        faults.append(fault_of(client, f"{method} {target} {way} by {key}", response))
                        answered += 1
                        if response.status_code in (302, 303) and not urlsplit(response["Location"]).netloc:
                            shown = client.get(response["Location"])
                            faults.append(fault_of(client, f"after {method} {target} by {key}", shown))
                        transaction.set_rollback(True)
    assert not injected
    assert not [fault for fault in faults if fault], "\n".join(fault for fault in faults if fault)
    assert answered > 20


def test_who_may_not_look_may_not_act_either(world: World) -> None:
    """A page that takes forms besides refuses the form of everybody to whom it refuses the look."""
    asking, faults, asked = clients(world), [], 0
    for key in OUTSIDERS:
        refused = refused_to(key)
        for page in pages(10):
            if page.shown_address not in refused:
                continue
            with transaction.atomic(), undrawn_pages():
                response = asking[key].post(page.url(world), {})
                transaction.set_rollback(True)
            asked += 1
            to_sign_in = response.status_code in (301, 302) and "/login" in response.headers.get("Location", "")
            if response.status_code not in (401, 403, 404, 405) and not to_sign_in:
                faults.append(f"POST {page.shown_address} by {key}: {response.status_code}")
    assert not faults, "\n".join(faults)
    assert asked > 50


def test_a_revoked_session_opens_what_a_stranger_opens(world: World) -> None:
    """Every page, as somebody whose session was ended elsewhere: the same answer as to whoever never signed in."""
    stranger, faults = Caller(raise_request_exception=False), []
    opened = {key: Caller(raise_request_exception=False) for key in ("helene", "admin")}
    for key, client in opened.items():
        client.force_login(world[key])
        client.session.flush()  # as the list of sessions ends one: its row is gone, the cookie stays with the browser
    for page in pages(8):
        url = page.url(world)
        answers = {}
        for key, client in [("stranger", stranger), *opened.items()]:
            with transaction.atomic(), undrawn_pages():
                response = client.get(url)
                transaction.set_rollback(True)
            answers[key] = (response.status_code, response.headers.get("Location", ""))
        if len(set(answers.values())) > 1:
            faults.append(f"{page.shown_address}: {answers}")
    assert not faults, "\n".join(faults)
