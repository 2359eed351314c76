"""Sessions end with their time and in another's hands; stolen and decorated passwords are refused."""

import hashlib
import time
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts import actions, passwords, queries
from pavillon.accounts.tests.factories import PASSWORD
from pavillon.accounts.tests.test_sign_in import FIREFOX, IPHONE

ANDROID = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
AS_DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()
    yield
    cache.clear()


def enter(user, agent=FIREFOX, password=PASSWORD):
    browser = Client(headers={"accept-language": "en", "user-agent": agent})
    assert browser.post("/account/login/", {"login": user.email, "password": password}).status_code == 302
    return browser


def put_back(browser, **seconds):
    """As if so many seconds had gone by."""
    session = browser.session
    for name, amount in seconds.items():
        session[name] -= amount
    session.save()


def is_in(browser):
    return browser.get("/account/profile/").status_code == 200


@pytest.mark.covers("SEC-14")
def test_a_session_ends_with_its_time(cast, settings):
    browser = enter(cast.nour)
    put_back(browser, used_at=settings.SESSION_IDLE - 60)
    assert is_in(browser), "used again in time: it begins anew"
    assert browser.session[queries.USED_AT] > time.time() - 60
    put_back(browser, used_at=settings.SESSION_IDLE + 1)
    answer = browser.get("/account/profile/")
    assert answer.url.startswith("/account/login/?next=")
    assert "Your session was over" in browser.get(answer.url).content.decode()
    assert not UserSession.objects.filter(user=cast.nour).exists()
    entry = apps.get_model("activity.Entry").objects.filter(verb="accounts.session_ended").latest("pk")
    assert entry.facts["reason"] == "age"
    # However busy somebody is, it ends one day.
    browser = enter(cast.nour)
    put_back(browser, entered_at=settings.SESSION_LONGEST + 1)
    assert not is_in(browser)
    # Roles that open other people's data by the whole: after two hours without use, after twelve in any case.
    for who, left in ((cast.nour, True), (cast.security, False)):
        for name, amount in (("used_at", "OFFICERS_SESSION_IDLE"), ("entered_at", "OFFICERS_SESSION_LONGEST")):
            browser = enter(who)
            put_back(browser, **{name: getattr(settings, amount) + 1})
            assert is_in(browser) is left, (who, name)


@pytest.mark.covers("SEC-14")
def test_one_browser_too_many_signs_out_the_one_used_longest_ago(cast, settings):
    settings.SESSIONS_AT_ONCE = 3
    first, second, third = (enter(cast.nour) for _n in range(3))
    seen = {first: 5, second: 90, third: 30}
    for browser, minutes in seen.items():
        key = browser.cookies["sessionid"].value
        UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now() - timedelta(minutes=minutes))
    fourth = enter(cast.nour)
    assert [is_in(browser) for browser in (first, second, third, fourth)] == [True, False, True, True]
    entry = apps.get_model("activity.Entry").objects.filter(verb="accounts.session_ended").latest("pk")
    assert entry.facts["reason"] == "number"


@pytest.mark.covers("SEC-14")
def test_a_session_opens_nothing_in_another_browser(cast):
    browser = enter(cast.nour, ANDROID)
    # What a phone does by itself: a newer version, the site asked as a computer would.
    browser.defaults["HTTP_USER_AGENT"] = AS_DESKTOP
    assert is_in(browser)
    for other in (FIREFOX, IPHONE, "curl/8.14", ""):
        thief, browser = Client(), enter(cast.nour, ANDROID)
        thief.cookies["sessionid"] = browser.cookies["sessionid"].value
        assert thief.get("/account/profile/", headers={"user-agent": other}).status_code == 302, other
        assert not is_in(browser), "the cookie is in two hands: it ends for both"


@pytest.mark.covers("SEC-14")
def test_a_session_takes_another_number_when_it_opens_more(cast):
    second = actions.add_membership(user=cast.nour, organisation=cast.other, role="adviser", by=cast.tess, network="ci")
    browser = enter(cast.nour)
    before = browser.cookies["sessionid"].value
    browser.post(reverse("accounts:switch_membership", args=[second.pk]))
    after = browser.cookies["sessionid"].value
    assert before != after
    assert list(UserSession.objects.filter(user=cast.nour).values_list("session_key", flat=True)) == [after]
    thief = Client(headers={"user-agent": FIREFOX})
    thief.cookies["sessionid"] = before
    assert not is_in(thief)
    assert is_in(browser)


@pytest.mark.parametrize(
    ("password", "is_refused"),
    [
        ("Password-2026!", True),
        ("P@ssw0rd12345", True),
        ("motdepasse2026", True),
        ("***Azertyuiop123", True),
        ("bonjourbonjour12", True),
        ("b.o.n.j.o.u.r.2.6", True),
        ("une-porte-bleue-42", False),
        ("Cap-sur-export-2026", False),
        ("quatre chevaux verts", False),
        # What a stranger sends without an end is no word, and costs nothing.
        pytest.param("a" + "1" * 1_000_000 + "a", False, id="endless"),
    ],
)
def test_a_common_word_stays_one_in_any_decoration(password, is_refused):
    try:
        passwords.DecoratedPasswordValidator().validate(password)
        refused = False
    except ValidationError as error:
        refused = error.code == "decorated"
    assert refused is is_refused


def test_stolen_passwords_are_found_in_the_file_of_the_operator(cast, client, settings, tmp_path):
    """No request leaves the machine: the file is searched where it lies."""
    stolen = [f"geheim-{number}-wort" for number in range(2000)]
    hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in [*stolen, PASSWORD])
    file = tmp_path / "stolen.txt"
    file.write_text("".join(f"{digest}:{number}\r\n" for number, digest in enumerate(hashes)))
    assert not passwords.is_breached(PASSWORD), "no file, no answer"
    settings.BREACHED_PASSWORDS = str(file)
    assert all(passwords.is_breached(word) for word in [*stolen, PASSWORD])
    assert not any(passwords.is_breached(f"{word}!") for word in stolen)
    # Who has one still comes in, and is told at once; it cannot be chosen again.
    browser = enter(cast.nour)
    page = browser.get("/account/profile/").content.decode()
    assert "being tried everywhere" in page
    assert reverse("account_change_password") in page
    assert apps.get_model("activity.Entry").objects.filter(verb="accounts.breached_password_met").count() == 1
    change = {"oldpassword": PASSWORD, "password1": stolen[7], "password2": stolen[7]}
    answer = browser.post(reverse("account_change_password"), change)
    assert answer.status_code == 200
    assert "stolen somewhere" in answer.content.decode()
    # A file that is away keeps nobody from working; an empty one holds nothing.
    for gone in (tmp_path / "away.txt", tmp_path / "empty.txt"):
        (tmp_path / "empty.txt").touch()
        settings.BREACHED_PASSWORDS = str(gone)
        assert not passwords.is_breached(PASSWORD)


def test_end_sessions_of_a_person_and_end_all_sessions(cast):
    """Security signs one out everywhere, then everybody but itself; the accounts stay open, the trail has both."""
    office, phone, other = enter(cast.nour), enter(cast.nour, IPHONE), enter(cast.theo)
    officer, admin = enter(cast.security), enter(cast.admin)
    page = officer.get(reverse("accounts:user", args=[cast.nour.pk])).content.decode()
    end = reverse("accounts:end_sessions", args=[cast.nour.pk])
    assert end in page
    assert other.post(end).status_code in (403, 404)
    assert officer.post(reverse("accounts:end_sessions", args=[cast.security.pk])).status_code == 403
    assert officer.post(end).status_code == 302
    opened = {one: one.get("/account/profile/").status_code for one in (office, phone, other)}
    assert [*opened.values()] == [302, 302, 200]
    again = enter(cast.nour)
    everybody = reverse("accounts:end_all_sessions")
    assert everybody in officer.get(reverse("accounts:people")).content.decode()
    assert everybody not in again.get(reverse("accounts:people")).content.decode()
    assert again.post(everybody).status_code == 403
    assert officer.post(everybody).status_code == 302
    assert [one.get("/account/profile/").status_code for one in (again, other, admin, officer)] == [302, 302, 302, 200]
    trail = apps.get_model("activity.Entry").objects
    ended = trail.filter(verb__in=["accounts.sessions_ended", "accounts.all_sessions_ended"]).order_by("pk")
    assert [(line.actor, line.facts["sessions"]) for line in ended] == [(cast.security, 2), (cast.security, 3)]
    # What is listed of them goes with the job, which tells the sites that rest on them.
    assert actions.end_left_sessions() == 3
    assert UserSession.objects.get().user == cast.security
