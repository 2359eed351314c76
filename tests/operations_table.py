"""What the API opens to whom, found by asking: every operation × every persona, with a key of his own."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from pavillon.interchange.api import api
from pavillon.interchange.enums import Scope
from pavillon.interchange.models import Key, digest_of
from tests.api_shapes import API, unfit
from tests.house import room_of, rooms
from tests.permissions_table import OPEN, REFUSED, SIGN_IN, UNSEEN, Broken, Caller
from tests.world import World

HEADER = """
## The API

Each persona is asked with a key of the own membership and of every scope, whether the persona may make one or not; the
visitor has none. A role that demands a second factor opens nothing by a key.
"""


@dataclass(frozen=True)
class Operation:
    """One operation of the API with everything needed to ask for it."""

    method: str
    path: str

    @property
    def name(self) -> str:
        """As a room's `tests/examples.py` names it in CALLS: "POST directory/companies/{company}/merge"."""
        return f"{self.method} {self.path.removeprefix(API)}"

    @property
    def room(self) -> str:
        return self.path.removeprefix(API).split("/")[0]

    @property
    def subject(self) -> type[Model] | None:
        """The model of the object in its address, None for a list or a new one."""
        names = re.findall(r"{(\w+)}", self.path)
        own = [m for m in apps.get_models() if names and m._meta.model_name == names[0] and room_of(m)]
        if not own and names and names[0] == "merge":
            return apps.get_model("directory.mergeevent")
        return own[0] if own else None

    def request(self, world: World) -> dict[str, Any]:
        """What to send: the example's `path`, `query`, `json` or `form`, with the objects of the world for the rest."""
        call = {
            key: maker(world) if callable(maker) else maker for key, maker in world.calls.get(self.name, {}).items()
        }
        given = call.get("path", {})
        if self.subject is not None:
            given = {re.findall(r"{(\w+)}", self.path)[0]: world.example(self.subject).pk} | given
        request = {"method": self.method, "path": self.path.format(**given), "QUERY_STRING": call.get("query", "")}
        if self.method == "GET":
            return request
        if "form" in call:
            return request | {"data": encode_multipart(BOUNDARY, call["form"]), "content_type": MULTIPART_CONTENT}
        return request | {"data": json.dumps(call.get("json", {"values": {}})), "content_type": "application/json"}


def listed_operations() -> list[Operation]:
    """Every operation of the API as its own document tells them, room by room from the ground."""
    paths = api.get_openapi_schema(path_prefix=API)["paths"]
    found = [Operation(method.upper(), path) for path, methods in paths.items() for method in methods]
    order = {room: number for number, room in enumerate(rooms())}
    return sorted(found, key=lambda each: (order[each.room], each.path, each.method))


def callers(world: World) -> dict[str, Caller]:
    """Each person's key at work."""
    made = {}
    for key, person in world.people.items():
        headers = {"Authorization": f"Bearer {key}"} if person is not None else {}
        made[key] = Caller(raise_request_exception=False, headers=headers)
        if person is not None:
            Key.objects.create(
                name=key, membership=person.acting, start=key, digest=digest_of(key), scopes=list(Scope.values),
                expires_at=timezone.now() + timedelta(hours=1),
            )  # fmt: skip
    return made


def call(client: Caller, request: dict[str, Any], path: str) -> str:
    """What one person's key gets; whatever the call changes is the caller's to undo.

    Raises Broken on a server error, for an answer that is not what the document says of `path`, and for an example that
    was refused before any right was asked.
    """
    response = client.generic(**request)
    asked = f"{request['method']} {request['path']}"
    if response.status_code >= 500:
        raise Broken(f"{asked} answered {response.status_code}: {client.error!r}")
    if wrong := unfit(request["method"], path, response):
        raise Broken(f"{asked}: {wrong}")
    if response.status_code == 422 and isinstance(told := json.loads(response.content)["detail"], list):
        raise Broken(f"{asked}: its example in CALLS does not fit: {told}")
    return {401: SIGN_IN, 403: REFUSED, 404: UNSEEN}.get(response.status_code, OPEN)


def document(world: World, calls: dict[str, dict[str, str]], permissions: dict[str, str]) -> str:
    """The table of operations as the repository keeps it, with the permission that each one asked."""
    people = list(world.people)
    parts = [f"{HEADER}\n| Operation | Permission | Object | {' | '.join(people)} |\n"]
    parts.append("|---|---|---|" + "---|" * len(people) + "\n")
    for operation in listed_operations():
        about = operation.subject._meta.verbose_name if operation.subject else ""
        cells = " | ".join(calls.get(operation.name, {}).get(key, "?") for key in people)
        parts.append(f"| `{operation.name}` | {permissions.get(operation.name, '?')} | {about} | {cells} |\n")
    return "".join(parts)
