"""Merging through the API: candidates first, rehearsed, done, undone; the old number leads to the new one."""

import json

import pytest

from pavillon.crm.tests.factories import stage
from pavillon.directory import actions
from pavillon.directory.models import Company, MergeEvent
from pavillon.interchange.tests.test_api import key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client):
    """`call(secret, "directory/candidates?name=x")`, or with a body to post."""

    def ask(secret, path, body=None):
        headers = {"Authorization": f"Bearer {secret}"}
        if body is None:
            return client.get(f"/api/v1/{path}", headers=headers)
        return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)

    return ask


@pytest.mark.covers("BASE-05")
def test_merge_companies_through_the_api(call):
    cast = stage()
    double = actions.create_company(name="Atelier du Ponant", by=None, website="https://ponant.example")
    _key, secret = key_of(cast.manager, "directory", "directory:write")
    found = call(secret, f"directory/candidates?name={cast.atelier.name}").json()["items"]
    assert {each["name"] for each in found} & {cast.atelier.name, double.name}
    place = f"directory/companies/{cast.atelier.pk}/merge"
    tried = call(secret, place, {"removed": double.pk, "dry_run": True}).json()
    assert tried["id"] is None
    assert not MergeEvent.objects.exists()
    done = call(secret, place, {"removed": double.pk, "choices": {"name": "removed"}}).json()
    assert Company.objects.get(pk=cast.atelier.pk).name == "Atelier du Ponant"
    moved = call(secret, f"directory/companies/{double.pk}")
    assert moved.status_code == 301
    assert moved["Location"] == f"/api/v1/directory/companies/{cast.atelier.pk}"
    assert moved.json() == {"id": double.pk, "merged_into_id": cast.atelier.pk}
    assert call(secret, place, {"removed": double.pk}).status_code == 409
    assert call(secret, place, {"removed": double.pk, "choices": {"nothing": "removed"}}).status_code in (409, 422)
    assert call(secret, "directory/merges").json()["items"][0]["id"] == done["id"]
    back = call(secret, f"directory/merges/{done['id']}/undo", {})
    assert back.json()["undone_at"]
    assert call(secret, f"directory/merges/{done['id']}/undo", {}).status_code == 409
    assert call(secret, f"directory/companies/{double.pk}").status_code == 200


def test_who_may_not_merge_on_screen_may_not_through_the_api(call):
    cast = stage()
    double = actions.create_company(name="Atelier du Ponant", by=None)
    _key, secret = key_of(cast.nour, "directory", "directory:write")
    assert call(secret, f"directory/companies/{cast.atelier.pk}/merge", {"removed": double.pk}).status_code == 403
