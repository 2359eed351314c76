"""What deploy/ ships: nginx is started where it is installed; the rest is read, and names what exists."""

import configparser
import http.client
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from keyservice.certificates import make_certificates
from tests.house import ROOT

DEPLOY = ROOT / "deploy"
NGINX = os.environ.get("NGINX_PATH") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Application(http.server.BaseHTTPRequestHandler):
    """Stands for the platform: tells what reached it; `/live/` sends a second event only when it is let to."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/live/":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"data: 1\n\n")
            self.wfile.flush()
            self.server.let_on.wait(60)
            self.wfile.write(b"data: 2\n\n")
            self.close_connection = True
            return
        self._tell()

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._tell()

    def _tell(self):
        self.server.seen.append(self.path)
        told = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Strict-Transport-Security", "max-age=63072000")
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *args):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """(clear port, TLS port, authority's file, application) behind the shipped configuration."""
    if not NGINX:
        pytest.skip("nginx is not installed here (NGINX_PATH names one)")
    folder = tmp_path_factory.mktemp("nginx")
    make_certificates(folder / "tls", host="pavillon.example", clients=[])
    application = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    application.let_on, application.seen = threading.Event(), []
    threading.Thread(target=application.serve_forever, daemon=True).start()
    clear, tls = free_port(), free_port()
    text = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("include /etc/nginx/mime.types;", ""),
        ("pid /run/nginx.pid;", f"pid {folder}/pid; daemon off; master_process off;"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/ssl/pavillon/fullchain.pem", f"{folder}/tls/server.pem"),
        ("/etc/ssl/private/pavillon.key", f"{folder}/tls/server.key"),
        ("127.0.0.1:8000", f"127.0.0.1:{application.server_port}"),
        ("listen 80", f"listen 127.0.0.1:{clear}"),
        ("listen 443", f"listen 127.0.0.1:{tls}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    names = ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    paths = "".join(f"    {name}_temp_path {folder}/{name};\n" for name in names)
    (folder / "nginx.conf").write_text(text.replace("http {\n", f"http {{\n{paths}", 1))
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    ends_at = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", tls), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < ends_at
            time.sleep(0.05)
    yield clear, tls, folder / "tls" / "authority.pem", application
    application.let_on.set()
    process.terminate()
    process.wait(60)
    application.shutdown()


def context_of(proxy):
    return ssl.create_default_context(cafile=str(proxy[2]))


def shaken(proxy, context, name="pavillon.example"):
    """(version, cipher) of a handshake."""
    wire = socket.create_connection(("127.0.0.1", proxy[1]), timeout=60)
    with wire, context.wrap_socket(wire, server_hostname=name) as line:
        return line.version(), line.cipher()[0]


def asked(proxy, path="/", method="GET", *, body=None, **headers):
    """(status, headers, body) over TLS."""
    wire = socket.create_connection(("127.0.0.1", proxy[1]), timeout=60)
    connection = http.client.HTTPConnection("pavillon.example")
    connection.sock = context_of(proxy).wrap_socket(wire, server_hostname="pavillon.example")
    try:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=told)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_the_proxy_speaks_new_tls_with_forward_secrecy_to_its_own_name_only(proxy):
    assert shaken(proxy, context_of(proxy))[0] == "TLSv1.3"
    older = context_of(proxy)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    version, cipher = shaken(proxy, older)
    assert (version, cipher[:5]) == ("TLSv1.2", "ECDHE")
    for weak in ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA"):
        older.set_ciphers(f"{weak}:@SECLEVEL=0")
        with pytest.raises(ssl.SSLError):
            shaken(proxy, older)
    oldest = context_of(proxy)
    oldest.set_ciphers("ALL:@SECLEVEL=0")
    oldest.minimum_version, oldest.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shaken(proxy, oldest)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shaken(proxy, context_of(proxy), name="other.example")


def test_what_a_client_claims_of_itself_is_overwritten(proxy):
    status, headers, body = asked(
        proxy, X_Forwarded_For="6.6.6.6", X_Forwarded_Proto="http", X_Country_Code="XX", Forwarded="for=6.6.6.6",
        X_Forwarded_Host="evil.example", X_Real_IP="6.6.6.6",
    )  # fmt: skip
    reached = json.loads(body)
    assert status == 200
    assert (reached["x-forwarded-for"], reached["x-forwarded-proto"]) == ("127.0.0.1", "https")
    assert reached["host"] == "pavillon.example"
    assert not {"x-country-code", "forwarded", "x-forwarded-host", "x-real-ip", "upgrade"} & set(reached)
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert "nginx/" not in headers["Server"]


def test_clear_text_leads_to_tls_and_programs_are_told(proxy):
    def clear(path, host="pavillon.example"):
        connection = http.client.HTTPConnection("127.0.0.1", proxy[0], timeout=60)
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse()

    answer = clear("/people/?q=a")
    assert (answer.status, answer.headers["Location"]) == (301, "https://pavillon.example/people/?q=a")
    assert clear("/api/v1/directory/companies").status == 403
    assert clear("/.well-known/caldav").status == 403
    with pytest.raises(http.client.RemoteDisconnected):
        clear("/", host="other.example")


def test_large_bodies_odd_methods_and_ambiguous_messages_stop_at_the_proxy(proxy):
    before = len(proxy[3].seen)
    assert asked(proxy, "/", "TRACE")[0] == 405
    wire = socket.create_connection(("127.0.0.1", proxy[1]), timeout=60)
    with context_of(proxy).wrap_socket(wire, server_hostname="pavillon.example") as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: pavillon.example\r\nContent-Length: 99000000\r\n\r\n")
        told = b""
        while b"</html>" not in told:
            told += line.recv(2000)
        # In words of both languages: people meet this page with a file that they cannot send.
        assert b" 413 " in told
        assert "rien n’en a été gardé".encode() in told
        assert b"File too large" in told
    for both in (
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
        b"Content-Length: 6\r\nContent-Length: 7\r\n\r\nabcdef",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ):
        wire = socket.create_connection(("127.0.0.1", proxy[1]), timeout=60)
        with context_of(proxy).wrap_socket(wire, server_hostname="pavillon.example") as line:
            line.sendall(b"POST /ambiguous HTTP/1.1\r\nHost: pavillon.example\r\n" + both)
            assert line.recv(200).split(b" ")[1] in (b"400", b"501")
    assert len(proxy[3].seen) == before


def test_events_pass_the_proxy_as_they_happen(proxy):
    wire = socket.create_connection(("127.0.0.1", proxy[1]), timeout=60)
    with context_of(proxy).wrap_socket(wire, server_hostname="pavillon.example") as line:
        line.sendall(b"GET /live/ HTTP/1.1\r\nHost: pavillon.example\r\n\r\n")
        told = b""
        while b"data: 1" not in told:
            told += line.recv(500)
        assert b"data: 2" not in told
        proxy[3].let_on.set()
        while b"data: 2" not in told:
            told += line.recv(500)


def test_units_are_closed_and_start_what_there_is():
    for path in (DEPLOY / "systemd").glob("*.service"):
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read_string(path.read_text())
        service = unit["Service"]
        for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictSUIDSGID"):
            assert service[name] == "yes", f"{path.name}: {name}"
        assert (service["ProtectSystem"], service["CapabilityBoundingSet"], service["User"]) == (
            "strict",
            "",
            "pavillon",
        )
        assert "config.settings.production" in service["Environment"]
        words = service["ExecStart"].split()
        module = next((word for word in words if word.startswith("pavillon.")), "manage")
        assert "granian" in words or (ROOT / f"{module.replace('.', '/')}.py").exists(), path.name
    assert len(list((DEPLOY / "systemd").glob("*.service"))) == 3


def test_the_environment_names_variables_that_are_read():
    read = "\n".join(path.read_text() for path in [*(ROOT / "config").rglob("*.py")])
    for name in re.findall(r"^([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE):
        known = name in read or name.startswith("PAVILLON_KEY_SERVICE_")
        assert known, name
        assert name in (ROOT / "docs/how-to/deploy.md").read_text() or name.startswith("PAVILLON_KEY_SERVICE_"), name
