"""The one way out: which places are asked, that the checked address is the one reached, and that there is no other."""

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from pavillon.ui import outgoing
from pavillon.ui.outgoing import CannotLeave, RefusedCall, Session, checked_place
from tests.house import ROOMS

# Ways into the network of this code, and who may go them: the way out itself, calendars (their connections are made by
# it), and machines that the operator alone names.
OTHER_WAYS = re.compile(
    r"\burllib\.request|\burlopen\(|\bhttp\.client\b|\bhttpx\b|\baiohttp\b|\burllib3\b|\bcreate_connection\(|\bsmtplib\.SMTP"
    r"|\brequests\.(?:get|post|put|patch|delete|head|request|Session|session)\b|\.getaddrinfo\("
)
MAY = {"ui/outgoing.py", "ui/scanning.py", "agenda/fetching.py", "security/remote.py", "security/collector.py"}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            return
        content = b"x" * (outgoing.MOST_BYTES + 1) if self.path == "/much" else b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_what_is_inside_clear_or_unlisted_is_not_asked(server, settings):
    here = f"127.0.0.1:{server.server_port}"
    for address in (
        f"http://{here}/",
        f"https://{here}/",
        "https://[::1]/",
        "http://example.org/",
        "https://169.254.169.254/",
    ):
        with pytest.raises(RefusedCall):
            Session().get(address)
    assert server.asked == []
    settings.OUTGOING_HOSTS = ["idp.example", ".cci.example"]
    for host in ("other.example", "cci.example.org", "notcci.example"):
        with pytest.raises(CannotLeave, match=re.escape(host)):
            checked_place(host, 443)
    with pytest.raises(OSError, match=r".+"):
        checked_place("a.cci.example", 443)  # allowed, and no such name


def test_no_redirection_is_followed_and_no_endless_answer_read(server):
    inside = Session(inner=["127.0.0.1"])
    here = f"http://127.0.0.1:{server.server_port}"
    assert inside.get(f"{here}/").json() == {}
    for path, word in (("/away", "not followed"), ("/much", "too much")):
        with pytest.raises(RefusedCall) as refused:
            inside.get(here + path)
        assert "127.0.0.1" in str(refused.value), word
    assert [path for path, _host in server.asked] == ["/", "/away", "/much"]


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch):
    """A name that says another address at the second question is not believed: it is asked once."""
    told = iter(["127.0.0.1", "203.0.113.9"])
    real = socket.getaddrinfo

    def look_up(host, *args, **more):
        return real(next(told) if host == "localhost" else host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    answer = Session(inner=["localhost"]).get(f"http://localhost:{server.server_port}/")
    assert answer.status_code == 200
    assert server.asked[0][1].startswith("localhost:")  # and the server is still asked by its name
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *a, **m: real("127.0.0.1", *a, **m))
    with pytest.raises(RefusedCall):
        Session().get(f"https://public.example:{server.server_port}/")


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_answers_drop_by_drop_is_cut_off(begin, monkeypatch):
    """Each drop would begin the wait anew: a head that never ends, an answer that does not say how long it is."""
    door, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def dribble():
        wire, _address = door.accept()
        with wire:
            wire.recv(1000)
            try:
                wire.sendall(begin)
                while not over.wait(0.05):
                    wire.sendall(b"x")
            except OSError:
                pass

    thread = threading.Thread(target=dribble, daemon=True)
    thread.start()
    monkeypatch.setattr(outgoing, "LONGEST", 0.4)
    with pytest.raises(requests.RequestException):
        Session(inner=["127.0.0.1"]).get(f"http://127.0.0.1:{door.getsockname()[1]}/", timeout=30)
    # Cut by us: the server's next drop finds nobody.
    thread.join(30)
    over.set()
    door.close()
    assert not thread.is_alive()


def test_errors_of_the_way_out_are_those_of_requests():
    assert issubclass(RefusedCall, requests.RequestException)
    assert issubclass(RefusedCall, ValueError)
    assert Session().trust_env is False


def test_there_is_no_other_way_out():
    guilty = [
        f"{path.relative_to(ROOMS)}: {found[0]}"
        for path in ROOMS.rglob("*.py")
        if "tests" not in path.parts and str(path.relative_to(ROOMS)) not in MAY
        for found in OTHER_WAYS.finditer(path.read_text())
        # A variable of ours may be called requests.
        if not found[0].startswith("requests.") or "import requests" in path.read_text()
    ]
    assert not guilty, "\n".join(guilty)
