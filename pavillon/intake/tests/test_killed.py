"""A worker killed at any point: run again, the file ends exactly as one whose worker was never stopped."""

import signal

import pytest
from django.conf import settings

from pavillon.directory.models import Company, CompanyValue, Contact, ContactValue, SourceRecord
from pavillon.intake import actions
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import bring, stage, take, undo
from pavillon.intake.tests.test_taking import FILE

POINTS = {
    "rehearsal": [("rehearsing", "_find_leaders", 1), ("rehearsing", "judge_rows", 2), ("rehearsing", "finish", 1)],
    "taking": [
        ("taking_new", "note_new_records", 1),
        ("taking_known", "add_contacts", 1),
        ("taking", "_take_row", 1),
        ("taking", "finish", 1),
    ],
    "undoing": [("undoing", "_undo_row", 2), ("undoing", "_let_go", 1), ("undoing", "finish", 1)],
}


@pytest.fixture
def killed_often(nursery):
    """Kill the worker of a phase at each of its points, then let one finish."""

    def run(phase, delivery):
        for module, name, at in [*POINTS[phase], ("", "", 0)]:
            code, told = nursery(
                "pavillon.intake.tests.work_then_die", "work", settings.DATA, phase, delivery.pk, module, name, at
            )
            assert code == (-signal.SIGKILL if name else 0), told
        delivery.refresh_from_db()

    return run


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
def test_a_killed_worker_leaves_nothing_half_done_nor_twice_done(killed_often):
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
