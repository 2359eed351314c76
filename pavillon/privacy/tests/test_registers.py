"""The officer's registers, the clock of 72 hours, the 17 points with what the product knows by itself."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Notification
from pavillon.privacy import actions, tasks
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor
from pavillon.privacy.queries import evidence_for
from pavillon.privacy.tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PROCESSING = {
    "name": "Comptes des entreprises", "aim": "Ouvrir leur espace", "legal_basis": "contract", "people": "Dirigeants",
    "data": "Nom, adresse", "kept": "3 ans", "controller": "L'agence",
}  # fmt: skip
BREACH = {
    "title": "Lettre au mauvais destinataire", "noticed_at": "2026-11-20T10:00", "facts": "Une pièce jointe de trop",
    "data": "Noms", "people_count": "12", "risk": "risk",
}  # fmt: skip


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.DATA = tmp_path
    settings.REQUIRE_MFA = False
    return factories.stage()


@pytest.fixture
def officer(cast, client):
    client.force_login(User.objects.get(pk=cast.dpo.pk), backend=BACKEND)
    return client


def declared(cast, hours=1, **more):
    now = timezone.now()
    values = {"title": "Fuite", "facts": "x", "data": "y", "noticed_at": now - timedelta(hours=hours), **more}
    return actions.declare_breach(by=cast.dpo, **values)


@pytest.mark.covers("GDPR-04")
def test_seventeen_points_with_state_evidence_owner_and_date(cast, officer):
    page = officer.get(reverse("privacy_team:control_points"))
    points = page.context["points"]
    assert [point.number for point, _facts in points] == list(range(1, 18))
    assert page.content.decode().count("To do") == 17
    change = reverse("privacy_team:change_point", args=[5])
    point = ControlPoint.objects.get(pk=5)
    written = {
        "name_fr": point.name_fr, "name_en": point.name_en, "what_fr": point.what_fr, "what_en": point.what_en,
        "state": "done", "evidence": "Parc chiffré, audit du 3", "owner": "Direction informatique",
        "checked_on": "2026-11-03",
    }  # fmt: skip
    assert officer.post(change, written).status_code == 302
    page = officer.get(reverse("privacy_team:control_points")).content.decode()
    for word in ("Parc chiffré", "Direction informatique", "Met"):
        assert word in page
    assert actions.load_control_points() == 0
    point.refresh_from_db()
    assert Entry.objects.about(point).filter(verb="privacy.point_changed", changes__state=["todo", "done"]).exists()


def test_evidence_follows_the_facts(cast):
    point = ControlPoint.objects.get(pk=2)
    team = User.objects.of_the_team().filter(is_active=True)
    assert evidence_for(point)[0].value == f"0 / {team.count()} (0 %)"
    Authenticator.objects.create(user=cast.nour, type=Authenticator.Type.TOTP, data={})
    assert evidence_for(point)[0].value.startswith("1 / ")
    Authenticator.objects.bulk_create(
        Authenticator(user=person, type=Authenticator.Type.TOTP, data={}) for person in team.exclude(pk=cast.nour.pk)
    )
    assert evidence_for(point)[0].is_good
    assert evidence_for(ControlPoint.objects.get(pk=7)) == []


def test_keep_processing_and_processor(cast, officer):
    assert officer.post(reverse("privacy_team:create_processing"), {**PROCESSING, "leaves_eu": "on"}).status_code == 422
    assert officer.post(reverse("privacy_team:create_processing"), PROCESSING).status_code == 302
    processing = Processing.objects.get()
    change = reverse("privacy_team:change_processing", args=[processing.pk])
    officer.post(change, {**PROCESSING, "kept": "5 ans"})
    processing.refresh_from_db()
    assert processing.kept == "5 ans"
    table = officer.get(reverse("privacy_team:processings") + "?format=csv").content.decode()
    assert "Comptes des entreprises" in table
    hosting = {"name": "Hébergeur", "task": "Serveurs", "data": "Tout", "country": "FR"}
    assert officer.post(reverse("privacy_team:create_processor"), {**hosting, "leaves_eu": "on"}).status_code == 422
    officer.post(reverse("privacy_team:create_processor"), hosting)
    processor = Processor.objects.get()
    assert "No contract in force".lower() in officer.get(reverse("privacy_team:processors")).content.decode().lower()
    contract = timezone.localdate().isoformat()
    officer.post(reverse("privacy_team:change_processor", args=[processor.pk]), {**hosting, "contract_on": contract})
    processor.refresh_from_db()
    assert not processor.lacks_contract
    assert officer.get(reverse("privacy_team:overview")).context["processors_without_contract"] == 0


def test_the_clock_of_72_hours(cast, officer):
    assert officer.post(reverse("privacy_team:declare_breach"), BREACH).status_code == 302
    breach = Breach.objects.get()
    assert breach.due_at - breach.noticed_at == timedelta(hours=72)
    told = Notification.objects.filter(kind="privacy.breach")
    assert {note.recipient for note in told} == {cast.dpo, cast.security}
    late = {"at": "2026-11-24T10:00", "reference": "CNIL-77"}
    assert officer.post(reverse("privacy_team:tell_authority", args=[breach.pk]), late).status_code == 422
    assert officer.post(reverse("privacy_team:close_breach", args=[breach.pk])).status_code == 409
    officer.post(
        reverse("privacy_team:tell_authority", args=[breach.pk]),
        {**late, "late_reason": "Faits établis le 23 seulement"},
    )
    breach.refresh_from_db()
    assert breach.authority_reference == "CNIL-77"
    assert officer.post(reverse("privacy_team:close_breach", args=[breach.pk])).status_code == 409
    officer.post(reverse("privacy_team:change_breach", args=[breach.pk]), {**BREACH, "measures": "Lettre rappelée"})
    assert officer.get(breach.get_absolute_url()).status_code == 200
    officer.post(reverse("privacy_team:close_breach", args=[breach.pk]))
    breach.refresh_from_db()
    assert breach.closed_at is not None
    assert officer.get(reverse("privacy_team:change_breach", args=[breach.pk])).status_code == 403


def test_a_high_risk_is_told_to_the_people_first(cast, officer):
    breach = declared(cast, risk="high", measures="Mots de passe renouvelés")
    actions.tell_authority(breach=breach, reference="X", at=timezone.now(), late_reason="", by=cast.dpo)
    with pytest.raises(actions.NotSaid, match=r"people|personnes"):
        actions.close_breach(breach=breach, by=cast.dpo)
    assert officer.post(reverse("privacy_team:tell_people", args=[breach.pk]), {"words": "x"}).status_code == 422
    officer.post(reverse("privacy_team:tell_people", args=[breach.pk]), {"words": "Lettre à chacun le 3"})
    assert actions.close_breach(breach=breach, by=cast.dpo).closed_at is not None


def test_warn_of_breaches_as_the_hours_pass(cast):
    breach = declared(cast, hours=50)
    Notification.objects.all().delete()
    tasks.warn_of_breaches(0)
    tasks.warn_of_breaches(0)
    assert Notification.objects.filter(recipient=cast.dpo).count() == 1
    Breach.objects.filter(pk=breach.pk).update(noticed_at=timezone.now() - timedelta(hours=68))
    tasks.warn_of_breaches(0)
    Breach.objects.filter(pk=breach.pk).update(noticed_at=timezone.now() - timedelta(hours=80))
    tasks.warn_of_breaches(0)
    assert Notification.objects.filter(recipient=cast.dpo).count() == 3


def test_security_sees_breaches_and_not_the_registers(cast, client):
    breach = declared(cast)
    client.force_login(User.objects.get(pk=cast.security.pk), backend=BACKEND)
    assert client.get(breach.get_absolute_url()).status_code == 200
    assert client.get(reverse("privacy_team:processings")).status_code == 403
    client.force_login(User.objects.get(pk=cast.nour.pk), backend=BACKEND)
    assert client.get(breach.get_absolute_url()).status_code == 404


def test_the_first_page_costs_a_bounded_number_of_statements(cast, officer, django_assert_max_num_queries):
    declared(cast)
    officer.get(reverse("privacy_team:overview"))
    with django_assert_max_num_queries(25):
        page = officer.get(reverse("privacy_team:overview"))
    assert [breach.title for breach in page.context["breaches"]] == ["Fuite"]
    with django_assert_max_num_queries(40):
        officer.get(reverse("privacy_team:control_points"))
