"""HTTPS with certificates on both sides; four questions and three orders.

    GET  /v1/state                          -> {version, versions, uses, last_use, journal}
    POST /v1/wrap    {data, context}        -> {data}      bytes in base64
    POST /v1/unwrap  {data, context}        -> {data}
    POST /v1/create  {}  /v1/replace {}  /v1/rotate {}  /v1/revoke {}   -> {}

409 says that the key was revoked, 503 that it cannot be used now, 403 that this machine forbids the order, 422 that the
data do not open. Each answer has {"error": "…"} then. Every use, order and refusal is written to the journal before it
is answered.
"""

import base64
import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import tink

from keyservice.holding import KeyRevoked, KeyUnavailable, MasterKey
from keyservice.journal import Journal

LONGEST_BODY = 1_000_000
PATIENCE = 20.0
ORDERS = ("create", "replace", "rotate", "revoke")


class KeyServer(ThreadingHTTPServer):
    """`forbidden`: orders that are given at this machine only."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        key: MasterKey,
        journal: Journal,
        tls: ssl.SSLContext,
        forbidden: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(address, _Handler)
        self.key, self.journal, self.forbidden = key, journal, forbidden
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        # One order at a time; uses go on beside each other.
        self.order = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client without the right certificate, or one that hung up: worth a line, not a stack."""
        self.journal.write(str(client_address[0]), "connection", done=False)


def tls_context(*, certificate: Path, private_key: Path, clients: Path) -> ssl.SSLContext:
    """TLS 1.3, and nobody without a certificate of the authority in `clients`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, private_key)
    context.load_verify_locations(clients)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: KeyServer
    timeout = PATIENCE

    def setup(self) -> None:
        # Here, in the thread of this connection: a client that dawdles over its handshake keeps nobody else waiting.
        self.request.settimeout(PATIENCE)
        self.request.do_handshake()
        super().setup()

    @property
    def who(self) -> str:
        subject = self.connection.getpeercert().get("subject", ())  # type: ignore[attr-defined]
        return next((value for part in subject for name, value in part if name == "commonName"), "?")

    def do_GET(self) -> None:
        self._answer("state" if self.path == "/v1/state" else "", {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= LONGEST_BODY:
            self.close_connection = True
            self._send(413, {"error": "too long"})
            return
        try:
            asked = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            self._send(400, {"error": "not JSON"})
            return
        self._answer(self.path.removeprefix("/v1/"), asked)

    def _answer(self, what: str, asked: dict[str, Any]) -> None:
        about = str(asked.get("context", ""))[:200]
        try:
            status, answer = 200, self._do(what, asked)
        except KeyRevoked as error:
            status, answer = 409, {"error": str(error)}
        except KeyUnavailable as error:
            status, answer = 503, {"error": str(error)}
        except PermissionError as error:
            status, answer = 403, {"error": str(error)}
        except LookupError:
            status, answer = 404, {"error": "no such question"}
        except (tink.TinkError, ValueError):
            status, answer = 422, {"error": "these data do not open with this key"}
        # A look at the state uses nothing.
        if what != "state" or status != 200:
            self.server.journal.write(self.who, what or self.path[:60], about, done=status == 200)
        self._send(status, answer)

    def _do(self, what: str, asked: dict[str, Any]) -> dict[str, Any]:
        key, journal = self.server.key, self.server.journal
        if what == "state":
            facts = key.facts()
            return {
                "version": facts.version,
                "versions": facts.versions,
                "uses": journal.uses,
                "last_use": journal.last_use,
                "journal": journal.head,
            }
        if what in ("wrap", "unwrap"):
            data, context = base64.b64decode(asked["data"]), asked["context"].encode()
            wrapping = key.wrapping()
            done = wrapping.encrypt(data, context) if what == "wrap" else wrapping.decrypt(data, context)
            return {"data": base64.b64encode(done).decode()}
        if what not in ORDERS:
            raise LookupError(what)
        if what in self.server.forbidden:
            raise PermissionError(f"{what} is done at the key-holder's machine only")
        with self.server.order:
            getattr(key, what)()
        return {}

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """The journal says it better."""
