"""The live stream to browsers: server-sent events over one LISTEN connection a process.

A message is a hint ("something of topic X changed"), never business content: the page then fetches its own
fragment through the usual permissions. Who gets which hint is decided here from the person's memberships.
"""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections, connection
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from pavillon.ui.browsers import headers_of_streams

log = logging.getLogger("pavillon.live")

CHANNEL = "pavillon_live"
# Seconds. A topic that fires a thousand times a second reaches a browser once a second.
PACE = 1.0
# Seconds. A revoked session or an ended membership is noticed at the next of these at the latest.
RECHECK = 20.0
QUEUE = 100
DJANGO_OPTIONS = frozenset({"pool", "isolation_level", "assume_role", "server_side_binding"})

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Listener:
    """Who listens: the person and the groups whose hints concern him."""

    user: int
    audiences: frozenset[str]


@dataclass(eq=False)
class Line:
    """One open browser tab."""

    listener: Listener
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    sent: dict[str, float] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)

    def concerns(self, message: dict[str, Any]) -> bool:
        return self.listener.user in message["people"] or message["audience"] in self.listener.audiences

    def offer(self, message: dict[str, Any]) -> None:
        """Queue a hint now, or once at the end of the topic's second."""
        topic = message["topic"]
        wait = self.sent.get(topic, 0) + PACE - time.monotonic()
        if message["people"] or wait <= 0:
            self._put(message)
        elif topic not in self.held:
            self.held.add(topic)
            asyncio.get_running_loop().call_later(wait, self._release, message)

    def _release(self, message: dict[str, Any]) -> None:
        self.held.discard(message["topic"])
        self._put(message)

    def _put(self, message: dict[str, Any]) -> None:
        self.sent[message["topic"]] = time.monotonic()
        text = json.dumps({"topic": message["topic"], **message["hint"]})
        try:
            self.queue.put_nowait(text)
        except asyncio.QueueFull:
            # A browser that stopped reading misses hints; it is told to fetch everything when it wakes up.
            self.queue.get_nowait()
            self.queue.put_nowait(json.dumps({"topic": "reconnected"}))


def listener_of(cookie: str, user_agent: str) -> Listener | None:
    """The person behind a session cookie, or None: the same checks as a page, made outside a request."""
    from pavillon.accounts.models import User
    from pavillon.accounts.queries import ACTING, lacks_second_factor, last_proof, why_over

    morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    if not morsel:
        return None
    close_old_connections()
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
        backend, number, digest = (session.get(k) for k in (BACKEND_SESSION_KEY, SESSION_KEY, HASH_SESSION_KEY))
        person = User.objects.filter(pk=number, is_active=True).first() if number and backend else None
        if person is None or not constant_time_compare(digest or "", person.get_session_auth_hash()):
            return None
        if person.suspended_until and person.suspended_until > timezone.now():
            return None
        if person.prove_after and ((proof := last_proof(session)) is None or proof < person.prove_after):
            return None
        memberships = person.memberships.current().select_related("organisation")
        chosen = memberships.filter(pk=session.get(ACTING) or 0).first() or person.acting
        person.acting = chosen
        if why_over(session, person, user_agent):
            return None
        if lacks_second_factor(person):
            return None
        return Listener(person.pk, frozenset(_audiences(person)))
    finally:
        connection.close()


def _audiences(person: Any) -> Iterable[str]:
    """Names of the groups: team, kind of organisation, organisation, region, role."""
    if person.organisation is None:
        return
    yield f"organisation:{person.organisation.pk}"
    yield f"role:{person.role}"
    if person.is_team:
        yield "team"
        yield person.organisation.kind
        if person.region_id:
            yield f"region:{person.region_id}"


class LiveStream:
    """ASGI application of `/live/`. One instance a process; it opens its LISTEN connection with the first tab."""

    def __init__(self) -> None:
        self.lines: set[Line] = set()
        self.ear: asyncio.Task[None] | None = None
        self.hearing = asyncio.Event()

    async def lifespan(self, receive: Receive, send: Send) -> None:
        """Close the ear when the server stops."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and self.ear:
                self.ear.cancel()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if not _host_is_ours(headers.get(b"host", b"").decode("latin-1")):
            await _answer(send, 400)
            return
        if settings.SECURE_SSL_REDIRECT and not _came_by_tls(scope, headers):
            await _answer(send, 403)
            return
        cookie, agent = (headers.get(name, b"").decode("latin-1") for name in (b"cookie", b"user-agent"))
        listener = await sync_to_async(listener_of, thread_sensitive=False)(cookie, agent)
        if listener is None:
            await _answer(send, 401)
            return
        line = Line(listener)
        await self._listen()
        self.lines.add(line)
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await _answer(send, 200, more=True)
            await self._serve(line, (cookie, agent), gone, send)
        finally:
            self.lines.discard(line)
            gone.cancel()

    async def _serve(self, line: Line, sent: tuple[str, str], gone: "asyncio.Future[None]", send: Send) -> None:
        """Pass hints on until the browser leaves or may no longer listen."""
        checked = time.monotonic()
        while not gone.done():
            waiting = asyncio.ensure_future(line.queue.get())
            either: set[asyncio.Future[Any]] = {waiting, gone}
            await asyncio.wait(either, timeout=RECHECK, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                text = f"data: {waiting.result()}\n\n"
            else:
                waiting.cancel()
                text = ": still here\n\n"
            if time.monotonic() - checked >= RECHECK:
                checked = time.monotonic()
                found = await sync_to_async(listener_of, thread_sensitive=False)(*sent)
                if found is None or found.user != line.listener.user:
                    break
                line.listener = found
            if not gone.done():
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})

    async def _listen(self) -> None:
        """Start the ear, and wait until PostgreSQL acknowledged LISTEN: no hint after this is missed."""
        if self.ear is None or self.ear.done():
            self.ear = asyncio.create_task(self._hear())
        await asyncio.wait_for(self.hearing.wait(), 15)

    async def _hear(self) -> None:
        wait, cut = 0.5, False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_connection_parameters(), autocommit=True) as ear:
                    await ear.execute(f"LISTEN {CHANNEL}")
                    self.hearing.set()
                    wait = 0.5
                    for line in list(self.lines) if cut else []:  # what was missed is fetched again
                        line.offer({"topic": "reconnected", "people": [], "audience": "", "hint": {}})
                    async for notice in ear.notifies():
                        self._pass_on(json.loads(notice.payload))
            except psycopg.OperationalError as error:
                cut = True
                self.hearing.clear()
                log.warning("The live stream lost its database connection (%s); next try in %.1f s", error, wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, 15)

    def _pass_on(self, message: dict[str, Any]) -> None:
        for line in list(self.lines):
            if line.concerns(message):
                line.offer(message)


def _host_is_ours(host: str) -> bool:
    """The check that Django makes for pages (ALLOWED_HOSTS)."""
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _came_by_tls(scope: dict[str, Any], headers: dict[bytes, bytes]) -> bool:
    """As Django judges pages: by the server's own word, or by that of our proxy."""
    name, wanted = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    told = headers.get(name.removeprefix("HTTP_").replace("_", "-").lower().encode(), b"").decode("latin-1")
    return scope.get("scheme") == "https" or (bool(name) and told.split(",")[0].strip() == wanted)


def _connection_parameters() -> dict[str, Any]:
    base: dict[str, Any] = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    # TLS and all else that DATABASE_URL asks for; without what only Django understands.
    asked = {name: value for name, value in base["OPTIONS"].items() if name not in DJANGO_OPTIONS}
    # The name comes from the connection: in tests it is not the one of the settings.
    return (
        asked
        | {new: base[old] for old, new in names.items() if base.get(old)}
        | {
            "dbname": connection.settings_dict["NAME"],
            "application_name": "pavillon live",
        }
    )


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, *, more: bool = False) -> None:
    told = headers_of_streams() | {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }
    headers = [(name.lower().encode(), value.encode()) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"retry: 2000\n\n" if more else b""
    await send({"type": "http.response.body", "body": body, "more_body": more})
