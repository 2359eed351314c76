"""A worker killed at any point: run again, the file ends exactly as one whose worker was never stopped."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, SourceRecord
from pavillon.intake import actions
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import bring, stage, take, undo
from pavillon.intake.tests.test_taking import FILE

# Runs a phase in batches of two rows and kills itself, as `kill -9` does, at the n-th call of a function.
WORKER = """
import os, signal, sys
import django
django.setup()
from pavillon.intake import actions
from pavillon.intake.actions import rehearsing, taking, undoing
from pavillon.intake.models import Delivery
phase, pk, module, name, at = sys.argv[1:]
for batches in (rehearsing, taking, undoing):
    batches.BATCH = 2
if name:
    place = {"rehearsing": rehearsing, "taking": taking, "undoing": undoing}[module]
    real, calls = getattr(place, name), []
    def deadly(*given, **named):
        calls.append(1)
        if len(calls) == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    setattr(place, name, deadly)
getattr(actions, f"run_{phase}")(delivery=Delivery.objects.get(pk=int(pk)))
"""

POINTS = {
    "rehearsal": ("rehearsing", [("_find_leaders", 1), ("judge_rows", 2), ("finish", 1)]),
    "taking": ("taking", [("_take_row", 1), ("_take_row", 4), ("progress", 1), ("finish", 1)]),
    "undoing": ("undoing", [("_undo_row", 2), ("_let_go", 1), ("finish", 1)]),
}


def work(phase, delivery, module="", name="", at=0):
    place = connection.settings_dict
    address = f"{place['USER']}:{place['PASSWORD']}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"postgresql://{address}",
        "PAVILLON_DATA": str(settings.DATA),
    }
    environment.pop("PAVILLON_TEMPLATE_DB", None)
    command = [sys.executable, "-c", WORKER, phase, str(delivery.pk), module, name, str(at)]
    done = subprocess.run(
        command, env=environment, cwd=settings.ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    return done.returncode, done.stderr[-2000:]


def killed_often(phase, delivery):
    """Kill the worker of a phase at each of its points, then let one finish."""
    module, points = POINTS[phase]
    for name, at in points:
        code, told = work(phase, delivery, module, name, at)
        assert code == -signal.SIGKILL, told
    code, told = work(phase, delivery)
    assert code == 0, told
    delivery.refresh_from_db()


def state(delivery):
    """The base and the reports without keys and moments."""
    delivery.refresh_from_db()
    rows = delivery.rows.order_by("line").values_list("line", "leader", "outcome", "taken_outcome", "undone_outcome")
    return {
        "companies": list(
            Company.objects.order_by("name").values_list("name", "siren", "website", "turnover", "origin__name")
        ),
        "contacts": [
            (str(person), person.email, person.phone, str(person.company))
            for person in Contact.objects.order_by("last_name").select_related("company")
        ],
        "values": sorted(
            map(str, CompanyValue.objects.values_list("company__name", "field", "source__name", "value", "state"))
        ),
        "people's values": ContactValue.objects.count(),
        "records": sorted(map(str, SourceRecord.objects.values_list("source__name", "key", "company__name"))),
        "rows": list(rows),
        "reports": [delivery.state, delivery.rehearsed, delivery.taken, delivery.undone, delivery.rows_done],
    }


@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_leaves_nothing_half_done_nor_twice_done():
    scene = stage()
    smooth = bring(scene, FILE)
    expected = [state(smooth), state(take(smooth, scene)), state(undo(smooth, scene))]
    delivery = actions.bring_delivery(
        source=scene.source,
        name="clients.csv",
        content=FILE.encode(),
        observed_on=smooth.observed_on,
        legal_basis=smooth.legal_basis,
        by=scene.keeper,
    )
    actions.choose_mapping(delivery=delivery, mapping=delivery.mapping, by=scene.keeper)
    killed_often("rehearsal", delivery)
    assert state(delivery) == expected[0]
    actions.take_delivery(delivery=delivery, by=scene.keeper)
    killed_often("taking", delivery)
    assert state(delivery) == expected[1]
    actions.undo_delivery(delivery=delivery, by=scene.keeper)
    killed_often("undoing", delivery)
    assert state(delivery) == expected[2]
    assert Delivery.objects.count() == 2
