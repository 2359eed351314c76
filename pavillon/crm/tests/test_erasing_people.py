"""Erased everywhere, figures as before; erased again when a backup comes back."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.core.personal_data import holdings
from pavillon.crm import actions
from pavillon.crm.models import Interaction, Lead, LeadMessage
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.directory.actions import add_contact
from pavillon.directory.models import Contact
from pavillon.privacy import actions as privacy
from pavillon.privacy import ledger, tasks
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.privacy.models import Erasure
from pavillon.privacy.queries import gather, identities_of, may_use, person_with

ADDRESS = "erwan.le-goff@atelier.example"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# Files and letters on their way belong to nobody in particular, and go by themselves within these months.
SHORT_LIVED = 6


@pytest.fixture
def scene(cast, settings, tmp_path):
    """Erwan: a contact with an account, a request, a message, an exchange, and a request left on a site."""
    settings.DATA = tmp_path
    settings.REQUIRE_MFA = False
    Command().handle(verbosity=0)
    cast.claire.email = ADDRESS
    cast.claire.save()
    cast.erwan = add_contact(
        company=cast.atelier, by=None, first_name="Erwan", last_name="Le Goff", email=ADDRESS, phone="+33299000000",
        user=cast.claire,
    )  # fmt: skip
    cast.request = taken(
        lead(cast.atelier, requested_by=cast.claire, contact=cast.erwan, message="Je cherche un agent")
    )
    actions.add_message(lead=cast.request, by=fresh(cast.claire), text="Mon numéro est le 06")
    cast.left = lead(
        company_name="Inconnue", contact_name="Erwan Le Goff", contact_email=ADDRESS.upper(), message="Allô"
    )
    actions.log_interaction(
        company=cast.atelier, contact=cast.erwan, kind="call", happened_at=timezone.now(), summary="Erwan part en juin",
        by=fresh(cast.nour),
    )  # fmt: skip
    return cast


def keys():
    return [card.key for card in identities_of(ADDRESS)]


def erase(by=None):
    return privacy.erase_person(keys=keys(), email=ADDRESS, why="request", by=by, proof={})


def figures():
    """What dashboards count: requests by origin, state, company, region; exchanges by kind."""
    rows = Lead.objects.order_by("pk").values_list("origin", "state", "company", "region", "team", "received_at")
    return list(rows), list(Interaction.objects.values_list("kind", "company", "happened_at")), Contact.objects.count()


def words():
    """Everything that is held, in clear."""
    texts = [str(getattr(row, f.attname)) for model in (Lead, Contact, Interaction, LeadMessage, User)
             for row in model.objects.all() for f in model._meta.concrete_fields]  # fmt: skip
    return " ".join(texts).lower()


def test_every_declared_table_can_be_asked_about_a_person():
    silent = {model: holding for model, holding in holdings().items() if holding.of is None}
    lasting = [model._meta.label_lower for model, holding in silent.items() if holding.keep_months > SHORT_LIVED]
    assert lasting == []
    assert [model._meta.label_lower for model, holding in silent.items() if not holding.clock] == []


def test_one_gesture_gathers_every_room(scene):
    tables = {found.model._meta.label_lower: found for found in gather(person_with(keys(), ADDRESS))}
    assert {"accounts.user", "directory.contact", "directory.channel", "crm.lead", "crm.leadmessage",
            "crm.interaction", "activity.notification"} <= set(tables)  # fmt: skip
    assert len(tables["crm.lead"].rows) == 2
    assert "+33299000000" in str(tables["directory.contact"].rows)


def test_an_erasure_on_request_loses_the_person_and_keeps_the_figures(scene, client):
    before = figures()
    asked = privacy.confirm_request(
        asked=privacy.ask_right(right="erasure", name="Erwan", email=ADDRESS, language="fr")
    )
    assert set(asked.identities) == set() or len(asked.identities) >= 1
    privacy.choose_identities(asked=asked, keys=keys(), by=scene.dpo)
    client.force_login(scene.dpo, backend=BACKEND)
    assert client.post(reverse("privacy_team:answer_request", args=[asked.pk])).status_code == 302
    assert figures() == before
    held = words()
    for word in ("erwan", "le goff", ADDRESS, "299000000", "cherche un agent", "mon numéro", "allô", "part en juin"):
        assert word not in held
    assert not User.objects.get(pk=scene.claire.pk).is_active
    assert not may_use(ADDRESS, "enrichment")
    assert client.get(reverse("privacy_team:erasures")).context["count"] == 1


def test_somebody_at_work_is_not_erased(scene):
    with pytest.raises(privacy.WorksHere):
        privacy.erase_person(keys=[f"user:{scene.nour.pk}"], email=scene.nour.email, why="request", by=None, proof={})


def test_replay_erasures_after_a_backup_is_put_back(scene, django_capture_on_commit_callbacks):
    kept = {model: list(model.objects.values()) for model in (Contact, User, Lead, LeadMessage, Interaction)}
    with django_capture_on_commit_callbacks(execute=True):
        erasure = erase()
    assert [line.reference for line in ledger.read()] == [erasure.reference]
    assert ADDRESS not in ledger.path().read_text()
    # A backup of before comes back: the rows say again what they said, and the erasure is not known.
    Erasure.objects.all().delete()
    for model, rows in kept.items():
        for values in rows:
            model.objects.filter(pk=values.pop(model._meta.pk.attname)).update(**values)
    assert "erwan" in words()
    # Somebody new came in after the erasure, under a number of the past.
    assert privacy.replay_erasures() == 1
    held = words()
    for word in ("erwan", "cherche un agent", "mon numéro", "part en juin"):
        assert word not in held
    again = Erasure.objects.get()
    assert (again.reference, again.replayed_at is not None) == (erasure.reference, True)
    tasks.replay_erasures(0)
    assert Erasure.objects.count() == 1


def test_a_row_that_came_after_the_erasure_is_left_alone(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase()
    Erasure.objects.all().delete()
    Contact.objects.filter(pk=scene.erwan.pk).update(
        last_name="Autre", created_at=timezone.now() + timezone.timedelta(days=1)
    )
    privacy.replay_erasures()
    assert Contact.objects.get(pk=scene.erwan.pk).last_name == "Autre"


def test_an_altered_ledger_erases_nothing(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase()
    Erasure.objects.all().delete()
    line = json.loads(ledger.path().read_text())
    line["line"] = line["line"].replace(f'"directory.contact": [{scene.erwan.pk}]', '"directory.contact": [1, 2, 3]')
    ledger.path().write_text(json.dumps(line) + "\n")
    with pytest.raises(CommandError, match="signature"):
        call_command("replay_erasures")
    assert not Erasure.objects.exists()


def test_erase_rows_that_a_crash_kept_out_of_the_ledger_are_written_later(scene, django_capture_on_commit_callbacks):
    erasure = privacy.erase_rows(rows={"crm.lead": [scene.left.pk]}, why="retention", by=None)
    assert ledger.read() == []
    with django_capture_on_commit_callbacks(execute=True):
        assert privacy.replay_erasures() == 0
    assert [line.reference for line in ledger.read()] == [erasure.reference]


def test_a_line_cut_by_a_power_failure_is_written_again(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = privacy.erase_rows(rows={"crm.lead": [scene.left.pk]}, why="retention", by=None)
    ledger.path().write_text(ledger.path().read_text()[:60])
    with django_capture_on_commit_callbacks(execute=True):
        second = privacy.erase_rows(rows={"crm.lead": [scene.request.pk]}, why="retention", by=None)
    assert [line.reference for line in ledger.read()] == [second.reference]
    with django_capture_on_commit_callbacks(execute=True):
        privacy.replay_erasures()
    assert {line.reference for line in ledger.read()} == {first.reference, second.reference}
