"""The API tells the same truth as the screens: rows by organisation, fields by the matrix, every read logged."""

from datetime import timedelta
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import suspend_sign_in
from pavillon.accounts.enums import Role
from pavillon.accounts.models import Attempts, Membership
from pavillon.activity.models import Entry, Notification
from pavillon.agenda import actions as agenda
from pavillon.core.permissions import sees
from pavillon.crm import actions as crm
from pavillon.crm.tests.factories import fresh, lead, other_company, stage
from pavillon.directory.models import Company, SensitiveMark
from pavillon.interchange.actions import NotYours, QuotaExceeded, create_key, revoke_key, spend_call
from pavillon.interchange.models import Key
from pavillon.security.models import PolicyCell, Reading
from pavillon.vigilance.models import ReadingLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return stage()


def key_of(user, *scopes):
    person = fresh(user)
    return create_key(
        name="CRM of the chamber", membership=person.acting, scopes=scopes or ["directory", "crm"], by=person
    )


def ask(client, secret, path):
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"})


def test_without_a_key_there_is_nothing(client, cast):
    assert client.get("/api/v1/directory/companies").status_code == 401
    assert ask(client, "pav_made-up", "directory/companies").status_code == 401
    # A key that nobody has, and one that was revoked, are in the trail without what was sent: the latter once in ten
    # minutes, of made-up ones six lines a network.
    key, secret = key_of(cast.nour)
    revoke_key(key=key, by=cast.nour)
    for word in ("pav_made-up", secret, secret):
        assert ask(client, word, "directory/companies").status_code == 401
    assert client.get("/scim/v2/Users", headers={"Authorization": "Bearer pav_other"}).status_code == 401
    lines = Entry.objects.filter(verb="interchange.key_refused").order_by("pk")
    asked, unknown = {"reason": "/api/v1/directory/companies"}, {"is_known": False}
    elsewhere = {"reason": "/scim/v2/Users"} | unknown
    assert [line.facts for line in lines] == [asked | unknown, asked | unknown, asked, elsewhere]
    assert [*Entry.objects.about(key).filter(verb="interchange.key_refused")] == [lines[2]]
    counts = Attempts.objects.count()
    for number in range(12):
        assert ask(client, f"pav_other-{number}", "directory/companies").status_code == 401
    assert lines.filter(facts__is_known=False).count() == 6
    assert Attempts.objects.count() == counts, "a key that is made up is counted in no row of its own"
    assert "made-up" not in str([line.as_line() for line in lines])


@pytest.mark.covers("API-01")
def test_a_key_reads_what_its_membership_sees_and_nothing_else(client, cast):
    """The documentation opens; a call with a key returns its own scope only."""
    mine, other = lead(cast.atelier), lead(cast.southern)
    crm.log_interaction(
        company=cast.atelier, kind="note", happened_at=timezone.now(), summary="Secret of Bretagne", by=fresh(cast.nour)
    )
    _key, breton = key_of(cast.nour)
    _key, southern = key_of(cast.theo)
    assert [row["id"] for row in ask(client, breton, "crm/leads").json()["items"]] == [mine.pk]
    assert [row["id"] for row in ask(client, southern, "crm/leads").json()["items"]] == [other.pk]
    assert ask(client, southern, f"crm/leads/{mine.pk}").status_code == 404
    assert "Secret of Bretagne" in ask(client, breton, "crm/interactions").content.decode()
    assert "Secret of Bretagne" not in ask(client, southern, "crm/interactions").content.decode()
    client.force_login(cast.nour)
    assert "/api/v1/directory/companies" in client.get(reverse("interchange:documentation")).content.decode()


def test_a_scope_that_the_key_has_not_is_refused_with_the_remedy(client, cast):
    _key, secret = key_of(cast.nour, "directory")
    answer = ask(client, secret, "crm/leads")
    assert answer.status_code == 403
    assert "scope crm" in answer.json()["detail"]


@pytest.mark.covers("SEC-11")
def test_a_field_hidden_for_a_role_is_absent_from_screen_export_and_api(client, cast):
    """Hide a field for a role: it is gone from the record's page, the export and the API, and comes back after."""
    figures = {"turnover": Decimal("987654.00"), "export_turnover": Decimal("246913.50")}
    Company.objects.filter(pk=cast.atelier.pk).update(**figures)
    _key, secret = key_of(cast.nour)
    client.force_login(cast.nour)
    page = reverse("directory:company", args=[cast.atelier.pk])
    export = reverse("segments:export_list", args=["companies"])

    def shown():
        screen = client.get(page).content.decode()
        asked = client.post(export, {"format": "csv", "layout": "words", "query": "cols=turnover,export_turnover"})
        file = b"".join(client.get(asked["Location"] + "download/").streaming_content).decode("utf-8-sig")
        answer = ask(client, secret, f"directory/companies/{cast.atelier.pk}").json()
        rows = ask(client, secret, "directory/companies").json()["items"]
        # 25 %, the share of export, would give the hidden figure away.
        return [
            "987,654" in screen,
            "25%" in screen.replace(" ", "").replace("\xa0", ""),
            "987654" in file,
            "turnover" in answer,
            any("turnover" in row for row in rows),
        ]

    assert shown() == [True] * 5
    cell = PolicyCell.objects.create(role=Role.ADVISER, model="directory.company", field="turnover", level=0)
    assert shown() == [False] * 5
    cell.delete()
    assert shown() == [True] * 5


@pytest.mark.covers("SEC-10")
def test_pages_of_the_api_come_out_of_the_reading_budget(client, cast):
    """A program cannot be asked for a second factor: at the limit it is refused, and told how long to wait."""
    ReadingLimit.objects.create(hourly_rows=8, most_rows=100, reason="x")
    _key, secret = key_of(cast.nour)
    answers = [ask(client, secret, "directory/companies") for _n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert "items" not in refused.json()
    assert Notification.objects.filter(recipient=cast.security, kind="vigilance.incident").exists()
    # Suspended by security, the key opens nothing, however much is left.
    ReadingLimit.objects.all().delete()
    suspend_sign_in(user=cast.nour, until=timezone.now() + timedelta(hours=1), by=cast.security, is_held=True)
    assert ask(client, secret, "directory/companies").status_code == 401


def test_reads_through_the_api_are_logged(client, cast):
    _key, secret = key_of(cast.nour)
    ask(client, secret, f"directory/companies/{cast.atelier.pk}")
    reading = Reading.objects.filter(how="api").latest("pk")
    assert (reading.user, reading.model, reading.object_id) == (cast.nour, "directory.company", str(cast.atelier.pk))


def test_pages_follow_each_other_without_a_gap(client, cast):
    _key, secret = key_of(cast.nour)
    first = ask(client, secret, "directory/companies?limit=1").json()
    second = ask(client, secret, f"directory/companies?limit=1&after={first['next']}").json()
    assert first["items"][0]["id"] < second["items"][0]["id"]
    assert ask(client, secret, "directory/companies?limit=100000").status_code == 422


def test_revoke_key_stops_it_at_once_and_an_expired_one_too(client, cast):
    key, secret = key_of(cast.nour)
    client.force_login(cast.maud)
    client.post(reverse("interchange:revoke_key", args=[key.pk]))
    assert ask(client, secret, "directory/companies").status_code == 401
    revoke_key(key=key, by=cast.maud)
    _key, other = key_of(cast.nour)
    Key.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(days=1))
    assert ask(client, other, "directory/companies").status_code == 401


def test_spend_call_holds_the_quota(client, cast):
    key, secret = key_of(cast.nour)
    Key.objects.filter(pk=key.pk).update(hourly_quota=2)
    assert [ask(client, secret, "directory/companies").status_code for _time in range(3)] == [200, 200, 429]
    key.refresh_from_db()
    with pytest.raises(QuotaExceeded):
        spend_call(key=key)


def test_create_key_through_its_page_shows_the_secret_once(client, cast):
    client.force_login(cast.nour)
    membership = fresh(cast.nour).acting
    page = client.post(
        reverse("interchange:create_key"),
        {"name": "GRC", "membership": membership.pk, "scopes": ["directory"], "days": 30},
    ).content.decode()
    secret = page.split("data-copy>")[1].split("<")[0]
    assert ask(client, secret, "directory/companies").status_code == 200
    listing = client.get(reverse("interchange:keys")).content.decode()
    assert secret not in listing
    assert "GRC" in listing


@pytest.mark.parametrize(("who", "status"), [("maud", 200), ("admin", 200), ("nour", 200), ("seller", 403)])
def test_who_sees_the_keys(client, cast, who, status):
    client.force_login(getattr(cast, who))
    page = client.get(reverse("interchange:keys"))
    assert page.status_code == status
    if status == 200:
        assert (
            ("Create one for each" in page.text) == (reverse("interchange:create_key") in page.text) == (who != "admin")
        )


@pytest.mark.parametrize("who", ["nour", "theo"])
def test_nobody_makes_a_key_that_reads_as_somebody_else(client, cast, who):
    """Not even the administrator of the organisation: the log would name a colleague who read nothing."""
    client.force_login(cast.maud)
    theirs = fresh(getattr(cast, who)).acting
    answer = client.post(
        reverse("interchange:create_key"), {"name": "X", "membership": theirs.pk, "scopes": ["crm"], "days": 30}
    )
    assert answer.status_code == 422
    with pytest.raises(NotYours):
        create_key(name="X", membership=theirs, scopes=["crm"], by=fresh(cast.maud))
    assert not Key.objects.exists()


@pytest.mark.covers("SEC-14")
def test_a_role_that_demands_a_second_factor_has_no_key(client, cast):
    """No key is made for an officer, and one whose role became an officer's opens nothing any more."""
    _key, secret = key_of(cast.nour)
    membership = fresh(cast.nour).acting
    Membership.objects.filter(pk=membership.pk).update(role=Role.SECURITY_OFFICER)
    assert ask(client, secret, "directory/companies").status_code == 403
    membership.refresh_from_db()
    with pytest.raises(NotYours):
        create_key(name="X", membership=membership, scopes=["crm"], by=fresh(cast.nour))


def test_the_read_log_names_the_key(client, cast):
    key, secret = key_of(cast.nour)
    ask(client, secret, "directory/companies")
    line = Reading.objects.filter(how="api").latest("pk")
    assert line.user == cast.nour
    assert line.ids
    assert key.start in line.path
    assert key.name in line.path


def test_a_foreign_key_follows_the_line_of_its_field(client, cast):
    """`sector_id` is `sector`, `postal_code` goes with `address`: both absent once forbidden."""
    _key, secret = key_of(cast.nour)
    one = f"directory/companies/{cast.atelier.pk}"
    assert {"sector_id", "activity_id", "postal_code"} <= set(ask(client, secret, one).json())
    for field in ("sector", "activity", "address"):
        PolicyCell.objects.create(role=Role.ADVISER, model="directory.company", field=field, level=0)
    for answer in (ask(client, secret, one).json(), ask(client, secret, "directory/companies").json()["items"][0]):
        assert not {"sector_id", "activity_id", "address", "postal_code"} & set(answer)


def test_a_key_of_who_owes_a_second_factor_opens_nothing(client, cast, settings):
    """Neither a key of the API nor a calendar's password outlives the days of grace; with a factor both open again."""
    _key, secret = key_of(cast.nour)
    _calendar, password = agenda.create_key(name="Phone", kind="app", by=cast.nour)
    settings.REQUIRE_MFA, settings.MFA_GRACE_DAYS = True, 14
    assert ask(client, secret, "directory/companies").status_code == 200
    settings.MFA_GRACE_DAYS = 0
    assert ask(client, secret, "directory/companies").status_code == 401
    assert agenda.use_key(password, "app") is None
    Authenticator.objects.create(user=cast.nour, type=Authenticator.Type.TOTP, data={})
    assert ask(client, secret, "directory/companies").status_code == 200
    assert agenda.use_key(password, "app") is not None


@pytest.mark.covers("SEC-16")
def test_what_names_a_sensitive_company_leaves_by_no_interface(client, cast):
    """Nour is of its audience and reads it on pages; her key finds it in no list and by no number, as her files do."""
    port, _manager = other_company()
    hidden, shown = lead(cast.atelier), lead(port)
    for company in (cast.atelier, port):
        crm.log_interaction(company=company, kind="note", happened_at=timezone.now(), summary="x", by=fresh(cast.nour))
    _key, secret = key_of(cast.nour)
    assert ask(client, secret, f"crm/leads/{hidden.pk}").status_code == 200
    mark = SensitiveMark.objects.create(company=cast.atelier, reason="x", state_service="y", state_contact="z")
    mark.readers.create(user=cast.nour)
    Company.objects.filter(pk=cast.atelier.pk).update(is_sensitive=True)
    assert sees(fresh(cast.nour), hidden), "on pages she reads it"
    assert [row["id"] for row in ask(client, secret, "crm/leads").json()["items"]] == [shown.pk]
    told = ask(client, secret, "crm/interactions").json()["items"]
    assert {row["company_id"] for row in told} == {port.pk}
    for path in (f"crm/leads/{hidden.pk}", f"directory/companies/{cast.atelier.pk}"):
        assert ask(client, secret, path).status_code == 404, path
