"""The API under whatever the document of it allows and forbids: no fault of ours, no foreign row, always JSON.

Schemathesis makes the calls from the OpenAPI document. The suite makes a few of each operation, the same at each run;
`make fuzz` makes many hundreds, others each time (FUZZ: how many of each).
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
import requests
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.models import Interaction, Lead
from pavillon.directory.models import Company, Contact
from pavillon.interchange.enums import Scope
from pavillon.interchange.models import Key, digest_of
from tests.api_shapes import API, document, undocumented, unfit
from tests.operations_table import listed_operations
from tests.permissions_table import Caller
from tests.world import World, make_world

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ", "0"))
# Words that stand in rows of one region's organisation alone, by first name of who may read them.
MARKS = {"helene": "zqbretagne", "gael": "zqoccitanie"}
# What no document tells and every door meets.
HOSTILE: list[Any] = [
    "\x00", "a\x00b", "\ud800", "\u202e\u2066", "9" * 400, 2**63, -(2**63) - 1, 10**400, -1, 0, 1e308, True, None,
    [], {},     [[[]]], "1e400", "NaN", "Infinity", "0000-00-00", "99999-12-31T25:61:61Z", "0001-01-01", "9999-12-31",
    "' OR 1=1",
    "--", "%00", "{{7*7}}", "<script>", "\r\nX: y", "x" * 20_000, "٣", "²", "½", "ﬁ", "İ",
]  # fmt: skip


@dataclass
class Door:
    """The API as one person's key opens it."""

    name: str
    client: Caller
    faults: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, *, told: str = "", **more: Any) -> Any:
        """The answer; what the call changed is undone. Faults of ours, foreign words and answers that are not what the
        document says of `told`, the address as it writes it, are gathered in `faults`."""
        asked = f"{method} {path[:200]} {str(more.get('data', ''))[:300]!r} by {self.name}"
        self.client.error = None
        with transaction.atomic():
            answer = self.client.generic(method, path, **more)
            transaction.set_rollback(True)
        text = answer.content.decode()
        if answer.status_code >= 500:
            self.faults.setdefault(f"{type(self.client.error).__name__} {str(self.client.error)[:80]}", asked)
        elif text and not answer.headers["Content-Type"].startswith("application/json"):
            self.faults.setdefault(f"{answer.status_code} is no JSON", asked)
        elif text:
            json.loads(text)
        if told and answer.status_code < 500 and (wrong := unfit(method, told, answer)):
            self.faults.setdefault(f"{method} {told}: {wrong}", asked)
        foreign = [mark for person, mark in MARKS.items() if person != self.name and mark in text]
        if foreign:
            self.faults.setdefault(f"shows {foreign}", asked)
        return answer


@pytest.fixture(scope="module")
def doors(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, list[Door]]]:
    with django_db_blocker.unblock(), override_settings(REQUIRE_MFA=False), transaction.atomic():
        world = make_world()
        for name, mark in MARKS.items():
            user = User.objects.get(pk=world[name].pk)
            _private_rows(user, mark)
            Key.objects.create(
                name=name, membership=user.acting, start=name, digest=digest_of(name), scopes=list(Scope.values),
                hourly_quota=10**9, expires_at=timezone.now() + timedelta(days=2),
            )  # fmt: skip
        for operation in listed():
            if operation.subject is not None:
                world.example(operation.subject)
        made = [
            Door(name, Caller(raise_request_exception=False, headers={"Authorization": f"Bearer {name}"}))
            for name in MARKS
        ]
        yield world, made
        transaction.set_rollback(True)


def _private_rows(user: User, mark: str) -> None:
    """An exchange kept to the organisation, and a request of its region."""
    region = user.region_id
    company = Company.objects.create(name=f"Ponant {region}", region_id=region, country_id="FR")
    contact = Contact.objects.create(company=company, first_name="A", last_name="B")
    Interaction.objects.create(
        company=company, contact=contact, kind="call", summary=mark, author=user, organisation=user.organisation,
        visibility="organisation",
    )  # fmt: skip
    Lead.objects.create(
        company=company, origin="site", company_name=company.name, region_id=region, subject=mark, message=mark,
        legal_basis="public_task", team=user.organisation,
    )  # fmt: skip


def path_of(world: World, path: str, key: Any = None) -> str:
    """An address with the numbers of real rows, or with `key` in their place."""
    operation = next(one for one in listed() if one.path == path)
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        real: Any = "companies" if name == "subject" else "patents" if name == "feed" else 1
        if operation.subject is not None and f"{{{name}}}" == next(p for p in path.split("/") if p.startswith("{")):
            real = world.example(operation.subject).pk
        path = path.replace(f"{{{name}}}", quote(str(real if key is None else key), safe=""))
    return path


@cache
def operations() -> dict[str, Any]:
    # Each process of a run collects this file, and one needs the library.
    import schemathesis

    found = (one.ok() for one in schemathesis.openapi.from_dict(document()).get_all_operations())
    return {f"{one.method.upper()} {one.path}": one for one in found}


listed = cache(listed_operations)


def test_what_the_document_allows_and_forbids(doors: tuple[World, list[Door]]) -> None:
    """Values of the right and of the wrong shape for every operation, by keys of two organisations."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
    from schemathesis.generation import GenerationMode

    world, ways = doors
    for label, operation in operations().items():
        method, path = label.split(" ", 1)
        shapes = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
        if operation.body or operation.query or operation.path_parameters:
            shapes.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        calls = st.tuples(st.one_of(shapes), st.booleans(), st.sampled_from(ways))

        @settings(
            max_examples=EXAMPLES or 4,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate, *([Phase.shrink] if EXAMPLES else [])],
            suppress_health_check=list(HealthCheck),
        )
        @given(calls, st.just((method, path)))
        def ask(made: Any, place: tuple[str, str]) -> None:
            (case, is_real, way), (method, path) = made, place
            asked = requests.Request(**_spelt(case)).prepare()
            target = asked.path_url
            if is_real:
                target = path_of(world, path) + ("?" + target.partition("?")[2] if "?" in target else "")
            body = asked.body if isinstance(asked.body, bytes) else (asked.body or "").encode("utf-8", "surrogatepass")
            kind = asked.headers.get("Content-Type", "application/json")
            way.ask(method, target, told=path, data=body, content_type=kind)

        ask()
    assert not _faults(ways)


def test_every_operation_tells_the_shape_of_its_answer(doors: tuple[World, list[Door]]) -> None:
    """And a true answer with rows in it fits, while one with a field that the document does not name does not."""
    assert not undocumented()
    _world, ways = doors
    for path in ("crm/leads", "crm/interactions", "directory/companies", "directory/contacts"):
        answer = ways[0].ask("GET", API + path, told=API + path)
        told = json.loads(answer.content)
        assert told["items"], path
        told["items"][0]["secret"] = "x"
        answer.content = json.dumps(told)
        assert "secret" in unfit("GET", API + path, answer)
    assert not _faults(ways)


def _faults(ways: list[Door]) -> str:
    return "\n".join(f"{what}: {asked}" for way in ways for what, asked in way.faults.items())


def _spelt(case: Any) -> dict[str, Any]:
    told = case.as_transport_kwargs(base_url="http://testserver")
    return {
        name: told[name] for name in ("method", "url", "params", "json", "data", "files", "headers") if name in told
    }


def test_what_no_document_tells(doors: tuple[World, list[Door]]) -> None:
    """The same hostile value in every parameter and every field of each operation, one after the other."""
    world, ways = doors
    for number, label in enumerate(operations()):
        method, path = label.split(" ", 1)
        told = document()["paths"][path][method.lower()]
        asked = [one["name"] for one in told.get("parameters", []) if one["in"] == "query"]
        fields = _fields(told)
        # The suite gives each operation another part of the list.
        for place, value in enumerate(HOSTILE):
            if not EXAMPLES and (place + number) % 9:
                continue
            way = ways[place % len(ways)]
            word = value if isinstance(value, str) else json.dumps(value)
            word = word.encode("utf-8", "surrogatepass")
            if asked:
                question = "&".join(f"{name}={quote(word)}" for name in asked)
                way.ask(method, f"{path_of(world, path)}?{question}", told=path)
            if fields and "multipart" not in str(told["requestBody"]):
                for body in (dict.fromkeys(fields, value), {"values": dict.fromkeys(CARD, value)}, value):
                    data = json.dumps(body)
                    way.ask(method, path_of(world, path), told=path, data=data, content_type="application/json")
            if "{" in path and place % 4 == 0:
                way.ask(method, path_of(world, path, key=2**63 if place % 8 else 2**31), told=path, data="{}",
                        content_type="application/json")  # fmt: skip
    for way in ways:
        for body in (b"\xff\xfe", b"[" * 3000, b'{"a": 1', b"", b"null", b'{"a":"\\ud800"}'):
            way.ask("POST", API + "directory/companies", data=body, content_type="application/json")
    assert not _faults(ways)


# Columns that writing calls take in `values`.
CARD = ("name", "siren", "email", "turnover", "headcount", "region", "country", "founded_on", "website", "job_title")


def _fields(told: dict[str, Any]) -> list[str]:
    """The names that a body may hold."""
    contents = told.get("requestBody", {}).get("content", {})
    found: list[str] = []
    for content in contents.values():
        shape = content["schema"]
        if "$ref" in shape:
            shape = document()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        found += shape.get("properties", {})
    return found


def test_the_marks_are_found_by_whom_they_belong_to(doors: tuple[World, list[Door]]) -> None:
    """Or the tests above would look for words that nobody sees."""
    _world, ways = doors
    for way in ways:
        for path in ("crm/interactions", "crm/leads"):
            assert MARKS[way.name] in way.ask("GET", API + path).content.decode()
