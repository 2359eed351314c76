"""What strangers send to pages is counted, by address and by person, and the answer says how long to wait."""

import re
from datetime import timedelta
from pathlib import Path

import allauth
import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts import actions
from pavillon.accounts.models import Attempts
from pavillon.accounts.tasks import send_waiting_letter
from pavillon.accounts.tests import factories
from pavillon.ui.limits import Rate

pytestmark = pytest.mark.django_db
RESET = "/account/password/reset/"


@pytest.fixture(autouse=True)
def words():
    with translation.override("en"):
        yield


def at(moment, monkeypatch):
    monkeypatch.setattr("pavillon.accounts.actions.limits.timezone.now", lambda: moment)


def test_a_rate_takes_so_many_at_once_then_one_by_one(monkeypatch):
    now, rate = timezone.now(), Rate.read("6/h")
    at(now, monkeypatch)

    def spend():
        return actions.spend_attempt(what="page", who="somebody", rate=rate)

    assert [spend() for _ in range(6)] == [None] * 6
    assert spend() == timedelta(minutes=10)
    assert spend() == timedelta(minutes=10), "a refused try costs nothing"
    at(now + timedelta(minutes=10), monkeypatch)
    assert spend() is None
    assert spend() is not None
    assert actions.spend_attempt(what="page", who="another", rate=rate) is None
    assert actions.spend_attempt(what="other page", who="somebody", rate=rate) is None


@pytest.mark.parametrize("wrong", ["10", "0/h", "10/s", "ten/h", "10/h/ip"])
def test_a_rate_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(ValueError, match="no rate"):
        Rate.read(wrong)


def test_counts_that_hold_nobody_back_are_forgotten(monkeypatch):
    now = timezone.now()
    at(now, monkeypatch)
    actions.spend_attempt(what="page", who="somebody", rate=Rate.read("6/h"))
    assert actions.forget_attempts() == 0
    at(now + timedelta(minutes=11), monkeypatch)
    assert actions.forget_attempts() == 1
    assert not Attempts.objects.exists()


def test_a_reset_is_asked_so_often_for_one_address_and_no_more(client, settings):
    """The seventh request within an hour: a page that says what to do, whether the address is known or not."""
    factories.person("Claire", email="claire@example.test")
    for email in ("claire@example.test", "nobody@example.test"):
        answers = [client.post(RESET, {"email": f" {email.upper()}"}).status_code for _ in range(6)]
        assert 429 not in answers
        refused = client.post(RESET, {"email": email}, headers={"accept-language": "en"})
        assert refused.status_code == 429
        assert re.search(r"Wait \d+ minutes?, then go back", refused.content.decode())
        assert 0 < int(refused.headers["Retry-After"]) <= 600
    # One address of the network goes on with other people's addresses, until its own count is reached.
    assert client.post(RESET, {"email": "another@example.test"}).status_code != 429


def test_the_count_of_an_address_is_shared_by_every_browser_behind_it(settings):
    for number in range(60):
        Client().post(RESET, {"email": f"person{number}@example.test"})
    assert Client().post(RESET, {"email": "somebody@example.test"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post(RESET, {"email": "somebody@example.test"}).status_code != 429


def test_one_household_of_ipv6_counts_once(settings):
    for number in range(60):
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").post(RESET, {"email": f"person{number}@example.test"})
    assert Client(REMOTE_ADDR="2001:db8:1:2::ffff").post(RESET, {"email": "x@example.test"}).status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post(RESET, {"email": "x@example.test"}).status_code != 429


def test_wrong_passwords_for_ever_new_addresses_reach_the_limit(client, settings):
    """The suspension of one address never comes, the limit of the network's address does."""
    settings.LIMITS = {**settings.LIMITS, "account_login": ("6/h", "6/h")}
    tried = [{"login": f"p{n}@example.test", "password": "wrong"} for n in range(7)]
    assert [client.post("/account/login/", each).status_code for each in tried] == [200] * 6 + [429]


def test_a_page_that_forgot_its_limit_has_the_one_of_all(client, settings):
    settings.STRANGERS_LIMIT = ("4/h", "4/h")
    pages = [reverse("accounts:suspended"), "/fr/regions/"] * 3
    assert [client.post(page).status_code == 429 for page in pages] == [False] * 4 + [True] * 2


def test_who_signed_in_is_counted_by_name_only_where_a_page_says_so(client):
    """Thirty advisers behind one address do not wait for each other."""
    person = factories.person("Helene")
    client.force_login(person)
    assert not Attempts.objects.exists()
    client.post(reverse("accounts:change_profile"), {})
    assert not Attempts.objects.exists()


def test_nobody_can_be_read_from_the_counts(client):
    client.post(RESET, {"email": "claire@example.test"})
    kept = " ".join(Attempts.objects.values_list("key", flat=True))
    assert Attempts.objects.count() == 2
    assert "claire" not in kept
    assert "127.0.0.1" not in kept


def test_the_same_answer_whether_an_address_has_an_account_or_not(client):
    """The page says the same; the letter to the address tells its owner, in his own language."""
    person = factories.person("Yves", email="yves@example.test")
    person.language = "fr"
    person.save()
    known = client.post(RESET, {"email": "yves@example.test"}, follow=True)
    unknown = Client().post(RESET, {"email": "nobody@example.test"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain

    def words(page):
        return re.sub(r"\w{64}", "", page.content.decode())  # what protects its form differs each time

    assert words(known) == words(unknown)
    to_yves, to_nobody = mail.outbox[-2:]
    assert (to_yves.to, to_yves.subject) == (["yves@example.test"], "Choisir un nouveau mot de passe")
    assert "Ce lien permet de le choisir" in to_yves.body
    assert re.search(r"http://localhost\S*/account/password/reset/key/", to_yves.body) or "/reset/key/" in to_yves.body
    assert to_nobody.subject == "Aucun compte avec cette adresse"


def library_letters():
    """Every letter that the library may send, from its own templates."""
    folder = Path(allauth.__file__).parent / "templates"
    return sorted({path.name.removesuffix("_message.txt") for path in folder.glob("*/email/*_message.txt")} - {"base"})


# Sent only where the settings ask for codes that they do not ask for here.
NEVER_SENT = {"login_code", "password_reset_code"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("letter", sorted(set(library_letters()) - NEVER_SENT))
def test_every_letter_of_the_library_is_in_our_words(rf, letter, language):
    from allauth.account.adapter import get_adapter
    from allauth.core.context import request_context

    person = factories.person("Lea", email="lea@example.test")
    person.language = language
    person.save()
    request = rf.get("/")
    told = {
        "code": "ABCD-EFGH",
        "password_reset_url": "https://pavillon.example/reset/",
        "timestamp": timezone.now(),
        "ip": "198.51.100.7",
        "user_agent": "Firefox",
        "provider": "ProConnect",
        "from_email": "old@example.test",
        "to_email": "new@example.test",
        "deleted_email": "old@example.test",
        "sign_in_url": "https://pavillon.example/in/",
    }
    with request_context(request):
        get_adapter(request).send_mail(f"account/email/{letter}", "lea@example.test", told)
    sent = mail.outbox[-1]
    assert sent.subject
    assert "example.com" not in sent.body
    assert sent.body.startswith("Bonjour Lea" if language == "fr" else "Hello Lea"), sent.body
    assert not re.search(r"\n{4,}|&#|\{\{", sent.body), sent.body


def test_a_mail_server_that_is_away_costs_nobody_his_letter(client, settings):
    """The page answers as ever; the letter waits sealed in the queue, and leaves when the server is back."""
    factories.person("Yves", email="yves@example.test")
    kept = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert client.post(RESET, {"email": "yves@example.test"}).status_code == 302
    (job,) = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="accounts.send_waiting_letter")
    assert "yves" not in str(job.args)
    with pytest.raises(OSError, match="refused"):
        send_waiting_letter(**job.args)
    settings.EMAIL_BACKEND = kept
    send_waiting_letter(**job.args)
    assert mail.outbox[-1].to == ["yves@example.test"]
    assert "/account/password/reset/key/" in mail.outbox[-1].body
