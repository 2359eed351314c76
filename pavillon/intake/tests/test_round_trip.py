"""What the base exports in its exchange layout, it takes in again and is equal."""

import csv
import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from pavillon.core.encryption import FILE_MARK
from pavillon.directory.actions import add_contact, change_company, create_company, withdraw_record
from pavillon.directory.models import Company, Contact
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, BISCUITS, stage, take
from pavillon.intake.tests.test_screens import through_the_screens, upload
from pavillon.segments.actions import export_list
from pavillon.segments.enums import Layout
from pavillon.segments.models import ExportFile

pytestmark = pytest.mark.django_db

COMPANY = (
    "name", "siren", "legal_name", "address", "postal_code", "town", "country_id", "headcount", "turnover",
    "export_turnover", "website", "vat_number", "activity_id", "workforce_band_id", "sector_id", "commune_id",
    "status", "export_class", "turnover_objective", "potential_turnover", "margin", "new_client_objective",
)  # fmt: skip


@pytest.fixture
def scene(client):
    scene = stage()
    client.force_login(scene.keeper)
    scene.client = client
    return scene


def exported(scene, subject):
    """The bytes of an export in the exchange layout, every row that the keeper may take out."""
    count = (Company if subject == "companies" else Contact).objects.count()
    export = export_list(
        subject=subject, query="", sentence="all", rows=count, format="csv", by=scene.keeper, layout=Layout.EXCHANGE
    )
    return export.opened().read()


def companies():
    return {row["siren"]: row for row in Company.objects.exclude(siren=None).values(*COMPANY)}


def people():
    found = Contact.objects.select_related("company")
    return sorted((p.last_name, p.first_name, p.email, p.phone, p.job_title, p.company.siren) for p in found)


@pytest.mark.covers("API-10")
def test_an_export_is_taken_in_again_and_is_equal(scene):
    """Companies and people leave in the exchange layout; the emptied base takes both files in and is as it was."""
    change_company(company=scene.atelier, by=None, siren=ATELIER, website="https://ponant.example", headcount=42)
    change_company(company=scene.atelier, by=None, postal_code="29150", town="Châteaulin", address="2 rue du Port")
    other = create_company(name='=Maison "Kermeur"; fils', by=None, siren=BISCUITS, turnover="1234567.89")
    change_company(company=other, by=None, name='Maison "Kermeur"; fils', export_turnover="300000.50")
    aims = {"turnover_objective": "5000000", "potential_turnover": "750000.5", "margin": "90000"}
    known = {"status": "client", "export_class": "occasional", "new_client_objective": 4}
    change_company(company=scene.atelier, by=None, **aims, **known)
    add_contact(
        company=scene.atelier,
        by=scene.keeper,
        first_name="Léa",
        last_name="Kerbrat",
        email="lea@ponant.example",
        phone="+33298861234",
        job_title="Directrice export",
    )
    expected, expected_people = companies(), people()
    files = [exported(scene, "companies"), exported(scene, "contacts")]

    unchanged = through_the_screens(scene, files[0])
    assert unchanged.rehearsed["rejected"] == 0
    assert unchanged.rehearsed["conflicting"] == 0
    Delivery.objects.all().delete()

    for person in Contact.objects.all():
        withdraw_record(record=person, by=None)
    for company in Company.objects.exclude(siren=None):
        withdraw_record(record=company, by=None)
    assert not companies()
    for content in files:
        delivery = take(through_the_screens(scene, content), scene)
        assert delivery.taken["rejected"] == 0
    assert companies() == expected
    assert people() == expected_people


def test_the_file_itself_is_plain(scene):
    table = list(csv.reader(io.StringIO(exported(scene, "companies").decode("utf-8-sig")), delimiter=";"))
    assert table[0][:3] == ["id", "name", "siren"]


@pytest.mark.covers("SEC-05")
def test_a_thief_of_the_data_folder_reads_no_file(scene, settings, tmp_path):
    """A file that leaves, a partner's file and a picture lie sealed on the disk; who may fetch one gets its content."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    card = {"first_name": "Léa", "last_name": "Kerbrat", "email": "lea@ponant.example"}
    add_contact(company=scene.atelier, by=scene.keeper, **card)
    asked = {"format": "csv", "layout": Layout.EXCHANGE}
    scene.client.post(reverse("segments:export_list", args=["contacts"]), asked)
    export = ExportFile.objects.get()
    answer = scene.client.get(reverse("segments:download_export", args=[export.pk]))
    content = b"".join(answer.streaming_content)
    assert b"Kerbrat" in content
    upload(scene, content)
    default_storage.save("sent/kerbrat.txt", ContentFile(content))
    assert default_storage.open("sent/kerbrat.txt").read() == content
    lying = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent.name for path in lying} >= {"exports", "intake", "sent"}
    for path in lying:
        assert path.read_bytes().startswith(FILE_MARK), path
        assert b"Kerbrat" not in path.read_bytes(), path
    # One person's file put in the place of another's does not open.
    other = ExportFile(pk=export.pk + 1, format="csv")
    other.path.write_bytes(export.path.read_bytes())
    with pytest.raises(Exception, match="does not open"):
        other.opened().read()
