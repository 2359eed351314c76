"""A stage with a company, and a partner's system that calls with a key."""

import json

import pytest

from pavillon.crm.tests.factories import fresh, stage
from pavillon.interchange.actions import create_key


@pytest.fixture
def cast():
    return stage()


@pytest.fixture
def call(client, cast):
    """`call("patch", "companies/1", values={…})` with a key of Nour's: (status, answer)."""
    secret = create_key(
        name="CRM of the chamber",
        membership=fresh(cast.nour).acting,
        scopes=["directory", "directory:write"],
        by=fresh(cast.nour),
    )[1]

    def send(method, path, headers=None, **body):
        more = {"data": json.dumps(body), "content_type": "application/json"} if method != "get" else {}
        headers = {"Authorization": f"Bearer {secret}"} | (headers or {})
        answer = getattr(client, method)(f"/api/v1/directory/{path}", headers=headers, **more)
        return answer.status_code, answer.json()

    return send
