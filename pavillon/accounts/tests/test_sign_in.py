"""The entrance through its own pages: password, lockout, sessions, invitation, reset."""

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts import actions, queries, tasks
from pavillon.accounts.models import SignInGuard, User
from pavillon.accounts.tests.factories import PASSWORD, person
from pavillon.ui.words import moment

LOGIN = "/account/login/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()
    yield
    cache.clear()


def enter(client, email="nour@example.example", password=PASSWORD, browser="Unknown"):
    headers = {"accept-language": "en", "user-agent": browser}
    return client.post(LOGIN, {"login": email, "password": password}, headers=headers)


def trail(verb):
    return apps.get_model("activity.Entry").objects.filter(verb=verb)


def test_sign_in_with_address_and_password(cast, client):
    answer = enter(client, "Nour@Example.example")
    assert answer.status_code == 302
    assert answer.url == "/"
    assert client.get("/account/profile/").status_code == 200
    assert trail("accounts.signed_in").get().actor == cast.nour
    client.post("/account/logout/")
    assert client.get("/account/profile/").status_code == 302
    assert trail("accounts.signed_out").get().actor == cast.nour


def test_a_wrong_password_says_nothing_about_who_exists(cast, client):
    known = enter(client, password="wrong wrong wrong")
    unknown = enter(client, "nobody@example.example", "wrong wrong wrong")
    assert known.status_code == unknown.status_code == 200
    errors = [answer.context["form"].errors.as_text() for answer in (known, unknown)]
    assert errors[0] == errors[1]


@pytest.mark.covers("SEC-14")
def test_lockout_after_repeated_failures(cast, client, settings):
    for _n in range(settings.SIGN_IN_ATTEMPTS - 1):
        assert "Too many" not in enter(client, password="wrong wrong wrong").content.decode()
    text = enter(client, password="wrong wrong wrong").content.decode()
    until = queries.password_locked_until("Nour@example.example")
    with translation.override("en"):
        assert f"before {moment(until, 'time')}" in text
    # The right password does not help before the end.
    assert enter(client).status_code == 200
    assert client.get("/account/profile/").status_code == 302
    assert trail("accounts.password_locked").count() == 1
    tasks.send_password_lock(user_id=cast.nour.pk, until=until.isoformat())
    letter = mail.outbox[-1]
    assert letter.to == ["nour@example.example"]
    assert "many failed sign-ins" in letter.body
    # Others are not touched, and the time heals.
    assert enter(Client(), "theo@example.example").status_code == 302
    SignInGuard.objects.update(suspended_until=timezone.now())
    assert enter(client).status_code == 302
    assert SignInGuard.objects.get(suspended_until=None).failures == 0


def test_an_unknown_address_is_suspended_in_the_same_words(cast, client, settings):
    for email in ("nour@example.example", "nobody@example.example"):
        for _n in range(settings.SIGN_IN_ATTEMPTS):
            answer = enter(client, email, "wrong wrong wrong")
        assert "Too many failed sign-ins with this address" in answer.content.decode()
    assert "@" not in SignInGuard.objects.values_list("key", flat=True)[0]


def test_failures_long_ago_do_not_add_up(cast, settings):
    for _n in range(settings.SIGN_IN_ATTEMPTS - 1):
        actions.note_failed_sign_in(email="nour@example.example")
    SignInGuard.objects.update(first_failed_at="2026-01-01T00:00Z")
    assert actions.note_failed_sign_in(email="nour@example.example") is None


def test_a_suspended_person_cannot_come_another_way(cast, client):
    """A right password with a suspension: refused, in words that only who knows the password reads."""
    until = timezone.now() + timezone.timedelta(hours=1)
    actions.suspend_sign_in(user=cast.nour, until=until, by=cast.security)
    assert "suspended" not in enter(client, password="wrong wrong wrong").content.decode()
    page = client.get(enter(client).url, headers={"accept-language": "en"})
    assert (page.status_code, "choosing a new password ends it" in page.content.decode()) == (403, True)
    actions.suspend_sign_in(user=cast.nour, until=until, by=cast.security, is_held=True)
    page = client.get(enter(client).url, headers={"accept-language": "en"}).content.decode()
    assert "A new password changes nothing: write to the security officer" in page
    assert reverse("account_reset_password") not in page
    assert client.get("/account/profile/").status_code == 302
    tries = trail("accounts.sign_in_failed").order_by("pk")
    shut_out = [line.facts for line in tries if line.facts.get("refused")]
    assert shut_out == [{"refused": True, "is_held": False}, {"refused": True, "is_held": True}]
    actions.lift_suspension(user=cast.nour, by=cast.security)
    actions.note_shut_out(user=cast.nour)
    assert enter(client).status_code == 302


def test_wrong_passwords_lock_the_password_and_nothing_else(cast, client, settings):
    """The lock of a longer rule is not made shorter; a sign-in by other means leaves it; an officer lifts it."""
    until = timezone.now() + timezone.timedelta(days=3)
    actions.lock_password(email=cast.nour.email, until=until, reason="failed_sign_ins")
    soon = timezone.now() + timezone.timedelta(minutes=15)
    actions.lock_password(email=cast.nour.email, until=soon, reason="failures")
    assert queries.password_locked_until("NOUR@example.example") == until
    assert not User.objects.get(pk=cast.nour.pk).is_suspended
    assert "Too many failed sign-ins" in enter(client).content.decode()
    actions.note_sign_in(user=cast.nour, ways="webauthn")
    assert queries.password_locked_until("nour@example.example") == until
    client.force_login(cast.security)
    lift = reverse("accounts:lift_suspension", args=[cast.nour.pk])
    assert lift in client.get(reverse("accounts:user", args=[cast.nour.pk])).content.decode()
    assert client.post(lift).status_code == 302
    lifted = trail("accounts.suspension_lifted").get()
    assert lifted.changes["password_locked_until"][1] is None
    assert enter(Client()).status_code == 302
    count = len(mail.outbox)
    tasks.send_password_lock(user_id=cast.nour.pk, until=timezone.now().isoformat())
    assert len(mail.outbox) == count, "a lock that is over is not told"


def test_a_try_during_a_suspension_is_in_the_trail(cast):
    actions.note_refused_sign_in(email="Nour@Example.example")
    actions.note_refused_sign_in(email="nobody@example.example")
    tries = trail("accounts.sign_in_failed").order_by("pk").values_list("facts", flat=True)
    assert [*tries] == [{"refused": True}, {"refused": True, "is_known": False}]


@pytest.mark.covers("SEC-14")
def test_a_revoked_session_is_out_at_its_next_request(cast):
    office, phone = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": IPHONE})
    enter(office, browser=FIREFOX)
    enter(phone, browser=IPHONE)
    listed = office.get("/account/sessions/").content.decode()
    assert "Firefox, Windows" in listed
    assert "Safari, iPhone" in listed
    assert "This one" in listed
    assert phone.get("/account/profile/").status_code == 200
    other = UserSession.objects.get(user_agent=IPHONE)
    assert office.post(reverse("accounts:end_session", args=[other.pk])).status_code == 302
    assert phone.get("/account/profile/").status_code == 302
    assert office.get("/account/profile/").status_code == 200
    assert trail("accounts.session_ended").get().actor == cast.nour


def test_end_all_other_sessions(cast):
    clients = [Client() for _n in range(3)]
    for one in clients:
        enter(one)
    assert clients[0].post("/account/sessions/").status_code == 302
    assert [one.get("/account/profile/").status_code for one in clients] == [200, 302, 302]


def test_somebody_elses_session_cannot_be_ended(cast):
    mine, theirs = Client(), Client()
    enter(mine)
    enter(theirs, "theo@example.example")
    session = UserSession.objects.get(user=cast.theo)
    assert mine.post(reverse("accounts:end_session", args=[session.pk])).status_code == 404
    assert theirs.get("/account/profile/").status_code == 200


def test_sessions_remember_when_they_were_seen(cast, client):
    enter(client)
    UserSession.objects.update(last_seen_at="2026-01-01T00:00Z")
    cache.clear()
    client.get("/account/profile/")
    assert UserSession.objects.get().last_seen_at > timezone.now() - timezone.timedelta(minutes=1)


@pytest.mark.parametrize(
    "weak",
    [
        "short1", "nourtest12345", "123456789012", "motdepasse", "nour@example.example", "quel-pavillon-7",
        "la-belle-bretagne-9", "abcabcabcabc", "aaaaaaaaaaaaa", "9876543210987", "abcdefghijklm", "1212121212121",
    ],
)  # fmt: skip
def test_weak_passwords_are_refused(weak, cast, client):
    enter(client)
    answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    assert answer.context["form"].errors


@pytest.mark.parametrize("odd", ["804271936650", "§§µ¤ø þ æð łŋ ß", "une porte rouge au fond"])
def test_no_kind_of_signs_is_asked_for(odd, cast, client):
    """Numbers alone, letters alone, signs of another keyboard: what counts is that nobody guesses it."""
    enter(client)
    given = {"oldpassword": PASSWORD, "password1": odd, "password2": odd}
    assert client.post("/account/password/change/", given).status_code == 302


def test_change_password_ends_nothing_here_and_is_told(cast, client):
    enter(client)
    new = "une-autre-porte-rouge"
    answer = client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert client.get("/account/profile/").status_code == 200
    assert trail("accounts.password_changed").count() == 1
    assert mail.outbox[-1].to == ["nour@example.example"]


def test_reset_password_ends_a_suspension(cast, client):
    actions.suspend_sign_in(user=cast.nour, until=timezone.now() + timezone.timedelta(hours=1), by=None)
    client.post("/account/password/reset/", {"email": "nour@example.example"})
    link = re.search(r"https?://\S+(/account/password/reset/key/\S+)", mail.outbox[-1].body).group(1)
    page = client.get(link, follow=True)
    new = "une-porte-toute-neuve"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert enter(client, password=new).status_code == 302
    # An unknown address gets the same page, and no letter with a link.
    count = len(mail.outbox)
    assert client.post("/account/password/reset/", {"email": "nobody@example.example"}).status_code == 302
    assert all("/key/" not in letter.body for letter in mail.outbox[count:])


def test_an_address_is_proven_with_a_code(cast, client):
    """Whoever registered alone proves the address before anything opens."""
    person("Lea", cast.company, "seller", verified=False)
    answer = enter(client, "lea@example.example")
    assert answer.url == "/account/confirm-email/"
    assert client.get("/account/profile/").status_code == 302
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    assert client.post("/account/confirm-email/", {"code": "WRONG1"}).status_code == 200
    assert client.post("/account/confirm-email/", {"code": code}).status_code == 302
    assert client.get("/account/profile/").status_code == 200


def test_nobody_registers_bare(client, db):
    page = client.get("/account/signup/")
    assert "invited by the administrator" in page.content.decode() or "invitées" in page.content.decode()
    data = {"email": "x@example.example", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/account/signup/", data)
    assert not User.objects.exists()


def invite(cast):
    membership = actions.invite_user(
        email="new@example.example",
        first_name="New",
        last_name="Person",
        language="en",
        organisation=cast.chamber,
        role="adviser",
        by=cast.maud,
    )
    tasks.send_invitation(user_id=membership.user_id, by_id=cast.maud.pk)
    return membership.user, re.search(r"https?://[^/]+(/account/invitation/\S+)", mail.outbox[-1].body).group(1)


def test_accept_invitation(cast, client):
    user, link = invite(cast)
    assert "CCI Bretagne" in mail.outbox[-1].body
    assert "Maud Test" in mail.outbox[-1].body
    page = client.get(link, headers={"accept-language": "en"})
    assert "CCI Bretagne invites you" in page.content.decode()
    data = {"first_name": "New", "last_name": "Person", "password": "short"}
    assert client.post(link, data).status_code == 422
    answer = client.post(link, data | {"password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/account/profile/").context["user"].pk == user.pk
    # The letter proved the address, and the link opens once.
    assert Client().get(link).status_code == 410
    assert enter(Client(), "new@example.example").status_code == 302


def test_an_invitation_dies_with_the_account_and_with_time(cast, client, settings):
    user, link = invite(cast)
    actions.deactivate_user(user=user, by=cast.maud)
    assert client.get(link).status_code == 410
    actions.reactivate_user(user=user, by=cast.maud)
    settings.INVITATION_DAYS = -1
    assert client.get(link).status_code == 410
    assert client.get(reverse("accounts:accept_invitation", args=["rubbish"])).status_code == 410


def test_an_invitation_whose_time_is_over_asks_for_a_new_letter_itself(
    cast, client, settings, django_capture_on_commit_callbacks
):
    user, link = invite(cast)
    days, settings.INVITATION_DAYS = settings.INVITATION_DAYS, -1
    page = client.get(link)
    assert page.status_code == 410
    (again,) = re.findall(r'action="([^"]+/renew/)"', page.content.decode())
    letters = len(mail.outbox)
    assert client.post(again).status_code == 302
    tasks.send_invitation(user_id=user.pk, by_id=None)  # what the job does
    assert trail("accounts.user_invited").filter(actor=None).count() == 1
    settings.INVITATION_DAYS = days
    assert mail.outbox[letters].to == [user.email]
    new = re.search(r"https?://[^/]+(/account/invitation/\S+)", mail.outbox[letters].body)[1]
    assert client.get(new).status_code == 200
    # Made-up links, and links that served, send nothing.
    for other in ("rubbish", again.split("/")[3][:-3] + "abc"):
        assert client.post(reverse("accounts:renew_invitation", args=[other])).status_code in (302, 429)
    assert trail("accounts.user_invited").filter(actor=None).count() == 1


def test_an_invitation_can_be_sent_again(cast, client, django_capture_on_commit_callbacks):
    user, _link = invite(cast)
    client.force_login(cast.maud)
    assert client.post(reverse("accounts:send_invitation", args=[user.pk])).status_code == 302
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="accounts.send_invitation")
    assert jobs.count() == 2


def test_change_the_address(cast, client):
    enter(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/account/email/", {"email": "nour.neuve@example.example", "action_add": ""})
    assert answer.status_code == 302
    code = re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    client.post("/account/confirm-email/", {"code": code})
    assert User.objects.get(pk=cast.nour.pk).email == "nour.neuve@example.example"
    entry = trail("accounts.email_changed").get()
    assert len(entry.changes["email"]) == 2
    assert "nour" not in str(entry.changes), "addresses are sealed in the trail"


def test_what_opens_the_account_is_changed_after_a_proof_only(cast, client):
    """Address, telephone and sessions: a session that proved itself long ago is asked first, and then goes on."""
    enter(client)
    other = Client()
    enter(other)
    stale = client.session
    stale[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - 3600}]
    stale.save()
    session = UserSession.objects.exclude(session_key=stale.session_key).get()
    card = {"first_name": "Nour", "last_name": "B", "language": "fr", "time_zone": "Europe/Paris"}
    card["phone"] = "+33298000000"
    for page, sent in (
        ("/account/email/", {"email": "thief@example.example", "action_add": ""}),
        ("/account/sessions/", {}),
        (reverse("accounts:end_session", args=[session.pk]), {}),
        (reverse("accounts:change_profile"), card),
    ):
        answer = client.post(page, sent)
        assert answer.status_code == 302, page
        assert answer.url.startswith("/account/reauthenticate/"), page
    cast.nour.refresh_from_db()
    assert cast.nour.phone != "+33298000000"
    assert other.get("/account/profile/").status_code == 200
    # The form that waits behind the proof is carried out by it.
    way = client.post(reverse("accounts:change_profile"), card).url
    assert client.post(way, {"password": PASSWORD}).status_code == 302
    cast.nour.refresh_from_db()
    assert cast.nour.phone == "+33298000000"
    assert client.post(reverse("accounts:end_session", args=[session.pk])).status_code == 302
    assert other.get("/account/profile/").status_code == 302
