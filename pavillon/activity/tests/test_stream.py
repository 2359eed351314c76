"""The stream lets hints through to those they concern, and to nobody else."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.activity import stream
from pavillon.activity.actions import wake

pytestmark = pytest.mark.django_db(transaction=True)


def person(name, organisation=None, role=Role.ADVISER):
    user = User.objects.create_user(f"{name}@pavillon.example", first_name=name, last_name="Test")
    if organisation:
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def cookie_of(user):
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Tab:
    """A browser tab on the stream."""

    def __init__(self, live, cookie, host="localhost"):
        self.sent, self.gone, self.status = [], asyncio.Event(), None
        headers = [(b"cookie", cookie.encode()), (b"host", host.encode())]
        scope = {"type": "http", "path": "/live/", "headers": headers}
        self.task = asyncio.create_task(live(scope, self.receive, self.send))

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            self.sent.append(message["body"].decode())

    def hints(self):
        return [json.loads(text[6:]) for text in self.sent if text.startswith("data: ")]

    async def until(self, condition):
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            if condition(self):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"status {self.status}, sent {self.sent}")

    async def close(self):
        self.gone.set()
        await asyncio.wait_for(self.task, 60)


@sync_to_async
def tell(*args, **kwargs):
    with transaction.atomic():
        wake(*args, **kwargs)
    connection.close()


def run(story):
    """In a thread of its own: a browser of other tests may keep an event loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(lambda: asyncio.run(asyncio.wait_for(story(), 120))).result()


@pytest.fixture
def chamber():
    return Organisation.objects.create(name="CCI Test", kind=Kind.CHAMBER, level="national")


@pytest.fixture
def agency():
    return Organisation.objects.create(name="Agency Test", kind=Kind.AGENCY, level="national")


def test_a_hint_reaches_its_people_and_its_audience_only(chamber, agency):
    cookies = [cookie_of(person("helene", chamber)), cookie_of(person("alice", agency))]
    helene_id = User.objects.get(first_name="helene").pk

    async def story():
        live = stream.LiveStream()
        helene, alice = (Tab(live, cookie) for cookie in cookies)
        await helene.until(lambda tab: tab.status == 200)
        await alice.until(lambda tab: tab.status == 200)
        await tell("crm.lead", people=[helene_id], lead=12)
        await tell("reporting.figures", audience="agency")
        await tell("end", audience="team")
        for tab in (helene, alice):
            await tab.until(lambda tab: any(h["topic"] == "end" for h in tab.hints()))
        assert {"topic": "crm.lead", "lead": 12} in helene.hints()
        assert "reporting.figures" not in [h["topic"] for h in helene.hints()]
        assert [h["topic"] for h in alice.hints() if h["topic"] != "end"] == ["reporting.figures"]
        await helene.close()
        await alice.close()
        assert live.lines == set()
        live.ear.cancel()

    run(story)


def test_a_busy_topic_arrives_once_now_and_once_at_the_end_of_the_second(chamber):
    cookie = cookie_of(person("helene", chamber))

    async def story():
        live = stream.LiveStream()
        tab = Tab(live, cookie)
        await tab.until(lambda tab: tab.status == 200)
        started = time.monotonic()
        for _time in range(50):
            await tell("reporting.figures", audience="team")
        # A machine that needs seconds to tell it fifty times brings one more for each of them.
        told_in = time.monotonic() - started
        await tab.until(lambda tab: len(tab.hints()) >= 2)
        await asyncio.sleep(0.3 + min(int(told_in), 1))
        seconds = int(time.monotonic() - started)
        assert {h["topic"] for h in tab.hints()} == {"reporting.figures"}
        assert 2 <= len(tab.hints()) <= 1 + seconds
        await tab.close()
        live.ear.cancel()

    run(story)


def test_without_a_valid_session_nobody_listens(chamber):
    suspended = person("suspended", chamber)
    cookie = cookie_of(suspended)
    User.objects.filter(pk=suspended.pk).update(is_active=False)

    async def story():
        live = stream.LiveStream()
        for value in ("", "sessionid=made-up", cookie):
            tab = Tab(live, value)
            await tab.until(lambda tab: tab.status == 401)

    run(story)


@pytest.mark.covers("SEC-14")
def test_without_the_second_factor_that_a_role_demands_nobody_listens(agency, settings):
    """The stream is refused to an officer who gave a password only, and open once a code generator is there."""
    settings.REQUIRE_MFA = True
    nora = person("nora", agency, Role.SECURITY_OFFICER)
    cookie = cookie_of(nora)

    def answered(status):
        async def story():
            live = stream.LiveStream()
            tab = Tab(live, cookie)
            await tab.until(lambda tab: tab.status == status)
            await tab.close()
            if live.ear:
                live.ear.cancel()

        run(story)

    answered(401)
    Authenticator.objects.create(user=nora, type=Authenticator.Type.TOTP, data={})
    answered(200)


def test_a_foreign_host_name_is_refused_as_on_pages(chamber, settings):
    settings.ALLOWED_HOSTS = ["pavillon.example"]
    cookie = cookie_of(person("helene", chamber))

    async def story():
        live = stream.LiveStream()
        foreign, ours = Tab(live, cookie, "evil.example"), Tab(live, cookie, "pavillon.example:8000")
        await foreign.until(lambda tab: tab.status == 400)
        await ours.until(lambda tab: tab.status == 200)
        await ours.close()
        live.ear.cancel()

    run(story)


def test_the_stream_reaches_the_database_as_the_pages_do(monkeypatch):
    """TLS and all else that DATABASE_URL asks for; not what only Django understands."""
    asked = {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/db.pem", "pool": {}, "isolation_level": 1}
    own = settings.DATABASES["default"]
    monkeypatch.setitem(own, "OPTIONS", own["OPTIONS"] | asked)
    found = stream._connection_parameters()
    assert found["sslmode"] == "verify-full"
    assert found["sslrootcert"] == "/etc/ssl/db.pem"
    assert not {"pool", "isolation_level"} & set(found)


def test_a_revoked_session_is_cut_off(chamber, monkeypatch):
    monkeypatch.setattr(stream, "RECHECK", 0.2)
    user = person("helene", chamber)
    cookie = cookie_of(user)

    async def story():
        live = stream.LiveStream()
        tab = Tab(live, cookie)
        await tab.until(lambda tab: tab.status == 200)
        from django.contrib.sessions.models import Session

        await sync_to_async(lambda: (Session.objects.all().delete(), connection.close()))()
        await asyncio.wait_for(tab.task, 60)
        live.ear.cancel()

    run(story)


def test_the_stream_asks_of_a_session_what_a_page_asks(chamber):
    """Its time, its family of browsers, and the proof that security asked for."""
    user = person("helene", chamber)
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    now = timezone.now().timestamp()

    def hears(agent="Mozilla/5.0 Firefox/140.0", **kept):
        session = client.session
        session.update({"entered_at": now - 60, "used_at": now - 60, "browser": "Firefox"} | kept)
        session.save()
        return stream.listener_of(cookie, agent) is not None

    assert hears()
    assert not hears("Mozilla/5.0 Chrome/150.0")
    assert not hears(entered_at=now - settings.SESSION_LONGEST - 60)
    assert not hears(used_at=now - settings.SESSION_IDLE - 60, entered_at=now - settings.SESSION_IDLE - 60)
    User.objects.filter(pk=user.pk).update(prove_after=timezone.now())
    assert not hears()
    proofs = [{"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}]
    assert hears(account_authentication_methods=proofs)


def test_hints_of_a_rolled_back_transaction_never_leave(chamber):
    cookie = cookie_of(person("helene", chamber))

    @sync_to_async
    def fail():
        with transaction.atomic():
            wake("crm.lead", audience="team")
            transaction.set_rollback(True)
        connection.close()

    async def story():
        live = stream.LiveStream()
        tab = Tab(live, cookie)
        await tab.until(lambda tab: tab.status == 200)
        await fail()
        await tell("end", audience="team")
        await tab.until(lambda tab: tab.hints())
        assert [h["topic"] for h in tab.hints()] == ["end"]
        await tab.close()
        live.ear.cancel()

    run(story)
