"""Calendars of other servers are fetched; no request leaves for an address of our own network."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from pavillon.ui import outgoing

MOST_BYTES = 5_000_000
# For everything together: names looked up, redirections, and a server that answers drop by drop.
SECONDS = 15
MOST_REDIRECTS = 3
PORTS = frozenset({80, 443})
CHUNK = 65_536


class CannotFetch(Exception):
    """The address is refused, or nothing usable came; the message says why."""


def fetch_calendar(url: str) -> bytes:
    """The text behind an address (webcal, http, https), after at most three redirections. Raises CannotFetch."""
    ends_at = time.monotonic() + SECONDS
    for _step in range(MOST_REDIRECTS + 1):
        answer, where = _ask(url, ends_at)
        if not where:
            return answer
        url = urljoin(url, where)
    raise CannotFetch(_("This address leads from one place to the next without end."))


def _left(ends_at: float) -> float:
    """Seconds that are left. Raises CannotFetch."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise CannotFetch(_("The server took longer than %(n)s seconds.") % {"n": SECONDS})
    return left


def _ask(url: str, ends_at: float) -> tuple[bytes, str]:
    """(content, "") or (b"", where to ask instead)."""
    parts = urlsplit(url.replace("webcal://", "https://", 1))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise CannotFetch(_("Write an address that begins with https:// or webcal://."))
    try:
        if parts.scheme == "http" and not settings.CALENDARS_IN_CLEAR:
            raise CannotFetch(_("Calendars are read by https only."))
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if port not in PORTS:
            raise CannotFetch(
                _("Port %(port)s is not asked: calendars are read from ports 80 and 443.") % {"port": port}
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with _connection(parts.scheme, parts.hostname, port, ends_at) as connection:
            connection.request("GET", path, headers={"Accept": "text/calendar", "User-Agent": "Pavillon agenda"})
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                return b"", response.headers.get("Location", "")
            if response.status != 200:
                raise CannotFetch(_("The server answered %(status)s.") % {"status": response.status})
            content = bytearray()
            while len(content) <= MOST_BYTES and (piece := response.read1(CHUNK)):
                content += piece
    except (OSError, http.client.HTTPException, ValueError) as error:
        _left(ends_at)
        why = outgoing.reason_of(error, parts.hostname or "")
        raise CannotFetch(_("The server could not be reached: %(why)s") % {"why": why}) from error
    # The bell looks like the end of an answer that does not tell its length.
    _left(ends_at)
    if len(content) > MOST_BYTES:
        raise CannotFetch(_("This calendar is larger than %(n)s MB.") % {"n": MOST_BYTES // 1_000_000})
    return bytes(content), ""


@contextmanager
def _connection(scheme: str, host: str, port: int, ends_at: float) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when the time is over, in the middle of a handshake or of a line."""
    try:
        wire = outgoing.connect(host, port, timeout=_left(ends_at))
    except outgoing.CannotLeave as error:
        raise CannotFetch(str(error)) from error
    number = wire.dup()
    bell = threading.Timer(_left(ends_at), number.shutdown, [socket.SHUT_RDWR])
    bell.daemon = True
    bell.start()
    connection = http.client.HTTPConnection(host, port)
    try:
        if scheme == "https":
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        connection.sock = wire
        yield connection
    finally:
        bell.cancel()
        connection.close()
        wire.close()
        number.close()
