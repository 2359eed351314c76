"""The second factor: a phone's codes, recovery codes, and the roles that must have one."""

import runpy
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from pavillon.accounts import actions, queries, tasks
from pavillon.accounts.models import FactorRule, Membership, User
from pavillon.accounts.tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The clock by which codes are read: it stands, so that no half minute ends within a test."""
    shown = SimpleNamespace(time=lambda: shown.now, now=time.time())
    monkeypatch.setattr(totp, "time", shown)
    return shown


def code_now(secret, later=0):
    """The code of this half minute, or of one `later`."""
    return format_hotp_value(hotp_value(secret, int(totp.time.time()) // app_settings.TOTP_PERIOD + later))


def enter(client, user):
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def set_up(client):
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    return secret


def test_the_team_is_asked_whoever_else_is_and_no_word_is_lost(monkeypatch, settings):
    """Naming companies alone must not let the team pass, and a misspelt side not be asked of nobody in silence."""

    def asked(words):
        monkeypatch.setenv("PAVILLON_REQUIRE_MFA_OF", words)
        return runpy.run_path(f"{settings.ROOT}/config/settings/identity.py")["REQUIRE_MFA_OF"]

    assert asked("") == {"team"}
    assert asked("companies, buyers") == {"team", "companies", "buyers"}
    with pytest.raises(ImproperlyConfigured, match="names company"):
        asked("company")


@pytest.mark.covers("SEC-14")
def test_codes_of_a_phone_from_set_up_to_sign_in(cast, client, clock):
    enter(client, cast.nour)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    # The picture obeys the security policy: a data address, no script.
    assert 'src="data:image/svg+xml' in page
    secret = set_up(client)
    assert Authenticator.objects.filter(user=cast.nour, type="totp").exists()
    assert secret not in str(Authenticator.objects.get(type="totp").data)

    second = Client()
    answer = second.post("/account/login/", {"login": cast.nour.email, "password": PASSWORD})
    assert answer.url == reverse("mfa_authenticate")
    assert second.get("/account/profile/").status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    cache.clear()
    clock.now += app_settings.TOTP_PERIOD
    assert second.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert second.get("/account/profile/").status_code == 200
    # Asked again by security: the password, which would not count, is not offered, and its page leads to the code.
    actions.demand_proof(user=cast.nour, by=None, reason="habit")
    by_password = second.get("/account/reauthenticate/?next=/desk/")
    assert by_password.url == f"{reverse('mfa_reauthenticate')}?next=%2Fdesk%2F"
    assert "/account/reauthenticate/" not in second.get(by_password.url).content.decode().split("<main")[1]
    clock.now += app_settings.TOTP_PERIOD
    assert second.post(by_password.url, {"code": code_now(secret)}).url == "/desk/"
    assert second.get("/account/reauthenticate/").status_code == 200, "of one's own accord either will do"


def by_code(user, code):
    """A sign-in by password and a code, with what the next page says."""
    other = Client(headers={"accept-language": "en"})
    enter(other, user)
    cache.clear()
    answer = other.post(reverse("mfa_authenticate"), {"code": code})
    return answer.status_code, other.get("/account/profile/").content.decode()


def test_a_recovery_code_opens_once(cast, client):
    """Shown once, kept as slow digests, each opens once however it is written, and what is left is told."""
    enter(client, cast.nour)
    asked = reverse("accounts:recovery_codes")
    assert client.post(asked).url == reverse("mfa_index"), "without a second factor there is nothing to stand in for"
    set_up(client)
    assert "You have none" in client.get(reverse("mfa_index")).content.decode()
    codes = client.post(asked).context["codes"]
    assert len({*codes}) == 10
    assert mail.outbox[-1].subject == "You have new recovery codes"
    for page in (client.get(asked), client.get(reverse("mfa_index"))):
        assert "10 codes are left" in page.content.decode()
        assert codes[0] not in page.content.decode()
    kept = Authenticator.objects.get(type="recovery_codes").data
    assert list(kept) == ["digests"]
    assert not any(code.replace(" ", "") in str(kept) for code in codes)
    assert by_code(cast.nour, codes[3].lower().replace(" ", "-"))[0] == 302
    status, page = by_code(cast.nour, codes[4])
    assert (status, "8 recovery codes are left." in page) == (302, True)
    assert by_code(cast.nour, codes[3])[0] == 200
    assert by_code(cast.nour, f"O{codes[0][1:]}")[0] == 302, "a letter read for a nought"
    assert by_code(cast.nour, f"4{codes[5][1:]}")[0] == 200, "the digit of another one"
    assert trail().filter(verb="accounts.recovery_code_used").count() == 3
    assert {"ways": "password+recovery_codes"} in trail().values_list("facts", flat=True)
    assert actions.spend_recovery_code(user=cast.theo, code=codes[5]) is None, "somebody else's"
    # New ones end the former ones.
    newer = client.post(asked).context["codes"]
    assert by_code(cast.nour, codes[6])[0] == 200
    assert by_code(cast.nour, newer[6])[0] == 302


def test_codes_of_before_become_digests(cast):
    """Those that allauth could show again: by the hourly job, or by the first that is used."""
    for person in (cast.nour, cast.theo):
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    old = {row.user_id: row.wrap().get_unused_codes() for row in Authenticator.objects.filter(type="recovery_codes")}
    assert by_code(cast.nour, old[cast.nour.pk][7])[0] == 302
    tasks.hash_recovery_codes(0)
    assert actions.hash_old_recovery_codes() == 0
    assert all(list(row.data) == ["digests"] for row in Authenticator.objects.filter(type="recovery_codes"))
    assert by_code(cast.nour, old[cast.nour.pk][7])[0] == 200
    assert by_code(cast.nour, old[cast.nour.pk][2])[0] == 302
    assert by_code(cast.theo, old[cast.theo.pk][0])[0] == 302
    assert queries.recovery_codes_of(cast.theo) == 9


def test_remove_second_factors_of_who_lost_them(cast, client):
    """By an officer who wrote how he made sure; sessions end, a letter leaves, and the next sign-in sets one up."""
    person = enter(Client(), cast.nour)
    set_up(person)
    person.post(reverse("accounts:recovery_codes"))
    page = reverse("accounts:remove_second_factors", args=[cast.nour.pk])
    enter(client, cast.security)
    assert page in client.get(reverse("accounts:user", args=[cast.nour.pk])).content.decode()
    assert client.post(page, {"proof": "she called"}).status_code == 422
    proof = "Called back on the number of her card"
    assert client.post(page, {"proof": proof}).status_code == 302
    assert not Authenticator.objects.filter(user=cast.nour).exists()
    assert person.get("/account/profile/").status_code == 302
    line = trail().get(verb="accounts.second_factors_removed")
    assert (line.actor, line.facts["reason"], line.facts["types"]) == (cast.security, proof, ["recovery_codes", "totp"])
    tasks.send_factors_removed(user_id=cast.nour.pk, by_id=cast.security.pk)
    assert "Nils Test took the second factors" in mail.outbox[-1].body
    for nobody in (cast.maud, cast.manager):
        client.force_login(nobody)
        assert client.get(page).status_code == 403
    client.force_login(cast.security)
    assert client.get(reverse("accounts:remove_second_factors", args=[cast.security.pk])).status_code == 403


def test_the_whole_team_must_set_one_up_after_days_of_grace(cast, client, settings):
    settings.REQUIRE_MFA, settings.MFA_GRACE_DAYS = True, 14
    enter(client, cast.nour)
    page = client.get("/organisations/")
    assert (page.status_code, "14 days are left" in page.content.decode()) == (200, True)
    assert reverse("mfa_index") in page.content.decode()
    begun = FactorRule.objects.get()
    assert trail().filter(verb="accounts.factor_rule_begun").count() == 1
    # Who comes later has his own days; who has used them opens nothing but the page that sets one up.
    FactorRule.objects.update(begun_at=begun.begun_at - timedelta(days=20))
    assert "14 days are left" in client.get("/organisations/").content.decode()
    Membership.objects.filter(user=cast.nour).update(created_at=begun.begun_at - timedelta(days=20))
    User.objects.filter(pk=cast.nour.pk).update(first_entered_at=begun.begun_at - timedelta(days=13))
    assert "1 day is left" in client.get("/organisations/").content.decode()
    User.objects.filter(pk=cast.nour.pk).update(first_entered_at=begun.begun_at - timedelta(days=14))
    for closed in ("/organisations/", "/account/profile/", "/account/sessions/"):
        assert client.get(closed).url == reverse("mfa_index"), closed
    assert client.get("/organisations/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "opens nothing without a second factor" in page
    assert queries.lacks_second_factor(User.objects.get(pk=cast.nour.pk))
    set_up(client)
    page = client.get("/organisations/")
    assert (page.status_code, "to set up a second factor" in page.content.decode()) == (200, False)
    # Taken off, it would be owed at once: it stays.
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get("/organisations/").status_code == 200
    # Companies and buyers are asked where the agency says so, after their own days; a demonstration asks nobody.
    assert queries.factor_due(cast.claire) is None
    settings.REQUIRE_MFA_OF = frozenset({"team", "companies"})
    company = Client(headers={"accept-language": "en"})
    enter(company, cast.claire)
    page = company.get("/account/profile/").content.decode()
    assert "14 days are left" in page
    assert reverse("mfa_index") in page
    own = company.get(reverse("mfa_index")).content.decode()
    assert "The role “Company manager” needs a second factor" in own, "a company is not told of the team"
    old = begun.begun_at - timedelta(days=20)
    Membership.objects.filter(user=cast.claire).update(created_at=old)
    User.objects.filter(pk=cast.claire.pk).update(first_entered_at=old)
    assert company.get("/people/").url == reverse("mfa_index")
    set_up(company)
    assert company.get("/people/").status_code == 200
    settings.REQUIRE_MFA_OF = frozenset({"team"})
    settings.REQUIRE_MFA = False
    assert queries.factor_deadline(cast.theo) is None
    # A demand that was let go begins anew, and the trail tells both.
    for _again in range(2):
        enter(Client(), cast.theo)
    assert not FactorRule.objects.exists()
    assert trail().filter(verb="accounts.factor_rule_ended").count() == 1
    actions.end_factor_rule()


def test_officers_must_set_one_up_where_it_is_demanded(cast, client, settings):
    settings.REQUIRE_MFA = True
    enter(client, cast.security)
    answer = client.get("/people/")
    assert answer.status_code == 302
    assert answer.url == reverse("mfa_index")
    page = client.get(answer.url)
    assert page.status_code == 200
    assert "second factor" in page.content.decode().lower()
    set_up(client)
    assert client.get("/people/").status_code == 200
    # The one that the role demands cannot be taken off again.
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(user=cast.security, type="totp").exists()
    # Others are not asked.
    assert enter(Client(), cast.manager).get("/people/").status_code == 200


def test_a_demonstration_says_that_it_does_not_ask(cast, client, settings):
    settings.REQUIRE_MFA = False
    enter(client, cast.security)
    assert client.get("/people/").status_code == 200
    assert "does not demand it" in client.get(reverse("mfa_index")).content.decode()


def trail():
    """The lines of the trail, which stands above this room."""
    return apps.get_model("activity", "Entry").objects


def test_a_code_serves_once_in_every_process_and_the_trail_says_what_served(cast, client, clock):
    """Another process, or the same after a restart, knows a used code; wrong ones and the means are in the trail."""
    enter(client, cast.nour)
    secret = set_up(client)
    clock.now += app_settings.TOTP_PERIOD
    # The one before and the one after are as wrong as any other.
    for other in (-1, 1):
        early = enter(Client(), cast.nour)
        assert early.post(reverse("mfa_authenticate"), {"code": code_now(secret, other)}).status_code == 200
    code = code_now(secret)
    # Written otherwise it is the same code: allauth drops spaces and dashes.
    for written, expected in (
        (code, 302),
        (code, 200),
        (f"{code[:3]} {code[3:]}", 200),
        (f"{code[:3]}-{code[3:]}", 200),
    ):
        other = Client()
        enter(other, cast.nour)
        cache.clear()  # what one process remembered
        assert other.post(reverse("mfa_authenticate"), {"code": written}).status_code == expected, written
    said = [(entry.verb, entry.facts) for entry in trail().filter(actor=cast.nour).order_by("pk")]
    assert ("accounts.signed_in", {"ways": "password"}) in said
    assert ("accounts.signed_in", {"ways": "password+totp"}) in said
    wrong = trail().filter(verb="accounts.second_factor_failed")
    assert [(entry.actor, entry.facts) for entry in wrong] == [(None, {"type": "totp"})] * 5


def test_a_session_takes_another_number_after_each_proof(cast, client):
    enter(client, cast.nour)
    before = client.cookies["sessionid"].value
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    assert client.cookies["sessionid"].value != before
    assert client.get("/account/profile/").status_code == 200


def test_note_refused_rate_and_what_came_without_its_token(cast, settings):
    """Too much, and without the form's token: by whom, once in a while."""
    person = Client(enforce_csrf_checks=True)
    person.force_login(cast.nour)
    assert person.post("/account/profile/", {"first_name": "N"}).status_code == 403
    refused = trail().get(verb="security.access_refused")
    assert (refused.actor, refused.facts["permission"]) == (cast.nour, "form without its token")
    stranger = Client()
    asked = [stranger.post("/account/login/", {"login": "nobody@x.example", "password": "x"}) for _try in range(34)]
    assert [answer.status_code for answer in asked][-3:] == [429, 429, 429]
    assert trail().filter(verb="accounts.rate_refused", actor=None).count() == 1
    assert trail().filter(verb="accounts.sign_in_failed", facts__is_known=False).exists()
    for _again in range(2):
        actions.note_refused_rate(user=cast.nour, who="nour", page="a page")
    assert trail().filter(verb="accounts.rate_refused", actor=cast.nour).count() == 1
    assert "nobody@" not in str(list(trail().values_list("facts", flat=True)))


def test_who_sets_a_factor_up_is_left_in_peace_and_stays_signed_in(cast, client, settings):
    """An open page asked itself again while the stream was shut, which made the code on the screen worthless; and what
    a tab asks with a number that the session had before must not take the new one away."""
    settings.REQUIRE_MFA = True
    enter(client, cast.security)
    assert 'data-live=""' in client.get(reverse("mfa_index")).text
    set_up(client)
    assert 'data-live="/live/"' in client.get(reverse("mfa_index")).text
    for mode, is_taken in (("cors", False), ("navigate", True)):
        tab = Client(headers={"Sec-Fetch-Mode": mode})
        tab.cookies[settings.SESSION_COOKIE_NAME] = "0" * 32
        answer = tab.get(reverse("mfa_index"))
        assert (answer.status_code, settings.SESSION_COOKIE_NAME in answer.cookies) == (302, is_taken)
