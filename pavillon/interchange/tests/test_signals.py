"""An outside source's file comes through the API: the company gets its signals, its adviser a request."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pavillon.accounts.enums import Role
from pavillon.accounts.tests.factories import person
from pavillon.crm.models import Lead
from pavillon.crm.tasks import suggest_lead
from pavillon.directory.actions import change_company
from pavillon.intake.models import Signal
from pavillon.intake.tests.factories import ATELIER, stage
from pavillon.interchange.tests.test_bring_delivery import secret_of

pytestmark = pytest.mark.django_db


def send(client, secret, feed, content):
    given = {"observed_on": "2026-10-01", "file": SimpleUploadedFile("signals.csv", content.encode())}
    place = f"/api/v1/intake/signals/{feed}"
    return client.post(place, given, headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def scene(db):
    """The cast, with a manager of the national agency who holds the key, and a company with its SIREN."""
    scene = stage()
    scene.henri = person("Henri", scene.agency, Role.TEAM_MANAGER)
    change_company(company=scene.atelier, by=None, siren=ATELIER)
    return scene


@pytest.mark.covers("API-04")
def test_import_signals_through_the_api_and_the_adviser_gets_a_request(client, scene):
    secret = secret_of(scene.henri, "intake", "intake:write")
    today = timezone.localdate().isoformat()
    rows = "".join(f"{ATELIER};WO2026{n};{today};Four à vide;WO EP US\n" for n in range(2))
    answer = send(client, secret, "patents", "SIREN;Publication;Date de dépôt;Titre;Offices\n" + rows)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["rows"], answer.json()["added"]) == (2, 2)
    assert Signal.objects.filter(company=scene.atelier).count() == 2
    (job,) = ProcrastinateJob.objects.filter(task_name="crm.suggest_lead")
    suggest_lead(**job.args)
    made = Lead.objects.get(company=scene.atelier)
    assert (made.origin, made.touches.get().detail) == ("watch", "INPI")
    assert made.adviser.region_id == scene.atelier.region_id
    client.force_login(made.adviser)
    listed = client.get("/leads/").text
    assert made.reference in listed
    suggest_lead(**job.args)
    assert Lead.objects.count() == 1


def test_signals_of_an_unknown_feed_or_without_the_right_are_refused(client, scene):
    secret = secret_of(scene.henri, "intake", "intake:write")
    assert send(client, secret, "weather", "a;b\n").status_code == 404
    assert send(client, secret, "customs", "SIREN;Année;Valeur\n").status_code == 422
    assert send(client, secret_of(scene.manager, "intake", "intake:write"), "patents", "SIREN\n").status_code == 403
