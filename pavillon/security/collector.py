"""The collector of logs on another machine: syslog messages (RFC 5424) over TLS, octet-counted (RFC 5425).

Only the operator names it, so it is reached by its own settings (`LOG_COLLECTOR`), as the key service is.
"""

import json
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC
from urllib.parse import urlsplit

from django.conf import settings

from pavillon.security.models import ChainedLog

PATIENCE = 20.0
PORT = 6514
# Facility 13 (log audit), severity 5 (notice).
PRIORITY = 13 * 8 + 5


class NotTaken(Exception):
    """The collector did not take the lines; the message says why. Whether it kept some of them is not known."""


def place() -> str:
    """ "host:port" of the collector, "" when none is named."""
    where = urlsplit(settings.LOG_COLLECTOR["url"])
    try:
        return f"{where.hostname}:{where.port or PORT}" if where.hostname else ""
    except ValueError:
        # A port that is none: sending says so, and pages that name the place stay.
        return where.netloc


def message(line: ChainedLog) -> bytes:
    """One sealed line as a message of RFC 5424, in ASCII.

    Its text is JSON: `log`, `sequence`, `mac` and `chain` (hex), and `line`, the content exactly as it was signed: who
    has the log's key can verify it there, and anybody that chain = SHA-256(chain before ‖ mac).
    """
    read = line.as_line()
    moment = read.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    told = {
        "log": line._meta.label_lower,
        "sequence": line.sequence,
        "mac": bytes(line.mac).hex(),
        "chain": bytes(line.chain or b"").hex(),
        "line": line.signed_content(),
    }
    here = urlsplit(settings.BASE_URL).hostname or "-"
    head = f"<{PRIORITY}>1 {moment} {here} pavillon - {line._meta.label_lower[:32]} - "
    return head.encode() + json.dumps(told, sort_keys=True).encode("ascii")


def send(messages: Iterable[bytes]) -> None:
    """Send messages over one connection. Raises NotTaken.

    Syslog has no word of receipt. Ours is the end of the connection: we say that we are done (close_notify) and wait
    until the other side closes too. A side that still had something to read would break the connection off instead.
    """
    where = urlsplit(settings.LOG_COLLECTOR["url"])
    try:
        if where.scheme != "tls" or not where.hostname:
            raise NotTaken(f"{settings.LOG_COLLECTOR['url']!r} is no address of a collector: tls://host:port")
        with (
            socket.create_connection((where.hostname, where.port or PORT), timeout=PATIENCE) as wire,
            _tls().wrap_socket(wire, server_hostname=where.hostname) as line,
        ):
            for each in messages:
                line.sendall(f"{len(each)} ".encode() + each)
            _wait_for_the_end(line)
    except (OSError, ValueError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}"[:300]) from error


def _tls() -> ssl.SSLContext:
    told = settings.LOG_COLLECTOR
    tls = ssl.create_default_context(cafile=told["authority"] or None)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    if told["certificate"]:
        tls.load_cert_chain(told["certificate"], told["private_key"] or None)
    return tls


def _wait_for_the_end(line: ssl.SSLSocket) -> None:
    try:
        line.unwrap()
    except ssl.SSLEOFError:
        # Closed in order, without a word of its own: what it had been sent was read, else the system would break off.
        return
