"""Calendars of other servers are fetched; no request leaves for an address of our own network."""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

MOST_BYTES = 5_000_000
SECONDS = 15
MOST_REDIRECTS = 3


class CannotFetch(Exception):
    """The address is refused, or nothing usable came; the message says why."""


def is_outside(address: str) -> bool:
    """Whether an address belongs to the public internet: no private, loopback, link-local or reserved one."""
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not (mapped or found).is_multicast


def fetch_calendar(url: str) -> bytes:
    """The text behind an address (webcal, http, https), after at most three redirections. Raises CannotFetch."""
    for _step in range(MOST_REDIRECTS + 1):
        answer, where = _ask(url)
        if not where:
            return answer
        url = urljoin(url, where)
    raise CannotFetch(_("This address leads from one place to the next without end."))


def _ask(url: str) -> tuple[bytes, str]:
    """(content, "") or (b"", where to ask instead)."""
    parts = urlsplit(url.replace("webcal://", "https://", 1))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise CannotFetch(_("Write an address that begins with https:// or webcal://."))
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        connection = _connect(parts.scheme, parts.hostname, port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("GET", path, headers={"Accept": "text/calendar", "User-Agent": "Pavillon agenda"})
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                return b"", response.headers.get("Location", "")
            if response.status != 200:
                raise CannotFetch(_("The server answered %(status)s.") % {"status": response.status})
            content = response.read(MOST_BYTES + 1)
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CannotFetch(_("The server could not be reached: %(why)s") % {"why": str(error)[:120]}) from error
    if len(content) > MOST_BYTES:
        raise CannotFetch(_("This calendar is larger than %(n)s MB.") % {"n": MOST_BYTES // 1_000_000})
    return content, ""


def _connect(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """A connection to an address that was looked at: a name that changes its mind meanwhile leads nowhere else."""
    found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    inside = [address for address in found if not is_outside(address)]
    if inside or not found:
        raise CannotFetch(_("“%(host)s” is an address of a private network: it is not asked.") % {"host": host})
    wire = socket.create_connection((sorted(found)[0], port), timeout=SECONDS)
    if scheme == "https":
        wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = wire
    return connection
