"""Bad files through the door that a person uses: a clear message with the remedy, and nothing has changed."""

import io

import openpyxl
import pytest
from django.urls import reverse

from pavillon.directory.models import Company
from pavillon.intake import actions
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, stage, write_swelling_workbook
from pavillon.intake.tests.test_screens import mapping_of, through_the_screens, upload
from pavillon.intake.tests.test_taking import image

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    scene = stage()
    client.force_login(scene.keeper)
    scene.client = client
    return scene


def workbook(*rows):
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


GOOD = workbook(["SIREN", "Nom"], *([ATELIER, f"Maison {n}"] for n in range(50)))
AT_THE_DOOR = {
    "wrong encoding": (b"Nom;SIREN\n\x00\xff\xfe\x00;1\n", "clients.csv", "Line 2"),
    "duplicate headers": (b"Nom;Ville;nom\na;b;c\n", "clients.csv", "Columns 1 and 3"),
    "truncated workbook": (GOOD[: len(GOOD) // 2], "clients.xlsx", "damaged or cut short"),
    "formula": (workbook(["SIREN", "Nom"], [ATELIER, "=A1&B1"]), "clients.xlsx", "Cell B2"),
    "empty": (b"", "clients.csv", "empty"),
    "no rows": (b"SIREN;Nom\n", "clients.csv", "no row"),
    "pdf": (b"%PDF-1.7 ...", "clients.pdf", "must end in .xlsx"),
    "10 MB cell": (b"Nom;SIREN\n" + b"x" * 10_000_000 + b";1\n", "clients.csv", "Line 2: a cell holds more than"),
}


@pytest.mark.parametrize("fault", AT_THE_DOOR)
def test_a_bad_file_is_refused_at_the_door(scene, fault):
    content, name, told = AT_THE_DOOR[fault]
    before = image()
    answer = upload(scene, content, name=name)
    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["file"])
    assert not Delivery.objects.exists()
    assert image() == before


def test_a_fault_deep_in_the_file_stops_the_rehearsal_with_its_line(scene):
    before = image()
    lines = "".join(f"Maison {n};\n" for n in range(40))
    upload(scene, f"Nom;SIREN\n{lines}{'x' * 40_000};\n")
    delivery = Delivery.objects.get()
    scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), mapping_of(delivery))
    actions.run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.FAILED
    page = scene.client.get(delivery.get_absolute_url())
    assert "Line 42" in page.text
    assert "nothing changed in the base" in page.text
    assert image() == before
    assert delivery.rows.count() == 0


def test_missing_columns_are_named(scene):
    before = image()
    upload(scene, "Téléphone;Ville\n0298861234;Brest\n")
    delivery = Delivery.objects.get()
    answer = scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), mapping_of(delivery))
    assert answer.status_code == 422
    assert "No column says which company" in answer.text
    assert image() == before


def test_half_of_the_sirens_wrong_refuses_these_rows_and_warns(scene):
    before = image()
    lines = "".join(f"{'900001117' if n % 2 else ATELIER};Maison\n" for n in range(20))
    delivery = through_the_screens(scene, f"SIREN;Nom\n{lines}")
    assert delivery.rehearsed["rejected"] == 10
    page = scene.client.get(delivery.get_absolute_url())
    assert "A third of the rows or more are refused" in page.text
    assert image() == before


def test_a_workbook_that_would_swell_is_refused(scene):
    stream = io.BytesIO()
    write_swelling_workbook(stream)
    answer = upload(scene, stream.getvalue(), name="clients.xlsx")
    assert answer.status_code == 422
    assert not Company.objects.exclude(pk__in=[scene.atelier.pk, scene.southern.pk]).exists()
