"""What the base exports in its exchange layout, it takes in again and is equal."""

import csv
import io

import pytest

from pavillon.directory.actions import add_contact, change_company, create_company, withdraw_record
from pavillon.directory.models import Company, Contact
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, BISCUITS, stage, take
from pavillon.intake.tests.test_screens import through_the_screens
from pavillon.segments.actions import export_list
from pavillon.segments.enums import Layout

pytestmark = pytest.mark.django_db

COMPANY = (
    "name", "siren", "legal_name", "address", "postal_code", "town", "country_id", "headcount", "turnover",
    "export_turnover", "website", "vat_number", "activity_id", "workforce_band_id", "sector_id", "commune_id",
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
    return export.path.read_bytes()


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
