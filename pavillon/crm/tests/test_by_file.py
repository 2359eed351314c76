"""Exchanges and requests come and go by file, within the organisation that had them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Interaction, Lead, LeadStep
from pavillon.crm.tests.factories import lead, stage
from pavillon.directory.actions import add_contact, create_source
from pavillon.directory.enums import SourceKind
from pavillon.intake.actions import choose_mapping, run_rehearsal, run_taking, run_undoing, take_delivery, undo_delivery
from pavillon.intake.models import Delivery
from pavillon.intake.queries.showing import Sight, rows_for
from pavillon.intake.tests.test_screens import upload
from pavillon.segments.models import ExportFile

pytestmark = pytest.mark.django_db

EXCHANGE = (
    "company__name", "kind", "happened_at", "duration_minutes", "contact__last_name", "summary", "outcome", "author",
    "organisation", "region", "visibility", "next_action", "next_action_on", "next_action_at", "next_action_done_at",
    "lead__subject",
)  # fmt: skip
REQUEST = (
    "company__name", "company_name", "origin", "kind", "is_spontaneous", "prompted_by", "contact__last_name", "region",
    "country", "sector", "subject", "message", "legal_basis", "state", "team", "adviser", "received_at", "assigned_at",
    "due_at", "taken_at", "take_charge_minutes", "treated_at", "closed_at", "outcome", "closing_note", "next_action",
    "next_action_on",
)  # fmt: skip


def of(model, columns):
    return sorted(map(str, model.objects.values_list(*columns)))


@pytest.fixture
def scene(client):
    scene = stage()
    scene.source = create_source(
        code="crm-cci", name="CRM de la CCI", kind=SourceKind.PARTNER, by=None, organisation=scene.chamber
    )
    client.force_login(scene.manager)
    scene.client = client
    return scene


def exported(scene, part):
    asked = {"format": "csv", "layout": "exchange", "part": part}
    answer = scene.client.post(reverse("segments:export_list", args=["companies"]), asked)
    assert answer.status_code == 302, answer.context["form"].errors
    export = ExportFile.objects.latest("pk")
    return b"".join(scene.client.get(reverse("segments:download_export", args=[export.pk])).streaming_content)


def rehearsed(scene, kind, content):
    answer = upload(scene, content, name=f"{kind}.csv", kind=kind)
    assert answer.status_code == 302, answer.context["form"].errors
    delivery = Delivery.objects.latest("pk")
    choose_mapping(delivery=delivery, mapping=delivery.mapping, by=scene.manager)
    run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def take(delivery):
    take_delivery(delivery=delivery, by=delivery.brought_by)
    run_taking(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def undo(delivery):
    undo_delivery(delivery=delivery, by=delivery.brought_by)
    run_undoing(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def fill(scene):
    """Three requests of three steps and three exchanges of the chamber's, through the room's own doors."""
    lea = add_contact(company=scene.atelier, by=None, first_name="Léa", last_name="Kerbrat", email="lea@p.example")
    closed = lead(scene.atelier, subject="Vendre au Japon", message="Deux lignes,\nune ; question", contact=lea)
    closed = actions.assign_lead(lead=closed, adviser=scene.nour, team=scene.chamber, by=scene.manager)
    closed = actions.take_charge(lead=closed, by=scene.nour)
    said = {"company": scene.atelier, "by": scene.nour, "summary": "Appel, « intéressé »\n- prix\n- délai"}
    actions.log_interaction(
        **said,
        kind="call",
        happened_at=timezone.now(),
        contact=lea,
        duration_minutes=20,
        outcome="positive",
        lead=closed,
    )
    closed = actions.treat_lead(lead=closed, by=scene.nour)
    actions.close_lead(lead=closed, by=scene.nour, outcome="informed", note="Voir le guide.")
    waiting = lead(scene.atelier, subject="Financer un salon", prompted_by="Salon", is_spontaneous=False)
    actions.assign_lead(lead=waiting, adviser=scene.nina, team=scene.chamber, by=scene.manager)
    actions.log_interaction(
        **said | {"summary": "Promis"}, kind="note", happened_at=timezone.now(), visibility="team",
        next_action="Envoyer le guide", next_action_on=timezone.localdate() + timedelta(days=3),
    )  # fmt: skip


@pytest.mark.covers("API-10")
def test_requests_that_belong_to_no_company_leave_and_come_back_equal(scene):
    """They leave apart from any list of companies; namesakes of one moment are told apart by whom they come from."""
    then = timezone.now() - timedelta(days=2)
    ours = {"team": scene.chamber, "origin": "phone", "legal_basis": "public_task", "received_at": then}
    actions.bring_leads(
        rows=[
            ours | {"subject": "Exporter", "company_name": name, "town": "Brest", "contact_name": "Léa Kerbrat"}
            for name in ("Voiles d’Iroise", "Cordages d’Ouessant")
        ],
        by=scene.manager,
    )
    before = of(Lead, (*REQUEST, "town", "contact_name"))
    content = exported(scene, "other_requests")
    assert ExportFile.objects.latest("pk").sentence == gettext("Requests that belong to no company")
    assert b"Atelier du Ponant" not in content
    unchanged = rehearsed(scene, "requests", content)
    assert unchanged.rehearsed["rows"] == unchanged.rehearsed["unchanged"] == 2, unchanged.rehearsed
    Delivery.objects.all().delete()
    Lead.objects.all().delete()
    delivery = take(rehearsed(scene, "requests", content))
    assert (delivery.taken["created"], delivery.taken["differing"]) == (2, [])
    assert of(Lead, (*REQUEST, "town", "contact_name")) == before
    # A partner's own file may name nobody of the base; a row that says not even who asks is refused.
    text = "Entreprise du demandeur;Ville;Reçue le;Objet\nPonant;Brest;02/01/2024;Prix\n;Brest;03/01/2024;Prix\n"
    delivery = rehearsed(scene, "requests", text)
    assert [row.outcome for row in delivery.rows.order_by("line")] == ["created", "rejected"]


@pytest.mark.covers("API-10")
def test_exchanges_and_requests_leave_and_come_back_equal(scene):
    """Both leave with the companies of a list, the emptied room takes them back; nobody is told again."""
    fill(scene)
    before = of(Interaction, EXCHANGE), of(Lead, REQUEST)
    files = {part: exported(scene, part) for part in ("requests", "exchanges")}
    for kind, content in files.items():
        unchanged = rehearsed(scene, kind, content)
        assert unchanged.rehearsed["rows"] == unchanged.rehearsed["unchanged"] == 2, unchanged.rehearsed
    Delivery.objects.all().delete()
    Interaction.objects.all().delete()
    Lead.objects.all().delete()
    told = Notification.objects.exclude(kind="intake.delivery_done").count()
    for kind, content in files.items():
        delivery = take(rehearsed(scene, kind, content))
        assert (delivery.taken["created"], delivery.taken["differing"]) == (2, [])
    assert (of(Interaction, EXCHANGE), of(Lead, REQUEST)) == before
    assert Notification.objects.exclude(kind="intake.delivery_done").count() == told
    steps = LeadStep.objects.filter(lead__subject="Vendre au Japon").values_list("step", flat=True)
    assert list(steps) == ["received", "assigned", "taken", "treated", "closed"]


HEAD = "Société;Ville;Date;Type;Compte rendu;Conseiller;Visibilité;Courriel\n"
ROWS = (
    "Atelier du Ponant;Quimper;12/03/2024 14:30;Appel;Veut vendre au Brésil;NOUR@example.example;;inconnue@p.example\n"
    "Atelier du Ponant;Quimper;13/03/2024;Meeting;Vu au salon;;Toute la Team Export;\n"
    "Atelier du Ponant;Quimper;12/03/2030;Appel;Demain;;;\n"
    "Atelier du Ponant;Quimper;14/03/2024;Appel;Chez nous;theo@example.example;;\n"
    "Atelier du Ponant;Quimper;14/03/2024;Appel;;;;\n"
)


def test_a_partner_s_exchanges_say_why_stay_private_and_are_undone(scene, client):
    """Rows of strangers, of tomorrow or without words are refused; a keeper of the base reads no word of them."""
    delivery = rehearsed(scene, "exchanges", HEAD + ROWS.replace("Toute la Team Export", "team"))
    rows = list(delivery.rows.order_by("line"))
    assert [row.outcome for row in rows] == ["created", "created", "rejected", "rejected", "rejected"]
    assert "taken without" in str(rows[0].report) or "prise sans" in str(rows[0].report)
    keeper = accounts.person("Margot", scene.agency, Role.PLATFORM_ADMIN)
    (seen, *_others) = rows_for(rows[:1], Sight(keeper, delivery))
    assert "Brésil" not in str(seen.cells) + seen.title
    (mine, *_others) = rows_for(rows[:1], Sight(scene.manager, delivery))
    assert "Brésil" in str(mine.cells)
    delivery = take(delivery)
    first, second = Interaction.objects.order_by("happened_at")
    assert (first.author, first.organisation, first.visibility) == (scene.nour, scene.chamber, "organisation")
    assert (second.author, second.visibility, second.happened_at.hour) == (scene.manager, "team", 11)
    assert first.happened_at == datetime(2024, 3, 12, 13, 30, tzinfo=UTC)
    # It is undone in the name of whoever undoes it.
    undo_delivery(delivery=delivery, by=keeper)
    run_undoing(delivery=delivery)
    delivery.refresh_from_db()
    assert delivery.undone["removed"] == 2
    assert not Interaction.objects.exists()
    withdrawn = Entry.objects.filter(verb__in=["crm.interaction_withdrawn", "intake.delivery_undone"])
    assert {entry.actor for entry in withdrawn} == {keeper}
    # Whoever may not write an exchange brings no file of them.
    client.force_login(keeper)
    assert upload(scene, HEAD + ROWS, kind="exchanges").status_code == 422


def test_requests_of_another_system_wait_in_the_team_and_worked_on_ones_stay(scene):
    """Without a step they wait, due from now on; a step says what it needs; undone, what others work on stays."""
    text = (
        "Société;Ville;Reçue le;Objet;Message;Etat;Suivi par\n"
        "Atelier du Ponant;Quimper;02/01/2024;Marché allemand;Comment faire ?;;\n"
        "Atelier du Ponant;Quimper;03/01/2024;Marché suisse;;;\n"
        "Atelier du Ponant;Quimper;04/01/2024;Marché belge;;taken;nour@example.example\n"
    )
    delivery = rehearsed(scene, "requests", text)
    assert [row.outcome for row in delivery.rows.order_by("line")] == ["created", "created", "rejected"]
    delivery = take(delivery)
    german, _swiss = Lead.objects.order_by("received_at")
    assert (german.state, german.team, german.company) == (LeadState.RECEIVED, scene.chamber, scene.atelier)
    assert german.due_at > timezone.now()
    assert "CRM de la CCI" in german.routing_reason[0]
    actions.take_charge(lead=german, by=scene.nour)
    done = undo(delivery)
    assert (done.undone["kept"], done.undone["removed"]) == (1, 1)
    assert list(Lead.objects.all()) == [german]
    # A later file completes what is still empty, and never how far it went.
    actions.complete_lead(lead=german, by=scene.nour, contact_name="Léa Kerbrat")
    german.refresh_from_db()
    assert (german.contact_name, german.state) == ("Léa Kerbrat", LeadState.TAKEN)


def test_what_was_brought_leaves_unless_others_work_on_it(scene):
    """The doors themselves: many at once, and back; a request with an exchange of its own stays."""
    then = datetime(2024, 3, 12, 13, 30, tzinfo=UTC)
    ours = {"company": scene.atelier, "team": scene.chamber, "origin": "phone", "legal_basis": "public_task"}
    free, used = actions.bring_leads(
        rows=[ours | {"subject": subject, "received_at": then} for subject in ("Salon", "Prix")], by=scene.manager
    )
    said = {"company": scene.atelier, "author": scene.nour, "organisation": scene.chamber, "kind": "note"}
    (one,) = actions.bring_interactions(
        rows=[said | {"summary": "Vu", "happened_at": then, "lead": used}], by=scene.nour
    )
    actions.withdraw_lead(lead=free, by=scene.manager)
    with pytest.raises(actions.LeadInUse):
        actions.withdraw_lead(lead=used, by=scene.manager)
    actions.withdraw_interaction(interaction=one, by=scene.nour)
    actions.withdraw_lead(lead=used, by=scene.manager)
    assert not Lead.objects.exists()
    assert not Interaction.objects.exists()
    # A mission is work too: its documents would be lost with the request.
    (sent,) = actions.bring_leads(rows=[ours | {"subject": "Agent", "received_at": then}], by=scene.manager)
    actions.open_mission(
        lead=sent, partner=scene.partner_firm, adviser=scene.partner, sent_by=scene.nour, what="", by=scene.nour
    )
    with pytest.raises(actions.LeadInUse):
        actions.withdraw_lead(lead=sent, by=scene.manager)
