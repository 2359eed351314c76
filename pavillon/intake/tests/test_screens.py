"""A file goes through the screens from its arrival to its undoing; who may not, sees nothing of it."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from pavillon.directory.models import Company, SourceRecord
from pavillon.intake import actions
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, bring, stage, take
from pavillon.intake.tests.test_taking import FILE, image

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    scene = stage()
    client.force_login(scene.keeper)
    scene.client = client
    return scene


def upload(scene, content, *, name="clients.csv", **more):
    given = {"source": scene.source.pk, "observed_on": "2026-10-01", "legal_basis": "public_task"} | more
    content = content.encode() if isinstance(content, str) else content
    return scene.client.post(
        reverse("intake:bring_delivery"), given | {"file": SimpleUploadedFile(name, content)}, follow=False
    )


def mapping_of(delivery, **chosen):
    """The mapping screen's answers: what was guessed, and `chosen` by column."""
    said = {}
    for place, name in enumerate(delivery.header):
        said[f"target_{place}"] = chosen.get(name, delivery.mapping[name]["target"])
        said[f"policy_{place}"] = delivery.mapping[name]["policy"]
    return said


def through_the_screens(scene, content, **more):
    """Bring and rehearse as a person does; the delivery."""
    answer = upload(scene, content, **more)
    assert answer.status_code == 302, answer.context["form"].errors
    delivery = Delivery.objects.latest("pk")
    answer = scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), mapping_of(delivery))
    assert answer.status_code == 302, answer.context["form"].errors
    actions.run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def confirm(scene, name, delivery):
    assert scene.client.get(reverse(f"intake:{name}", args=[delivery.pk])).status_code == 200
    assert scene.client.post(reverse(f"intake:{name}", args=[delivery.pk])).status_code == 302


@pytest.mark.covers("API-11")
def test_take_delivery_and_its_reconciliation_counts_match(scene, django_assert_max_num_queries):
    """Load, rehearse, take over, reconcile, undo: through the screens, the counts of each step add up."""
    before = image()
    delivery = through_the_screens(scene, FILE)
    assert image() == before
    with django_assert_max_num_queries(35):
        page = scene.client.get(delivery.get_absolute_url())
    counts = page.context["counts"]
    assert sum(count.foreseen for count in counts) == delivery.rows_read == 6
    assert "900001117" in page.text
    confirm(scene, "take_delivery", delivery)
    actions.run_taking(delivery=delivery)
    with django_assert_max_num_queries(35):
        page = scene.client.get(delivery.get_absolute_url())
    counts = page.context["counts"]
    assert sum(count.done for count in counts) == 6
    assert not any(count.differs for count in counts)
    delivery.refresh_from_db()
    assert delivery.taken["rows"] == delivery.rehearsed["rows"] == delivery.rows.count()
    brought = Company.objects.filter(source_records__source=scene.source).distinct()
    assert delivery.taken["created"] == brought.exclude(pk=scene.atelier.pk).count()
    confirm(scene, "undo_delivery", delivery)
    actions.run_undoing(delivery=delivery)
    assert Company.objects.count() == len(before[0])
    assert scene.client.get(delivery.get_absolute_url()).status_code == 200


@pytest.mark.covers("BASE-02")
def test_files_of_two_owners_with_one_siren_make_one_company_with_two_origins(scene):
    """The agency's and the chamber's files hold the same SIREN: one company, both origins, a report for each."""
    lines = "SIREN;Raison sociale;Site web;CA (k€)\n"
    first = through_the_screens(
        scene,
        lines + f"{ATELIER};Ateliers Kermeur;kermeur.example;900\nx;Faux;;\n",
        source="",
        new_name="Business France",
        new_kind="partner",
    )
    take(first, scene)
    second = take(through_the_screens(scene, lines + f"{ATELIER};Ateliers Kermeur SA;;1200\n"), scene)
    company = Company.objects.get(siren=ATELIER)
    origins = SourceRecord.objects.filter(company=company).values_list("source__name", flat=True)
    assert set(origins) == {"Business France", "CCI Ouest"}
    for delivery, expected in ((first, ("created", "rejected")), (second, ("conflicting", "matched"))):
        delivery.refresh_from_db()
        page = scene.client.get(delivery.get_absolute_url())
        done = {count.outcome.value: count.done for count in page.context["counts"]}
        assert sum(done[name] for name in expected) == delivery.rows_read
    card = scene.client.get(reverse("directory:company_origins", args=[company.pk])).text
    assert "Business France" in card
    assert "CCI Ouest" in card


def test_bring_delivery_proposes_the_mapping_and_marks_a_remembered_one(scene, django_assert_max_num_queries):
    delivery = through_the_screens(scene, FILE)
    assert upload(scene, FILE.replace("A1", "A9")).status_code == 302
    newer = Delivery.objects.latest("pk")
    with django_assert_max_num_queries(30):
        page = scene.client.get(reverse("intake:map_delivery", args=[newer.pk]))
    assert page.context["is_remembered"]
    assert newer.mapping == delivery.mapping
    assert "ATELIERS DU PONANT" in page.text


def test_map_delivery_refuses_one_thing_twice_and_a_file_about_nobody(scene):
    upload(scene, FILE)
    delivery = Delivery.objects.get()
    twice = mapping_of(delivery, Ville="company.name")
    answer = scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), twice)
    assert answer.status_code == 422
    assert "Raison sociale" in str(answer.context["form"].errors)
    nobody = mapping_of(delivery, **{"N° client": "", "Raison sociale": "", "SIREN": ""})
    answer = scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), nobody)
    assert answer.status_code == 200 or answer.status_code == 422
    assert "SIREN, name" in answer.text
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.BROUGHT


def test_a_column_that_finds_the_company_has_no_policy_to_choose(scene):
    upload(scene, FILE)
    page = scene.client.get(reverse("intake:map_delivery", args=[Delivery.objects.get().pk]))
    columns = {column["name"]: column["is_identity"] for column in page.context["columns"]}
    assert columns["SIREN"]
    assert not columns["Raison sociale"]
    assert page.text.count("nothing to choose</span>") == len(columns)
    assert page.text.count("<div data-policy hidden>") == sum(columns.values())


def workbook(**sheets):
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_of_two_sheets_says_so_and_each_sheet_is_taken_over(scene):
    first, second = [["Société", "Ville"], ["Forge", "Brest"]], [["Société", "Ville"], ["Filature", "Morlaix"]]
    content = workbook(Clients=first, Prospects=second)
    for sheet, seen in (("Clients", "Forge"), ("Prospects", "Filature")):
        assert upload(scene, content, name="clients.xlsx").status_code == 302
        delivery = Delivery.objects.latest("pk")
        address = reverse("intake:map_delivery", args=[delivery.pk])
        assert scene.client.get(address).context["other_sheets"] == ["Prospects"]
        if sheet == "Prospects":
            asked = {"sheet": sheet}
            assert scene.client.post(reverse("intake:reread_delivery", args=[delivery.pk]), asked).status_code == 302
            delivery.refresh_from_db()
        assert scene.client.get(address).context["preview"][0][0] == seen
        assert scene.client.post(address, mapping_of(delivery)).status_code == 302
        actions.run_rehearsal(delivery=delivery)
        assert "nothing has changed" in scene.client.get(delivery.get_absolute_url()).text
        confirm(scene, "take_delivery", delivery)
        actions.run_taking(delivery=delivery)
    assert Company.objects.filter(name__in=["Forge", "Filature"]).count() == 2
    again = upload(scene, content, name="clients.xlsx", sheet="Prospects")
    assert again.status_code == 422, "that very sheet was taken over"


def test_reread_delivery_reads_the_file_in_the_way_that_is_asked(scene):
    text = "Export du 1er octobre\nSociété;Ville\nForge;Brest\n"
    upload(scene, text.encode("cp1252"))
    delivery = Delivery.objects.get()
    assert delivery.reading["encoding"] == "cp1252"
    answer = scene.client.post(
        reverse("intake:reread_delivery", args=[delivery.pk]),
        {"encoding": "mac_roman", "separator": ";", "header_line": "2"},
    )
    assert answer.status_code == 302
    delivery.refresh_from_db()
    assert delivery.reading["encoding"] == "mac_roman"
    answer = scene.client.post(reverse("intake:reread_delivery", args=[delivery.pk]), {"header_line": "900"})
    assert answer.status_code == 422


def test_decide_row_one_after_the_other(scene):
    delivery = through_the_screens(scene, "Raison sociale;CP\nAteliers du Ponent;29150\nAtelier du Ponnant;29150\n")
    address = reverse("intake:decide_row", args=[delivery.pk])
    page = scene.client.get(address)
    assert page.context["left"] == delivery.rows.to_decide().count() > 0
    while page.context["left"]:
        scene.client.post(address, {"line": page.context["line"].row.line, "choice": "same"})
        page = scene.client.get(address)
    assert "Every doubtful row is decided" in page.text
    take(delivery, scene)
    assert delivery.taken["differing"] == []
    assert delivery.taken["companies_created"] == 0


def test_export_refused_holds_the_reasons_and_no_formula(scene):
    delivery = through_the_screens(scene, "SIREN;Raison sociale\nx1;@SUM(A1)\n900001117;Faux\n")
    answer = scene.client.get(reverse("intake:export_refused", args=[delivery.pk]))
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert table[0] == ["Line", "Why it was refused", "SIREN", "Raison sociale"]
    assert table[1][3] == "'@SUM(A1)"
    assert "900001117" in table[2][1]


def test_rows_are_filtered_by_outcome_and_paged_from_the_last_line(scene):
    lines = "".join(f"Maison {letter}{n};\n" for letter in "ABCDEF" for n in range(20))
    delivery = through_the_screens(scene, "Raison sociale;SIREN\n" + lines + "Faux;12\n")
    page = scene.client.get(delivery.get_absolute_url(), {"outcome": "rejected"})
    assert [line.row.line for line in page.context["lines"]] == [122]
    page = scene.client.get(delivery.get_absolute_url())
    following = scene.client.get(page.context["listing"].next_url)
    assert following.context["lines"][0].row.line == page.context["lines"][-1].row.line + 1


@pytest.mark.parametrize(("who", "status"), [("keeper", 200), ("dpo", 200), ("nour", 403), ("claire", 403)])
def test_who_may_view_deliveries(scene, who, status):
    scene.client.force_login(getattr(scene, who))
    assert scene.client.get(reverse("intake:deliveries")).status_code == status


def test_files_of_another_organisation_are_not_found(scene):
    delivery = bring(scene, FILE)
    scene.client.force_login(scene.maud)
    assert scene.client.get(delivery.get_absolute_url()).status_code == 404


def test_people_s_cells_are_veiled_from_who_may_not_read_them(scene, monkeypatch):
    from pavillon.directory.models import Contact
    from pavillon.intake.queries import showing

    delivery = through_the_screens(scene, FILE)
    monkeypatch.setattr(showing, "may_read", lambda user, model, name="": model is not Contact)
    page = scene.client.get(delivery.get_absolute_url())
    assert "lea@ponant.example" not in page.text
    assert "pas une adresse" not in page.text
    assert "ATELIERS DU PONANT" in page.text


def test_the_list_says_what_to_do_when_it_is_empty(scene):
    assert "Bring a file" in scene.client.get(reverse("intake:deliveries")).text


def test_resume_delivery_sets_a_stopped_phase_going_again(scene):
    delivery = bring(scene, FILE)
    actions.take_delivery(delivery=delivery, by=scene.keeper)
    assert actions.resume_deliveries() == 0
    Delivery.objects.filter(pk=delivery.pk).update(changed_at=timezone.now() - timedelta(hours=1))
    answer = scene.client.post(reverse("intake:resume_delivery", args=[delivery.pk]))
    assert answer.status_code == 302
    assert actions.resume_deliveries() == 0
