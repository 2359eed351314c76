"""A partner's system brings a file and reads its report, under the rights of its key."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pavillon.crm.tests.factories import fresh
from pavillon.directory.models import Company
from pavillon.intake import actions
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, bring, stage
from pavillon.interchange.actions import create_key

pytestmark = pytest.mark.django_db
FILE = "Raison sociale;SIREN\nMaison Kermeur;{}\nFaux;12\n"


def send(client, secret, content, **more):
    given = {"source": "cci-ouest", "observed_on": "2026-10-01", "legal_basis": "public_task"} | more
    given["file"] = SimpleUploadedFile("clients.csv", content.encode())
    return client.post("/api/v1/intake/deliveries", given, headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def scene():
    return stage()


def secret_of(person, *scopes):
    person = fresh(person)
    return create_key(name="CRM", membership=person.acting, scopes=list(scopes), by=person)[1]


def test_bring_delivery_through_the_api_and_read_its_report(client, scene):
    secret = secret_of(scene.manager, "intake", "intake:write")
    first = send(client, secret, FILE.format(ATELIER))
    assert first.status_code == 200, first.text
    assert first.json()["state"] == "brought"
    bring(scene, FILE.format(ATELIER), by=scene.manager)
    answer = send(client, secret, FILE.format(ATELIER) + "Autre;\n")
    assert answer.json()["state"] == "rehearsing"
    actions.run_rehearsal(delivery=Delivery.objects.get(pk=answer.json()["id"]))
    place = f"/api/v1/intake/deliveries/{answer.json()['id']}"
    report = client.get(place, headers={"Authorization": f"Bearer {secret}"}).json()
    assert (report["rehearsed"]["created"], report["rehearsed"]["rejected"]) == (2, 1)
    assert not Company.objects.filter(siren=ATELIER).exists()


def test_a_bad_file_and_a_key_without_the_right_are_refused(client, scene):
    secret = secret_of(scene.manager, "intake", "intake:write")
    bad = send(client, secret, "Nom;nom\na;b\n")
    assert bad.status_code == 422
    assert "1 et 2" in bad.json()["detail"]
    assert send(client, secret_of(scene.manager, "crm"), FILE).status_code == 403
    assert send(client, secret_of(scene.nour, "intake", "intake:write"), FILE).status_code == 403
    assert not Delivery.objects.exists()
