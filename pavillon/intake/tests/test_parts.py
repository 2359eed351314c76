"""Sites, markets and roles come by file as companies do: rehearsed, taken over once, undone; and leave to come back."""

from datetime import date

import pytest
from django.urls import reverse

from pavillon.directory.actions import (
    add_contact,
    add_establishment,
    add_market,
    add_role,
    change_company,
    change_market,
    change_role,
    create_company,
)
from pavillon.directory.enums import Family, Maturity
from pavillon.directory.models import Company, Contact, ContactRole, Establishment, Market
from pavillon.intake import actions
from pavillon.intake.models import Delivery
from pavillon.intake.tests.factories import ATELIER, BISCUITS, bring, stage, take, undo
from pavillon.intake.tests.test_screens import mapping_of, upload
from pavillon.reference.models import Country, Sector
from pavillon.segments.models import ExportFile

pytestmark = pytest.mark.django_db

SITES = ("company__name", "siret", "name", "is_head_office", "address", "postal_code", "commune", "town", "country",
         "opened_on", "closed_on")  # fmt: skip
MARKETS = ("company__name", "country", "sector", "maturity", "since", "note")
ROLES = ("contact__last_name", "company__name", "function", "is_decision_maker", "is_main", "starts_on", "ends_on")
CARD = ("name", "siren", "family", "country", "priority_zones", "national_number", "town")


@pytest.fixture
def scene(client):
    scene = stage()
    change_company(company=scene.atelier, by=None, siren=ATELIER, priority_zones=["acv", "frr"])
    client.force_login(scene.keeper)
    scene.client = client
    return scene


def of(model, columns):
    return sorted(map(str, model.objects.values_list(*columns)))


def everything():
    return [of(Establishment, SITES), of(Market, MARKETS), of(ContactRole, ROLES), of(Company, CARD)]


def fill(scene):
    brazil, sector = Country.objects.get(pk="BR"), Sector.objects.get(pk="industry")
    abroad = create_company(
        name="Grupo Azul", by=None, family=Family.FOREIGN, country=brazil, national_number="11222333000181"
    )
    add_establishment(
        company=scene.atelier, by=None, siret=f"{ATELIER}00012", name="Usine, quai n° 2", commune=scene.chateaulin,
        postal_code="29150", opened_on=date(2001, 2, 3), is_head_office=True,
    )  # fmt: skip
    add_establishment(company=abroad, by=None, name="Fábrica", town="São Paulo", country=brazil)
    add_market(company=scene.atelier, by=None, country=brazil, sector=sector, maturity=Maturity.FIRST_SALES)
    add_market(company=scene.atelier, by=None, country=brazil, note="- essai; suite", since=date(2020, 1, 31))
    lea = add_contact(
        company=scene.atelier, by=None, first_name="Léa", last_name="Kerbrat", email="lea@ponant.example",
        job_title="Directrice export", is_decision_maker=True,
    )  # fmt: skip
    change_role(role=lea.roles.get(), by=None, starts_on=date(2019, 9, 1))
    add_role(contact=lea, company=abroad, by=None, function="Administratrice", ends_on=date(2024, 12, 31))
    # Nobody writes to him: his name finds him.
    add_contact(company=abroad, by=None, first_name="João", last_name="Lima")


def exported(scene, part, subject="companies"):
    asked = {"format": "csv", "layout": "exchange", "part": part}
    answer = scene.client.post(reverse("segments:export_list", args=[subject]), asked)
    assert answer.status_code == 302, answer.context["form"].errors
    export = ExportFile.objects.latest("pk")
    assert export.part == part
    return b"".join(scene.client.get(reverse("segments:download_export", args=[export.pk])).streaming_content)


def through(scene, kind, content):
    """Bring as a person does, columns as they are guessed, and rehearse."""
    answer = upload(scene, content, name=f"{kind}.csv", kind=kind)
    assert answer.status_code == 302, answer.context["form"].errors
    delivery = Delivery.objects.latest("pk")
    answer = scene.client.post(reverse("intake:map_delivery", args=[delivery.pk]), mapping_of(delivery))
    assert answer.status_code == 302, answer.context["form"].errors
    actions.run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.covers("API-10")
def test_sites_markets_and_roles_leave_and_come_back_equal(scene):
    """With companies (their family and zones) and people: everything leaves, the emptied base is as it was again."""
    fill(scene)
    expected = everything()
    kinds = ["companies", "contacts", "sites", "markets", "roles"]
    files = {kind: exported(scene, "" if kind in kinds[:2] else kind, kind if kind in kinds[:2] else "companies")
             for kind in kinds}  # fmt: skip
    for kind in kinds[2:]:
        unchanged = through(scene, kind, files[kind])
        assert unchanged.rehearsed["rows"] == unchanged.rehearsed["unchanged"] > 1, unchanged.rehearsed
    Delivery.objects.all().delete()
    for model in (Establishment, Market, ContactRole, Contact, Company):
        model.objects.all().delete()
    for kind in kinds:
        of_kind = kind if kind in kinds[2:] else "companies"
        delivery = take(through(scene, of_kind, files[kind]), scene)
        assert (delivery.taken["rejected"], delivery.taken["differing"]) == (0, []), [
            (r.cells, r.report) for r in delivery.rows.all()
        ]
    assert everything() == expected


MARKET_FILE = (
    "SIREN;Société;Pays visé;Secteur;Maturité;Depuis;Note\n"
    f"{ATELIER};;Brésil;;Premières ventes;01/02/2021;salon\n"
    f"{ATELIER};;Japon;;prospected;;\n"
    f"{ATELIER};;Japon;;prospected;;\n"
    f"{ATELIER};;Japon;;left;;\n"
    f"{BISCUITS};;Japon;;;;\n"
    f"{ATELIER};;Atlantide;;;;\n"
    ";Verreries du Midi;Canada;;Considered;32/13/2020;\n"
    f"{ATELIER};;France;;;;\n"
)


def test_a_wrong_file_of_markets_says_why_is_taken_once_and_is_undone(scene):
    """Rehearsed without writing; what the base says stands unless a column may overwrite; undone, later work stays."""
    brazil, japan = Country.objects.get(pk="BR"), Country.objects.get(pk="JP")
    known = add_market(company=scene.atelier, by=None, country=brazil, maturity=Maturity.CONSIDERED)
    before = of(Market, MARKETS)
    delivery = bring(scene, MARKET_FILE, kind="markets")
    assert of(Market, MARKETS) == before
    rows = list(delivery.rows.order_by("line"))
    assert [row.outcome for row in rows] == [
        "conflicting", "created", "unchanged", "rejected", "rejected", "rejected", "doubtful", "rejected",
    ]  # fmt: skip
    told = [" ".join(row.report["reasons"]) for row in rows]
    assert "Line 3 says the same" in told[2]
    assert "Line 3 speaks of the same, and says otherwise" in told[3]
    assert "not in the base" in told[4]
    assert "Atlantide" in told[5]
    assert "France is none" in told[7]
    page = scene.client.get(delivery.get_absolute_url()).content.decode()
    assert "Known, says otherwise" in page
    assert "New company" not in page
    actions.decide_row(row=rows[6], choice="same", by=scene.keeper)
    delivery = take(delivery, scene)
    assert (delivery.taken["created"], delivery.taken["matched"], delivery.taken["differing"]) == (2, 0, [])
    known.refresh_from_db()
    assert (known.maturity, known.since, known.note) == (Maturity.CONSIDERED, date(2021, 2, 1), "salon")
    assert Market.objects.filter(company=scene.southern, country_id="CA").exists()
    change_market(market=scene.southern.markets.get(), by=None, note="vu au salon")
    delivery = undo(delivery, scene)
    assert (delivery.undone["removed"], delivery.undone["restored"], delivery.undone["kept"]) == (1, 1, 1)
    known.refresh_from_db()
    assert (known.since, known.note) == (None, "")
    assert not Market.objects.filter(country=japan).exists()
    bolder = take(bring(scene, MARKET_FILE, kind="markets", Maturité=("part.maturity", "overwrite")), scene)
    assert bolder.rows.get(line=2).taken_outcome == "matched"
    known.refresh_from_db()
    assert known.maturity == Maturity.FIRST_SALES


def test_sites_of_the_register_are_not_ruled_by_files_and_roles_name_people(scene):
    """A site of the register stays as it is; a SIRET elsewhere is refused; people are found by address or name."""
    siret = f"{ATELIER}00012"
    add_establishment(company=scene.atelier, by=None, siret=siret, name="Siège")
    Establishment.objects.update(is_from_register=True)
    text = f"SIRET;Nom du site;CP du site;Ville du site\n{siret};Autre nom;;\n{ATELIER}00004;Quai;29150;Châteaulin\n"
    sites = take(bring(scene, text, kind="sites"), scene)
    assert [row.taken_outcome for row in sites.rows.order_by("line")] == ["unchanged", "created"]
    assert Establishment.objects.get(name="Quai").commune == scene.chateaulin
    assert undo(sites, scene).undone["removed"] == 1
    for name, email in (("Ana", "ana@ponant.example"), ("Eva", "")):
        add_contact(company=scene.atelier, by=None, first_name=name, last_name="Roux", email=email)
    head = "SIREN;Société;Prénom;Nom contact;Courriel;Fonction;Depuis;Principal\n"
    text = head + (
        ";Verreries du Midi;;;ana@ponant.example;Gérante;01/03/2020;oui\n"
        f"{ATELIER};;Eva;Roux;;Comptable;;\n"
        f"{ATELIER};;Personne;Inconnue;;Comptable;;\n"
    )
    roles = bring(scene, text, kind="roles")
    first, second, third = roles.rows.order_by("line")
    assert (first.outcome, second.outcome, third.outcome) == ("doubtful", "matched", "rejected")
    actions.decide_row(row=first, choice="same", by=scene.keeper)
    take(roles, scene)
    ana, eva = (Contact.objects.get(first_name=name) for name in ("Ana", "Eva"))
    assert (ana.company, ana.job_title, eva.job_title) == (scene.southern, "Gérante", "Comptable")
    undo(roles, scene)
    ana.refresh_from_db()
    eva.refresh_from_db()
    assert (ana.company, ana.roles.count(), eva.job_title) == (scene.atelier, 1, "")
