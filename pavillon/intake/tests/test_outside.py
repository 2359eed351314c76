"""Prospects with a licence, signals by SIREN, the exchange of zones, the register and the interfaces on the shelf."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Notification
from pavillon.directory.actions import change_company, create_source
from pavillon.directory.enums import SourceKind
from pavillon.directory.models import Company, CompanyValue, Contact
from pavillon.directory.queries.contactable import contactable
from pavillon.intake import actions
from pavillon.intake.models import Exchange, PublicInterface, Signal, ZoneExchange
from pavillon.intake.models.prospects import PROSPECT_KINDS
from pavillon.intake.tests.factories import ATELIER, BISCUITS, bring, stage, take
from pavillon.privacy.models import Clearance, RestrictedPurpose

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client):
    scene = stage()
    change_company(company=scene.atelier, by=None, siren=ATELIER)
    client.force_login(scene.keeper)
    scene.client = client
    return scene


def panel(scene, company):
    return scene.client.get(reverse("intake:company_outside", args=[company.pk])).text


def import_signals(scene, feed, text):
    file = SimpleUploadedFile("signals.csv", text.encode())
    given = {"feed": feed, "file": file, "observed_on": "2026-10-01"}
    return scene.client.post(reverse("intake:import_signals"), given)


@pytest.mark.covers("BASE-07")
def test_set_terms_of_a_rented_file_that_ended_yesterday_bars_its_records(scene, django_assert_max_num_queries):
    """Import a rented file, its licence ends yesterday: its records are excluded and flagged; on its last day not."""
    rented = create_source(code="rented", name="Fichier loué", kind=SourceKind.RENTED, by=None)
    create_source(code="web", name="Sites internet", kind=SourceKind.WEBSITE, by=None)  # nobody told its terms
    address = reverse("intake:set_terms", args=[rented.pk])
    text = "Raison sociale;CP;Nom contact;Courriel\nMaison Louée;31000;Dupont;d@louee.example\n"
    take(bring(scene, text, source=rented), scene)
    company, person = Company.objects.get(name="Maison Louée"), Contact.objects.get()
    terms = {"supplier": "Annuaires SA", "cost": "1200.50", "acquired_on": "2026-01-01"}
    today = timezone.localdate()
    assert scene.client.post(address, terms | {"licence_ends_on": today.isoformat()}).status_code == 302
    assert company in contactable(Company.objects.all())
    yesterday = (today - timedelta(days=1)).isoformat()
    assert scene.client.post(address, terms | {"licence_ends_on": yesterday}).status_code == 302
    assert company not in contactable(Company.objects.all())
    assert person not in contactable(Contact.objects.all())
    assert scene.atelier in contactable(Company.objects.all())
    assert "This company reaches no campaign" in panel(scene, company)
    with django_assert_max_num_queries(25):
        page = scene.client.get(reverse("intake:prospect_sources"))
    assert page.context["expired"] == 1
    assert "Annuaires SA" in page.text
    assert "Sites internet" in page.text
    listed = scene.client.get(reverse("directory:companies"), {"licence.in": "over"}).text
    assert "Maison Louée" in listed
    assert "Ateliers du Ponant" not in listed


def test_prospect_kinds_hold_the_seven_of_the_list_and_more():
    assert len(PROSPECT_KINDS) >= 8


@pytest.mark.covers("API-04")
def test_import_signals_of_patents_gives_a_score_and_suggests_a_lead(scene):
    today = timezone.localdate()
    lines = "".join(f"{ATELIER};WO2026{n};{today.isoformat()};Four à vide;WO EP US\n" for n in range(2))
    answer = import_signals(scene, "patents", "SIREN;Publication;Date de dépôt;Titre;Offices\n" + lines + "12;x;y;;\n")
    report = answer.context["report"]
    assert (report.rows, report.added, report.rejected) == (3, 2, 1)
    shown = panel(scene, scene.atelier)
    assert "80 of 100" in shown
    assert "a lead is suggested" in shown
    again = import_signals(scene, "patents", "SIREN;Publication;Date de dépôt;Titre;Offices\n" + lines)
    assert (again.context["report"].added, again.context["report"].known) == (0, 2)


@pytest.mark.covers("API-06")
def test_import_signals_of_the_bank_puts_the_export_turnover_on_the_card(scene):
    text = f"SIREN;Année;CA export (k€);Produit\n{ATELIER};2025;1 250;Assurance prospection\n"
    answer = import_signals(scene, "bank", text)
    assert answer.context["report"].added == 1
    assert "Companies whose patents" not in answer.text
    scene.atelier.refresh_from_db()
    assert (int(scene.atelier.export_turnover), scene.atelier.export_turnover_year) == (1_250_000, 2025)
    assert CompanyValue.objects.get(company=scene.atelier, field="export_turnover").source.name == "Bpifrance"
    card = scene.client.get(reverse("directory:company_origins", args=[scene.atelier.pk])).text
    assert "Bpifrance" in card
    assert "Assurance prospection" in panel(scene, scene.atelier)


@pytest.mark.covers("API-07")
def test_export_head_offices_and_their_zones_come_back_or_are_reminded(scene):
    assert "never begun" in scene.client.get(reverse("intake:signals")).text
    answer = scene.client.post(reverse("intake:export_head_offices"))
    assert ATELIER in b"".join(answer.streaming_content).decode()
    import_signals(scene, "zones", f"SIREN;Zone\n{ATELIER};ZRR\n{BISCUITS};QPV\n")
    scene.atelier.refresh_from_db()
    assert scene.atelier.priority_zones == ["frr"]
    assert "Rural revitalisation" in panel(scene, scene.atelier)
    assert ZoneExchange.objects.get().returned_at is not None
    assert not actions.remind_exchange()
    ZoneExchange.objects.update(exported_at=timezone.now() - timedelta(days=190))
    assert actions.remind_exchange()
    assert Notification.objects.filter(kind="intake.exchange_overdue").exists()
    assert not actions.remind_exchange()
    assert "overdue since" in scene.client.get(reverse("intake:signals")).text


@pytest.mark.covers("API-05")
def test_approve_feed_before_customs_may_run(scene):
    text = f"SIREN;Année;Valeur;Pays\n{ATELIER};2025;90000;DE\n"
    refused = import_signals(scene, "customs", text)
    assert refused.status_code == 422
    assert "no legal approval is recorded" in refused.text
    assert not Signal.objects.exists()
    given = {"reference": "CNIL 2026-14", "decided_on": "2026-09-01", "document": "Avis favorable, valeurs agrégées."}
    assert scene.client.post(reverse("intake:approve_feed"), given).status_code == 302
    assert import_signals(scene, "customs", text).context["report"].added == 1
    assert "90,000" not in panel(scene, scene.atelier)


@pytest.mark.covers("GDPR-07")
def test_secret_data_open_to_who_is_cleared_for_a_purpose_and_restricted_to_others(scene, settings):
    settings.REQUIRE_MFA = False
    call_command("load_data_protection", verbosity=0)
    actions.approve_feed(
        reference="CNIL 2026-14", decided_on=timezone.localdate(), document="Avis favorable", by=scene.keeper
    )
    import_signals(scene, "customs", f"SIREN;Année;Valeur;Pays\n{ATELIER};2025;90000;DE\n")
    masked = panel(scene, scene.atelier)
    assert "restricted" in masked
    assert "Customs declaration" not in masked
    given = {
        "email": scene.nour.email, "purpose": RestrictedPurpose.objects.get(code="customs_follow_up").pk,
        "reference": "Décision 2026-31", "ends_on": (timezone.localdate() + timedelta(days=400)).isoformat(),
    }  # fmt: skip
    scene.client.force_login(scene.dpo)
    assert scene.client.post(reverse("privacy_team:grant_clearance"), given).status_code == 422
    given["ends_on"] = (timezone.localdate() + timedelta(days=90)).isoformat()
    stranger = {**given, "email": "personne@ailleurs.example"}
    assert scene.client.post(reverse("privacy_team:grant_clearance"), stranger).status_code == 422
    assert scene.client.post(reverse("privacy_team:grant_clearance"), given).status_code == 302
    scene.client.force_login(scene.nour)
    opened = panel(scene, scene.atelier)
    assert "Measure the effect of the support" in opened
    assert "Customs declaration" in opened
    scene.client.force_login(scene.dpo)
    assert "restricted" in panel(scene, scene.atelier)
    clearance = Clearance.objects.get()
    scene.client.post(reverse("privacy_team:end_clearance", args=[clearance.pk]))
    scene.client.force_login(scene.nour)
    assert "restricted" in panel(scene, scene.atelier)


@pytest.mark.covers("API-08")
def test_change_exchange_in_the_register_of_ten_lines(scene):
    # As an installation is prepared.
    call_command("load_exchanges", verbosity=0)
    assert Exchange.objects.count() == 10
    assert actions.lay_register() == 0
    page = scene.client.get(reverse("intake:exchanges"))
    for entity in ("AFD", "APEC", "Agriculture", "Bpifrance", "CGET", "DGE", "DG Trésor", "Douanes", "INPI", "Régions"):
        assert entity in page.text
    line = Exchange.objects.get(code="inpi")
    given = {"subject": "Brevets", "status": "running", "legal_status": "waiting", "format": "CSV"}
    given["frequency"] = "monthly"
    answer = scene.client.post(reverse("intake:change_exchange", args=[line.pk]), given)
    assert answer.status_code in (200, 422)
    line.refresh_from_db()
    assert line.status == "talks"
    given["legal_status"] = "open"
    assert scene.client.post(reverse("intake:change_exchange", args=[line.pk]), given).status_code == 302
    line.refresh_from_db()
    assert (line.status, line.format) == ("running", "CSV")


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *given):
        """Quiet."""


@pytest.mark.covers("API-09")
def test_add_interface_try_interface_and_rate_interface(scene, settings):
    """An interface of the catalogue answers, is rated; one inside the network is refused unless it is allowed."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/companies"
        given = {"name": "Offres", "provider": "Service public", "country": "FR", "address": address}
        assert scene.client.post(reverse("intake:add_interface"), given).status_code == 302
        interface = PublicInterface.objects.get()
        scene.client.post(reverse("intake:try_interface", args=[interface.pk]))
        interface.refresh_from_db()
        assert interface.answered is None
        assert "by https only" in interface.problem
        settings.INTAKE_INNER_HOSTS = ("127.0.0.1",)
        scene.client.post(reverse("intake:try_interface", args=[interface.pk]))
        interface.refresh_from_db()
        assert (interface.answered, interface.content_type) == (200, "application/json")
    finally:
        server.shutdown()
        server.server_close()
    scene.client.post(reverse("intake:try_interface", args=[interface.pk]))
    interface.refresh_from_db()
    assert (interface.answered, "accepts no connection" in interface.problem) == (None, True)
    rated = scene.client.post(
        reverse("intake:rate_interface", args=[interface.pk]), {"usefulness": 4, "verdict": "Recrutements à l'export"}
    )
    assert rated.status_code == 302
    assert "4/5" in scene.client.get(reverse("intake:exchanges")).text


def test_a_file_of_signals_without_its_columns_is_refused(scene):
    answer = import_signals(scene, "patents", "SIREN;Titre\n1;x\n")
    assert answer.status_code == 422
    assert "is missing" in answer.text
