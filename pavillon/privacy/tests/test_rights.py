"""Requests of people: asked, proven, answered in time; what is handed out is everything that the rooms declare."""

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.privacy import actions, queries, tasks
from pavillon.privacy.enums import RequestState
from pavillon.privacy.models import Letter, RightsRequest
from pavillon.privacy.models.rights import months_later
from pavillon.privacy.tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.DATA = tmp_path
    settings.REQUIRE_MFA = False
    return factories.stage()


def sign_in(client, user):
    client.force_login(type(user).objects.get(pk=user.pk), backend=BACKEND)
    return client


def asked(right="erasure", email="claire@example.example", **more):
    return actions.ask_right(right=right, name="Claire Test", email=email, language="fr", **more)


def opened(right="erasure", **more):
    return actions.confirm_request(asked=asked(right, **more))


def send_letters():
    for letter in Letter.objects.filter(sent_at__isnull=True):
        tasks.send_letter(letter.pk)


def post(client, name, request, **data):
    return client.post(reverse(name, args=[request.pk]), data)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 4, 1), 1, date(2026, 5, 4)),  # 1 May is a holiday, a week-end follows
        (date(2026, 11, 23), 3, date(2027, 2, 23)),
    ],
)
def test_the_delay_is_a_month_of_the_calendar(start, months, due):
    assert months_later(start, months) == due


@pytest.mark.covers("GDPR-03")
def test_a_person_fetches_her_own_data_and_the_request_is_tracked(cast, client):
    page = sign_in(client, cast.claire)
    page.post(reverse("privacy:change_choice"), {"purpose": "news", "answer": "yes"})
    answer = page.post(reverse("privacy:ask_right"), {"right": "access"})
    request = RightsRequest.objects.get()
    assert answer.url == reverse("privacy:view_request", args=[request.pk])
    assert (request.state, request.user) == (RequestState.ANSWERED, cast.claire)
    fetched = page.get(reverse("privacy:fetch_own_data", args=[request.pk]))
    archive = zipfile.ZipFile(io.BytesIO(fetched.content))
    data = json.loads(archive.read("data.json"))
    tables = {table["table"]: table["rows"] for table in data["tables"]}

    assert cast.claire.email in json.dumps(tables["accounts.user"])
    assert "privacy.consent" in tables
    assert cast.claire.email in archive.read("data.html").decode()
    assert cast.tom.email not in fetched.content.decode(errors="ignore") + archive.read("data.json").decode()
    assert Entry.objects.about(request).filter(verb="privacy.data_fetched").exists()
    assert sign_in(client, cast.tom).get(reverse("privacy:fetch_own_data", args=[request.pk])).status_code == 404


def test_confirm_request_proves_the_address_and_officers_are_told(cast, client):
    client.post(
        reverse("privacy:ask_right"),
        {"right": "access", "name": "Claire Test", "email": cast.claire.email, "message": "Tout, s'il vous plaît"},
    )
    request = RightsRequest.objects.get()
    assert request.state == RequestState.UNCONFIRMED
    send_letters()
    link = re.search(r"http://[^/\s]+(/\w\w/my-data/confirm/\S+)", mail.outbox[0].body)[1]
    assert client.get(link).status_code == 200
    request.refresh_from_db()
    assert request.state == RequestState.UNCONFIRMED
    client.post(link)
    request.refresh_from_db()
    assert (request.state, request.identity) == ("open", "link")
    assert request.identities == [f"user:{cast.claire.pk}"]
    assert Notification.objects.filter(recipient=cast.dpo, kind="privacy.right_asked").count() == 1
    officer = sign_in(client, cast.dpo)
    queue = officer.get(reverse("privacy_team:rights_requests")).content.decode()
    assert request.reference in queue
    page = officer.get(request.get_absolute_url())
    assert page.status_code == 200
    post(officer, "privacy_team:answer_request", request, words="Voici vos données.")
    send_letters()
    token = re.search(r"/my-data/follow/(\S+)/", mail.outbox[-1].body)[1]
    client.logout()
    assert client.get(reverse("privacy:follow_request", args=[token])).status_code == 200
    assert client.get(reverse("privacy:fetch_data", args=[token])).headers["Content-Type"] == "application/zip"
    RightsRequest.objects.update(fetch_until=timezone.localdate() - timedelta(days=1))
    assert client.get(reverse("privacy:fetch_data", args=[token])).status_code == 404
    assert client.get(reverse("privacy:follow_request", args=["x" + token])).status_code == 404


def test_a_robot_leaves_no_request(cast, client):
    client.post(reverse("privacy:ask_right"), {"right": "access", "name": "x", "email": "a@b.fr", "website": "spam"})
    assert not RightsRequest.objects.exists()


def test_doubt_extension_and_refusal_are_told_by_letters(cast, client):
    request = opened()
    officer = sign_in(client, cast.dpo)
    assert post(officer, "privacy_team:ask_document", request, words="x").status_code == 422
    post(officer, "privacy_team:ask_document", request, words="Deux fiches portent cette adresse.")
    assert post(officer, "privacy_team:answer_request", request).status_code == 409
    post(officer, "privacy_team:accept_identity", request, words="Carte professionnelle vue le 3")
    due = request.due_on
    post(officer, "privacy_team:extend_request", request, words="Onze pièces à fouiller")
    request.refresh_from_db()
    assert (request.state, request.identity) == ("open", "document")
    assert request.due_on == months_later(request.received_on, 3) > due
    assert post(officer, "privacy_team:extend_request", request, words="Encore plus").status_code == 409
    post(officer, "privacy_team:refuse_request", request, words="Ce compte n'est pas le vôtre.")
    request.refresh_from_db()
    assert request.state == "refused"
    last = Letter.objects.first()
    assert "cnil.fr" in last.body
    assert "pas le vôtre" in last.body
    assert Letter.objects.filter(language="fr").count() == 5


def test_grant_objection_stops_the_uses_at_once(cast, client):
    request = opened("objection")
    officer = sign_in(client, cast.dpo)
    assert post(officer, "privacy_team:answer_request", request).status_code == 422
    post(officer, "privacy_team:answer_request", request, purposes=["prospecting"])
    assert not queries.may_use(cast.claire, "prospecting")
    assert queries.may_use(cast.claire, "enrichment")


def test_enter_request_and_choose_identities(cast, client):
    officer = sign_in(client, cast.dpo)
    officer.post(
        reverse("privacy_team:enter_request"),
        {"right": "rectification", "name": "Claire", "email": cast.claire.email, "language": "fr",
         "identity_note": "Lettre signée, carte vue"},
    )  # fmt: skip
    request = RightsRequest.objects.get()
    assert (request.state, request.identity) == ("open", "document")
    post(officer, "privacy_team:choose_identities", request, keys=[])
    request.refresh_from_db()
    assert request.identities == []
    assert post(officer, "privacy_team:choose_identities", request, keys=["user:0"]).status_code == 422
    post(officer, "privacy_team:answer_request", request, words="La fonction est corrigée.")
    request.refresh_from_db()
    assert request.answer == "La fonction est corrigée."


def test_warn_of_deadlines_once_and_lapse_requests(cast):
    request = opened()
    stale = asked()
    RightsRequest.objects.filter(pk=request.pk).update(
        received_on=timezone.localdate() - timedelta(days=40), due_on=timezone.localdate() - timedelta(days=2)
    )
    RightsRequest.objects.filter(pk=stale.pk).update(received_on=timezone.localdate() - timedelta(days=31))
    tasks.watch_requests(0)
    tasks.watch_requests(0)
    assert Notification.objects.filter(recipient=cast.dpo, kind="privacy.right_due").count() == 1
    stale.refresh_from_db()
    assert stale.state == "lapsed"
    assert queries.counts_of_requests() == {"pending": 1, "late": 1, "soon": 0, "closed": 0}
    actions.forget_request(stale)
    stale.refresh_from_db()
    assert (stale.name, stale.email) == ("—", "")


def test_only_the_officer_opens_the_queue(cast, client):
    request = opened()
    for person in (cast.nour, cast.security, cast.tom):
        page = sign_in(client, person)
        assert page.get(request.get_absolute_url()).status_code in (403, 404)
        assert page.get(reverse("privacy_team:rights_requests")).status_code == 403
