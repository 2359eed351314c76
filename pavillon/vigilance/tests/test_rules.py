"""Unusual events through the doors of a user: sign-ins, addresses that are tried, nights; responses and dry runs."""

import re
import time
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import deactivate_user, note_sign_in, send_suspension_letter, suspend_sign_in
from pavillon.accounts.models import Attempts, SignInGuard, User
from pavillon.accounts.queries import password_locked_until
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.activity.models import Entry, Notification
from pavillon.reference.models import Country
from pavillon.security.actions import note_missing
from pavillon.security.models import Reading
from pavillon.vigilance import actions, tasks
from pavillon.vigilance.models import Exemption, Incident, ReadingLimit, Rehearsal, Rule, RuleVersion
from pavillon.vigilance.queries import find_hits

LOGIN = "/account/login/"
WRONG = "wrong wrong wrong"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def officer(cast):
    client = Client()
    client.force_login(cast.security)
    return client


def enter(client, password=PASSWORD, email="nour@example.example", **headers):
    Attempts.objects.all().delete()
    return client.post(LOGIN, {"login": email, "password": password}, headers={"accept-language": "en", **headers})


def rule_of(kind):
    return Rule.objects.get(kind=kind)


def read_at(user, moment, rows, how="list"):
    line = Reading(user=user, model="directory.company", how=how, rows=rows, read_at=moment)
    line.save()


@pytest.mark.covers("SEC-15")
def test_twenty_failed_sign_ins_suspend_the_account_and_alert_security(cast, client, officer):
    """As the pages do it: twenty wrong passwords, also during the short pauses; then an officer lifts it."""
    for _n in range(19):
        enter(client, WRONG)
    assert not Incident.objects.exists()
    enter(client, WRONG)
    incident = Incident.objects.get()
    assert (incident.kind, incident.user, incident.count) == ("failed_sign_ins", cast.nour, 20)
    assert password_locked_until(cast.nour.email) > timezone.now() + timedelta(hours=70)
    assert not User.objects.get(pk=cast.nour.pk).is_suspended, "other ways in are not closed"
    assert "Too many failed sign-ins" in enter(client).content.decode(), "the right password does not help"
    for person in (cast.security, cast.second):
        alert = Notification.objects.get(recipient=person, kind="vigilance.incident")
        assert alert.url == incident.get_absolute_url()
    assert Incident.objects.count() == 1, "the twenty-first says nothing new"
    listed = officer.get(reverse("vigilance:read_incidents"), {"state": "new"}).content.decode()
    assert "Nour Test" in listed
    assert "20 failed sign-ins" in listed
    page = officer.get(incident.get_absolute_url()).content.decode()
    lift = reverse("vigilance:lift_incident", args=[incident.pk])
    assert lift in page
    assert officer.post(lift, {"reason": "short"}).status_code == 422
    officer.post(lift, {"reason": "She called: her phone kept an old password"})
    assert enter(client).status_code == 302
    officer.post(reverse("vigilance:close_incident", args=[incident.pk]), {"reason": "Old password on her phone"})
    incident.refresh_from_db()
    assert (incident.state, incident.handled_by, incident.suspended_until) == ("closed", cast.security, None)
    assert [*Entry.objects.about(incident).order_by("pk").values_list("verb", flat=True)] == [
        "vigilance.incident_opened", "vigilance.suspension_lifted", "vigilance.incident_closed",
    ]  # fmt: skip
    with pytest.raises(actions.NotOpen):
        actions.look_at_incident(incident=incident, by=cast.second)


def told_and_locked(client, email):
    """What a stranger reads of thirty wrong passwords with an address: the texts without their hours, and the lock."""
    told = []
    for _n in range(30):
        page = enter(client, WRONG, email)
        text = " ".join(page.context["form"].errors.as_text().split())
        told.append((page.status_code, re.sub(r"before .*", "", text)))
    return told, password_locked_until(email) - timezone.now()


def test_known_and_unknown_addresses_are_locked_alike_and_for_the_same_time(cast, client, settings):
    """Also with what only an account can have: an exemption, an earlier incident, a sign-in between the tries."""
    names = ["nour@example.example", "nobody@example.example", "theo@example.example"]
    now = timezone.now()
    Exemption.objects.create(user=cast.theo, starts_at=now, ends_at=now + timedelta(days=1), reason="Old phone")
    note_sign_in(user=cast.nour, ways="webauthn")
    (known, long), *others = [told_and_locked(client, email) for email in names]
    assert "Too many" in known[-1][1]
    assert long > timedelta(hours=70)
    for told, lock in others:
        assert told == known
        assert abs(lock - long) < timedelta(minutes=10)
    assert Incident.objects.get().user == cast.nour
    # A rule that only alerts locks nobody; at any figure both hear the same, and a sign-in hides no tries.
    Rule.objects.filter(kind="failed_sign_ins").update(figures={"count": 7, "minutes": 60})
    SignInGuard.objects.all().delete()
    for n in range(7):
        if n == 4:
            enter(client)
            client.post("/account/logout/")
        pages = [enter(client, WRONG, email).context["form"].errors.as_text() for email in names[:2]]
        assert pages[0] == pages[1] or n >= 4
    assert all(password_locked_until(email) > now + timedelta(hours=70) for email in names[:2])


def test_an_incident_about_oneself_is_for_the_other_officer(cast, officer):
    incident = Incident.objects.create(
        kind="bulk_searches", user=cast.security, began_at=timezone.now(), count=900, response="alert"
    )
    look = reverse("vigilance:look_at_incident", args=[incident.pk])
    assert officer.post(look).status_code == 403
    officer.force_login(cast.second)
    officer.post(look)
    incident.refresh_from_db()
    assert (incident.state, incident.handled_by) == ("looked_at", cast.second)
    officer.force_login(cast.nour)
    assert officer.get(reverse("vigilance:read_incidents")).status_code == 403


def test_a_new_country_and_an_impossible_journey_ask_for_proof(cast, client, settings):
    """The proxy tells the country; without a trusted one the header is anybody's word and is not read."""
    for code, latitude, longitude in [("FR", 46.6, 2.5), ("BR", -10.8, -53.1), ("DE", 51.1, 10.4)]:
        Country.objects.filter(pk=code).update(latitude=latitude, longitude=longitude)
    User.objects.filter(pk=cast.nour.pk).update(country="FR")
    settings.COUNTRY_HEADER = "X-Country-Code"
    enter(client, **{"x-country-code": "BR"})
    client.post("/account/logout/")
    assert not Entry.objects.filter(verb="accounts.signed_in", facts__has_key="country").exists()
    settings.TRUSTED_PROXIES = 1
    enter(client, **{"x-country-code": "FR"})
    client.post("/account/logout/")
    assert not Incident.objects.exists()
    enter(client, **{"x-country-code": "BR"})
    found = {incident.kind: incident for incident in Incident.objects.filter(user=cast.nour)}
    assert set(found) == {"new_country", "impossible_travel"}
    assert found["new_country"].facts == {"country": "BR", "known": ["FR"]}
    assert found["impossible_travel"].facts["km"] == pytest.approx(8600, abs=300)
    # The session of Brazil opens nothing before it proved again; allauth's page does the rest.
    answer = client.get("/account/profile/")
    assert answer.status_code == 200, "one's own account stays open"
    wanted = client.get("/organisations/")
    assert wanted.url == "/account/prove/?next=%2Forganisations%2F"
    page = client.get(wanted.url)
    assert "/account/reauthenticate/?next=%2Forganisations%2F" in page.content.decode()
    User.objects.filter(pk=cast.nour.pk).update(prove_after=timezone.now() - timedelta(seconds=1))
    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time() - 60
    session.save()
    assert client.get("/organisations/").status_code == 302
    client.post("/account/reauthenticate/?next=/organisations/", {"password": PASSWORD})
    assert client.get("/organisations/").status_code == 200
    # Germany is near enough to be reached, once it is known.
    note_sign_in(user=cast.theo, country="FR")
    note_sign_in(user=cast.theo, country="DE")
    assert not Incident.objects.filter(user=cast.theo, kind="impossible_travel").exists()


def test_numbers_that_are_tried_one_after_the_other(cast, client):
    Rule.objects.filter(kind="enumeration").update(figures={"count": 6, "minutes": 10}, response="suspend")
    client.force_login(cast.nour)
    answers = [client.get(f"/people/{900_000 + n}/").status_code for n in range(6)]
    assert answers[:5] == [404] * 5
    incident = Incident.objects.get()
    assert (incident.kind, incident.count, incident.response) == ("enumeration", 6, "suspend")
    # A suspension of security ends what is open, and a new password does not end it.
    assert client.get("/account/profile/").status_code == 302
    nour = User.objects.get(pk=cast.nour.pk)
    assert nour.is_shut_out
    send_suspension_letter(user=nour)
    assert "its open sessions were ended" in mail.outbox[-1].body
    assert "failed sign-ins" not in mail.outbox[-1].body
    admin = Client()
    admin.force_login(cast.admin)
    assert admin.post(reverse("accounts:lift_suspension", args=[nour.pk])).status_code == 403
    from allauth.account.signals import password_reset

    password_reset.send(sender=User, request=None, user=nour)
    assert User.objects.get(pk=nour.pk).is_shut_out


def test_night_reading_by_the_clock_of_the_person_and_bulk_searches(cast):
    """The job asks the rules that read whole logs."""
    Rule.objects.filter(kind="night_reading").update(figures={"rows": 100, "from_hour": 22, "until_hour": 5})
    User.objects.filter(pk=cast.theo.pk).update(time_zone="Asia/Tokyo")
    now = timezone.now()
    figures = rule_of("night_reading").filled
    night = timezone.make_aware(datetime(2026, 3, 10, 2, 0))  # in Paris; 10 in the morning in Tokyo
    for minutes in (0, 20, 40):
        read_at(cast.nour, night + timedelta(minutes=minutes), 40)
        read_at(cast.theo, night + timedelta(minutes=minutes), 40)
    (hit,) = find_hits("night_reading", figures, since=night - timedelta(days=1), until=night + timedelta(days=1))
    assert (hit.user_id, hit.count, hit.noticed_at) == (cast.nour.pk, 120, night + timedelta(minutes=40))
    Rule.objects.filter(kind="bulk_searches").update(figures={"count": 20, "minutes": 60})
    for n in range(20):
        read_at(cast.kim, now - timedelta(minutes=n), 3, how="search")
    tasks.watch_logs(timestamp=0)
    incident = Incident.objects.get(kind="bulk_searches")
    assert (incident.user, incident.count, incident.response) == (cast.kim, 20, "alert")
    tasks.watch_logs(timestamp=0)
    assert Incident.objects.filter(kind="bulk_searches").count() == 1


def test_a_dry_run_shows_what_a_rule_would_have_done(cast, officer):
    """On last month's log, with other figures: people, moments, counts; nobody is told."""
    rule = rule_of("bulk_searches")
    begin = timezone.now() - timedelta(days=9)
    for day in (0, 3):
        for n in range(25):
            read_at(cast.nour, begin + timedelta(days=day, minutes=n), 3, how="search")
    answer = officer.post(reverse("vigilance:rehearse_rule", args=[rule.pk]), {"count": 25, "minutes": 60})
    rehearsal = Rehearsal.objects.get()
    assert answer.url == rehearsal.get_absolute_url()
    waiting = officer.get(answer.url).content.decode()
    assert "every 5s" in waiting
    tasks.run_rehearsal(rehearsal_id=rehearsal.pk)
    page = officer.get(answer.url).content.decode()
    assert "Hits: 2 · people: 1" in page
    assert page.count("Nour Test") == 2
    assert "25 searches" in page
    assert not Incident.objects.exists()
    assert officer.post(reverse("vigilance:rehearse_rule", args=[rule.pk]), {"count": 1}).status_code == 422


def test_change_rule_and_create_rule_keep_every_version(cast, officer):
    rule = rule_of("failed_sign_ins")
    change = reverse("vigilance:change_rule", args=[rule.pk])
    said = {"count": 10, "minutes": 30, "response": "alert", "suspend_hours": 24, "reason": "Après l’audit"}
    assert officer.post(change, said | {"count": 2}).status_code == 422
    officer.post(change, said)
    officer.post(change, said)
    rule.refresh_from_db()
    assert (rule.number, rule.is_on, rule.filled) == (2, False, {"count": 10, "minutes": 30})
    assert Entry.objects.about(rule).get(verb="vigilance.rule_changed").changes["response"] == ["suspend", "alert"]
    version = RuleVersion.objects.get(rule=rule, number=2)
    assert (version.made_by, version.reason) == (cast.security, "Après l’audit")
    officer.post(reverse("vigilance:create_rule"), {"kind": "failed_sign_ins"})
    second = Rule.objects.filter(kind="failed_sign_ins").latest("pk")
    assert (second.is_on, second.versions.count()) == (False, 1)
    page = officer.get(second.get_absolute_url()).content.decode()
    assert reverse("vigilance:rehearse_rule", args=[second.pk]) in page
    officer.force_login(cast.dpo)
    assert officer.get(reverse("vigilance:read_rules")).status_code == 200
    assert officer.get(second.get_absolute_url()).status_code == 200
    assert officer.post(change, said).status_code == 403


def test_who_is_exempt_is_left_alone_until_the_end(cast, client, officer):
    Rule.objects.filter(kind="enumeration").update(figures={"count": 5, "minutes": 10}, response="alert")
    exempt = reverse("vigilance:exempt_person")
    now = timezone.localtime()
    said = {
        "user": cast.nour.pk, "rule": rule_of("enumeration").pk, "starts_at": now.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (now + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), "reason": "Cleaning of old links, agreed",
    }  # fmt: skip
    assert officer.post(exempt, said | {"user": cast.security.pk}).status_code == 422
    assert officer.post(exempt, said | {"ends_at": said["starts_at"]}).status_code == 422
    officer.post(exempt, said)
    client.force_login(cast.nour)
    for n in range(6):
        client.get(f"/people/{900_000 + n}/")
    assert not Incident.objects.exists()
    exemption = Exemption.objects.get()
    assert "Cleaning of old links" in officer.get(exempt).content.decode()
    officer.post(reverse("vigilance:end_exemption", args=[exemption.pk]))
    client.get("/people/900009/")
    assert Incident.objects.get().user == cast.nour
    note_missing(user=cast.nour, path="/people/900010/")
    assert Incident.objects.count() == 1, "told once within the ten minutes"
    verbs = Entry.objects.about(exemption).values_list("verb", flat=True)
    assert set(verbs) == {"vigilance.person_exempted", "vigilance.exemption_ended"}


def test_nobody_loosens_the_limit_that_binds_himself(cast, officer):
    """Neither by a new one nor by ending a narrow one; stricter is free, and the only officer is watched instead."""
    change = reverse("vigilance:change_limit")
    figures = {"organisation": "", "weekly_records": 9000, "habit_factor": 4, "habit_floor": 2000}
    stricter = figures | {"role": "security_officer", "hourly_rows": 100, "most_rows": 200, "reason": "Less for us"}
    assert officer.post(change, stricter).status_code == 302
    looser = stricter | {"most_rows": 8000}
    refused = officer.post(change, looser)
    assert refused.status_code == 422
    assert "another security officer" in refused.content.decode()
    limit = ReadingLimit.objects.in_force().get()
    assert (limit.most_rows, Entry.objects.filter(verb="vigilance.limit_changed").count()) == (200, 1)
    end = reverse("vigilance:end_limit", args=[limit.pk])
    assert officer.post(end, {"reason": "Too narrow for the work"}).status_code == 422
    assert ReadingLimit.objects.in_force().exists()
    # Others' limits are his to decide; so is his own once nobody else could, and the administrators hear of it.
    assert officer.post(change, looser | {"role": "adviser"}).status_code == 302
    deactivate_user(user=cast.second, by=cast.admin)
    assert officer.post(end, {"reason": "Too narrow for the work"}).status_code == 302
    assert Notification.objects.filter(recipient=cast.admin, title__contains="own reading limit").count() == 1


def test_a_suspension_is_never_made_shorter(cast):
    long = timezone.now() + timedelta(days=3)
    suspend_sign_in(user=cast.nour, until=long, by=None, is_held=True)
    suspend_sign_in(user=cast.nour, until=timezone.now() + timedelta(minutes=15), by=None)
    nour = User.objects.get(pk=cast.nour.pk)
    assert (nour.suspended_until, nour.is_held) == (long, True)
    # Wrong passwords, which anybody may send, do not make what security set longer.
    suspend_sign_in(user=cast.nour, until=long + timedelta(days=3), by=None)
    assert User.objects.get(pk=cast.nour.pk).suspended_until == long
    suspend_sign_in(user=cast.nour, until=long + timedelta(days=1), by=cast.security, is_held=True)
    assert User.objects.get(pk=cast.nour.pk).suspended_until == long + timedelta(days=1)


def test_when_the_only_officer_is_held_the_administrator_hears_of_it_and_lifts_it(cast, client):
    """Otherwise a rule would leave the platform without anybody who may answer."""
    Rule.objects.filter(kind="enumeration").update(figures={"count": 5, "minutes": 10}, response="suspend")
    until = timezone.now() + timedelta(days=1)
    suspend_sign_in(user=cast.second, until=until, by=None, is_held=True)
    suspend_sign_in(user=cast.nour, until=until, by=None, is_held=True)
    lift = reverse("accounts:lift_suspension", args=[cast.second.pk])
    client.force_login(cast.admin)
    assert client.post(lift).status_code == 403, "the other officer is there for it"
    for n in range(5):
        note_missing(user=cast.security, path=f"/people/{900_000 + n}/")
    assert User.objects.get(pk=cast.security.pk).is_shut_out
    told = Notification.objects.get(recipient=cast.admin, kind="vigilance.incident")
    page = client.get(told.url).content.decode()
    assert reverse("accounts:lift_suspension", args=[cast.security.pk]) in page
    assert client.post(reverse("accounts:lift_suspension", args=[cast.nour.pk])).status_code == 403, "officers' alone"
    assert client.post(lift).status_code == 302
    assert not User.objects.get(pk=cast.second.pk).is_suspended
    assert client.post(reverse("accounts:lift_suspension", args=[cast.security.pk])).status_code == 403
