"""What a site may ask and is told of sessions: a really new sign-in, and the word that somebody signed out here."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pavillon.accounts import actions as accounts
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.federation import actions, tasks
from pavillon.federation.models import SiteSession
from pavillon.federation.tests.sites import FORM, RelyingParty, agreed, enter, trail

EVENT = "http://schemas.openid.net/event/backchannel-logout"


def told_at(party):
    return party.read(party.exchange(party.came_back(party.browser.get(party.address))["code"]).json()["id_token"])


def test_a_new_sign_in_is_a_new_one(cast, client):
    """`prompt=login` and `max_age=0`: a proof since the request, seen by us and told truly as `auth_time`."""
    _site, party, _code = agreed(cast, client)
    session = party.browser.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 600
    session.save()
    for wish in ({"prompt": "login"}, {"max_age": "0"}):
        asked = int(time.time())
        page = party.ask(**wish).url
        assert page.startswith("/account/reauthenticate/?next="), wish
        # Not by coming back without a proof, nor by a proof of before the request.
        assert party.browser.get(party.address).url == page
        assert party.browser.post(page, {"password": "wrong wrong wrong"}).status_code == 200
        assert party.browser.get(party.address).url == page
        assert party.browser.post(page, {"password": PASSWORD}).url == party.address
        assert told_at(party)["auth_time"] >= asked
        # Sent again, the same request asks again.
        assert party.browser.get(party.address).url == page
    assert party.came_back(party.ask(prompt="none", max_age="0"))["error"] == "login_required"
    # Who has a second factor proves himself by that: the password alone is no new sign-in, and is not told as one.
    Authenticator.objects.create(user=cast.claire, type=Authenticator.Type.TOTP, data={})
    session = party.browser.session
    session["account_authentication_methods"] += [{"method": "mfa", "type": "totp", "at": time.time() - 300}]
    session.save()
    assert party.ask(prompt="login").url.startswith("/account/2fa/reauthenticate/?next=")
    session = party.browser.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time()}]
    session.save()
    assert party.browser.get(party.address).url.startswith("/account/2fa/reauthenticate/?next=")
    # A stranger signs in once, not twice.
    visitor = Client()
    stranger = RelyingParty(party.id, party.secret, visitor)
    page = stranger.ask(prompt="login").url
    Authenticator.objects.all().delete()
    visitor.post(page, {"login": cast.claire.email, "password": PASSWORD, "next": stranger.address})
    assert told_at(stranger)["auth_time"] >= asked


def test_who_has_no_password_signs_in_anew_from_the_beginning(cast, client):
    _site, party, _code = agreed(cast, client)
    cast.claire.refresh_from_db()
    cast.claire.set_unusable_password()
    cast.claire.save()
    party.browser.force_login(cast.claire)
    page = party.ask(prompt="login")
    assert "Sign in again" in page.content.decode(), "an address that a site wrote ends no session by itself"
    assert party.browser.get("/account/profile/").status_code == 200
    assert party.came_back(party.browser.post(party.address, {"answer": "no"}))["error"] == "login_required"
    assert party.browser.get("/account/profile/").status_code == 200
    answer = party.browser.post(party.address, {"answer": "again"})
    assert answer.url.startswith("/account/login/?next=")
    assert party.browser.get("/account/profile/").status_code == 302
    party.browser.force_login(cast.claire)
    session = party.browser.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session.save()
    assert "code" in party.came_back(party.browser.get(party.address))


@pytest.fixture
def receiver():
    """A site's server that takes logout tokens, as a site must: `answers` are the statuses that it gives in turn."""
    heard, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append((self.path, self.headers["Content-Type"], parse_qs(body)))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.heard, server.answers = heard, answers
    yield server
    server.shutdown()
    server.server_close()


def run_waiting():
    """Run the jobs that tell sites, each once; returns how many there were."""
    jobs = ProcrastinateJob.objects.filter(task_name="federation.tell_site", status="todo")
    numbers = [job.args["entry_id"] for job in jobs]
    ProcrastinateJob.objects.filter(pk__in=[job.pk for job in jobs]).update(status="succeeded")
    for number in numbers:
        tasks.tell_site(number)
    return len(numbers)


def read_word(party, heard):
    """The claims of the last word, checked as a site must check it: type, signature, audience, event, no nonce."""
    path, kind, form = heard[-1]
    assert (path, kind) == ("/signed-out", "application/x-www-form-urlencoded")
    (token,) = form["logout_token"]
    head = jwt.get_unverified_header(token)
    keys = {key["kid"]: key for key in party.server.get("/identity/keys").json()["keys"]}
    claims = jwt.decode(
        token, jwt.PyJWK(keys[head["kid"]]), algorithms=["RS256"], audience=party.id, issuer=party.about["issuer"]
    )
    assert (head["typ"], claims["events"], "nonce" in claims) == ("logout+jwt", {EVENT: {}}, False)
    assert claims["exp"] - claims["iat"] == 120
    return claims


def test_sites_are_told_when_somebody_signs_out(cast, client, receiver):
    address = f"http://127.0.0.1:{receiver.server_port}/signed-out"
    site, party, code = agreed(cast, client, logout_uri=address)
    assert party.about["backchannel_logout_supported"] is party.about["backchannel_logout_session_supported"] is True
    first = party.read(party.exchange(code).json()["id_token"])
    again = party.read(party.exchange(party.came_back(party.ask())["code"]).json()["id_token"])
    assert first["sid"] == again["sid"], "the same session of ours"
    other = RelyingParty(party.id, party.secret, enter(cast.claire))
    elsewhere = other.read(other.exchange(other.came_back(other.ask())["code"]).json()["id_token"])
    assert (elsewhere["sub"], elsewhere["sid"] == first["sid"]) == (first["sub"], False)

    # Signing out: that session alone, and a code that waits is dead. The site is away at first.
    waiting = party.came_back(party.ask())["code"]
    party.browser.post("/account/logout/")
    assert party.exchange(waiting).json()["error"] == "invalid_grant"
    receiver.answers.append(503)
    with pytest.raises(actions.NotTold):
        run_waiting()
    client.force_login(cast.admin)
    page = client.get(reverse("federation:change_site", args=[site.pk])).content.decode()
    assert "The site answered: " in page
    assert "503" in page.partition("The site answered: ")[2][:40]
    tasks.tell_site(SiteSession.objects.exclude(ended_at=None).get().pk)
    claims = read_word(party, receiver.heard)
    assert (claims["sid"], claims["sub"]) == (first["sid"], first["sub"])
    assert [trail(f"federation.{verb}").count() for verb in ("site_not_told", "site_told")] == [1, 1]
    tasks.tell_site(SiteSession.objects.exclude(ended_at=None).get().pk)
    assert len(receiver.heard) == 2, "told once"
    assert "The site answered: " not in client.get(reverse("federation:change_site", args=[site.pk])).content.decode()
    assert other.browser.get("/account/profile/").status_code == 200

    # A session revoked by its owner from another browser, and one that nobody came back to.
    third = enter(cast.claire)
    session = UserSession.objects.exclude(session_key=third.session.session_key).get(user=cast.claire)
    assert third.post(reverse("accounts:end_session", args=[session.pk])).status_code == 302
    assert run_waiting() == 1
    assert read_word(party, receiver.heard)["sid"] == elsewhere["sid"]
    party.browser = third
    late = party.read(party.exchange(party.came_back(party.ask())["code"]).json()["id_token"])
    UserSession.objects.filter(user=cast.claire).update(last_seen_at=timezone.now() - timezone.timedelta(days=4))
    tasks.forget_tokens(0)
    assert run_waiting() == 1
    assert read_word(party, receiver.heard)["sid"] == late["sid"]

    assert actions.begin_site_session(site=site, user=cast.tom, session_key=third.session.session_key) is None
    # A closed account; a site that was switched off is told nothing.
    party.came_back(party.ask())
    accounts.deactivate_user(user=cast.claire, by=cast.admin)
    assert run_waiting() == 1
    assert SiteSession.objects.filter(told_at=None).count() == 0
    SiteSession.objects.update(ended_at=timezone.now() - timezone.timedelta(days=31))
    tasks.forget_tokens(0)
    assert not SiteSession.objects.exists()


def test_a_taken_back_agreement_ends_the_site_s_session(cast, client, receiver):
    address = f"http://127.0.0.1:{receiver.server_port}/signed-out"
    site, party, code = agreed(cast, client, logout_uri=address)
    subject = party.read(party.exchange(code).json()["id_token"])["sub"]
    access = site.accesses.get()
    assert party.browser.post(reverse("federation:revoke_access", args=[access.pk])).status_code == 302
    assert run_waiting() == 1
    assert read_word(party, receiver.heard)["sub"] == subject
    # Only a whole address of https, or of this machine, is taken.
    client.force_login(cast.admin)
    wrong = FORM | {"organisation": cast.council.pk, "logout_uri": "http://export.bretagne.example/out"}
    assert client.post(reverse("federation:change_site", args=[site.pk]), wrong).status_code == 422
    without = FORM | {"organisation": cast.council.pk}
    assert client.post(reverse("federation:change_site", args=[site.pk]), without).status_code == 302
    party.came_back(party.ask("yes"))
    party.browser.post("/account/logout/")
    assert run_waiting() == 0
