"""Sealed lines of the logs reach a collector on another machine: a real receiver of syslog over TLS on the loopback."""

import hashlib
import json
import re
import socket
import ssl
import struct
import threading
from contextlib import suppress
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.urls import reverse

from keyservice.certificates import make_certificates
from pavillon.accounts.models import User
from pavillon.accounts.tests.factories import cast as people
from pavillon.accounts.tests.factories import places
from pavillon.core.trail import record
from pavillon.security import actions, tasks
from pavillon.security.actions import shipping
from pavillon.security.keys import is_signed
from pavillon.security.models import LogShipment, Reading
from pavillon.security.models.logs import NONCE_BYTES
from pavillon.security.queries import shipping_state

pytestmark = pytest.mark.django_db
SYSLOG = re.compile(r"<109>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) pavillon - (\S+) - (\{.*\})")
TRAIL, READ_LOG = "activity.entry", "security.reading"


class Collector:
    """Takes octet-counted messages of who shows a certificate of the authority; `breaks` cuts the next connection."""

    def __init__(self, certificates):
        self.heard, self.breaks, self.says_goodbye = [], False, False
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self.tls.load_verify_locations(certificates / "authority.pem")
        self.tls.verify_mode = ssl.CERT_REQUIRED
        self.door = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"tls://127.0.0.1:{self.door.getsockname()[1]}"

    def serve(self):
        while True:
            try:
                wire, _address = self.door.accept()
            except OSError:
                return
            with suppress(OSError), wire:
                self.take(wire)

    def take(self, wire):
        line = self.tls.wrap_socket(wire, server_side=True)
        if self.breaks:
            line.recv(10)
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()
            return
        told = b""
        while piece := line.recv(65536):
            told += piece
        while told:
            length, _space, rest = told.partition(b" ")
            self.heard.append(rest[: int(length)].decode("ascii"))
            told = rest[int(length) :]
        if self.says_goodbye:
            line.unwrap()
        line.close()

    def close(self):
        # accept() in another thread wakes up when the door is shut, not when it is closed.
        with suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join(30)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collector")
    make_certificates(folder / "ours", host="127.0.0.1", clients=["platform"])
    make_certificates(folder / "others", host="127.0.0.1", clients=["platform"])
    return folder


@pytest.fixture
def collector(certificates, settings):
    made = Collector(certificates / "ours")
    settings.LOG_COLLECTOR = {
        "url": made.url,
        "authority": str(certificates / "ours" / "authority.pem"),
        "certificate": str(certificates / "ours" / "platform.pem"),
        "private_key": str(certificates / "ours" / "platform.key"),
    }
    yield made
    made.close()


@pytest.fixture
def cast(settings):
    settings.LOG_WITNESS_FILE = ""
    places()
    return people()


def write(cast, count):
    for number in range(count):
        record("accounts.user_changed", cast.nour, by=cast.nour, changes={"first_name": [f"É{number}\n", "é"]})
    actions.keep_reading(user=cast.nour, model=User, pk=cast.theo.pk, how="page")
    actions.seal_logs()


def read(messages):
    """[(log, what was told)], each checked for its shape."""
    found = []
    for message in messages:
        _moment, host, log, text = SYSLOG.fullmatch(message).groups()
        told = json.loads(text)
        assert (host, told["log"]) == ("localhost", log)
        found.append((log, told))
    return found


def trail(verb):
    return apps.get_model("activity.Entry").objects.filter(verb=f"security.{verb}")


def test_ship_logs_to_a_collector_over_tls(cast, collector, monkeypatch):
    """Each sealed line once and in order; the collector can tell by itself that none is missing or was altered."""
    monkeypatch.setattr(shipping, "BATCH", 7)
    write(cast, 10)
    unsealed = Reading.objects.create(user=cast.nour, model="accounts.user", how="page")
    call_command("ship_logs", stdout=StringIO())
    told = read(collector.heard)
    for log in (TRAIL, READ_LOG):
        chain, lines = b"", [each for name, each in told if name == log]
        assert [each["sequence"] for each in lines] == list(range(1, len(lines) + 1))
        assert len(lines) == apps.get_model(log).objects.exclude(sequence=None).count()
        for each in lines:
            mac = bytes.fromhex(each["mac"])
            chain = hashlib.sha256(chain + mac).digest()
            assert chain.hex() == each["chain"]
            content = json.dumps(each["line"], sort_keys=True, ensure_ascii=False).encode()
            assert is_signed(mac[NONCE_BYTES:], mac[:NONCE_BYTES] + content), "as it was signed"
    assert Reading.objects.get(pk=unsealed.pk).sequence, "the command seals first"
    assert all(state.waiting == 0 and state.is_well for state in shipping_state())
    # What comes later goes alone; nothing new, nothing sent. The other way to end a connection is taken too.
    collector.says_goodbye, known = True, len(collector.heard)
    tasks.ship_logs(0)
    assert len(collector.heard) == known
    write(cast, 1)
    tasks.ship_logs(0)
    assert len(collector.heard) == known + 2
    # A line longer than a connection is meant to carry goes alone.
    write(cast, 2)
    with monkeypatch.context() as short:
        short.setattr(shipping, "MOST_BYTES", 10)
        tasks.ship_logs(0)
    assert len(collector.heard) == known + 5
    assert all(state.waiting == 0 for state in shipping_state())
    # A collector at another place begins with the first line.
    LogShipment.objects.filter(log=TRAIL).update(place="former.example:6514")
    shipped = actions.ship_logs()
    assert shipped.lines[TRAIL] == LogShipment.objects.get(log=TRAIL, place="former.example:6514").sequence


def test_a_collector_that_breaks_off_gets_the_lines_again(cast, collector, certificates, settings):
    write(cast, 5)
    collector.breaks = True
    for _again in range(2):
        shipped = actions.ship_logs()
        assert set(shipped.failures) == {TRAIL, READ_LOG}
    assert not LogShipment.objects.exclude(sequence=0).exists()
    assert trail("shipping_failed").count() == 2, "once for each log"
    told = apps.get_model("activity.Notification").objects.filter(recipient=cast.security)
    assert told.filter(title__contains="collecteur").exists() or told.filter(title__contains="collector").exists()
    assert [state.is_well for state in shipping_state()] == [False, False]
    with pytest.raises(CommandError, match=READ_LOG):
        call_command("ship_logs", stdout=StringIO())
    # Somebody else's certificate is not the collector, and one in clear text none.
    collector.breaks = False
    right = settings.LOG_COLLECTOR
    settings.LOG_COLLECTOR = right | {"authority": str(certificates / "others" / "authority.pem")}
    assert "CERTIFICATE_VERIFY_FAILED" in actions.ship_logs().failures[TRAIL]
    settings.LOG_COLLECTOR = right | {"url": right["url"].replace("tls:", "tcp:")}
    assert "is no address" in actions.ship_logs().failures[TRAIL]
    settings.LOG_COLLECTOR = right | {"url": "tls://127.0.0.1:99999"}
    assert "ort" in actions.ship_logs().failures[TRAIL]
    LogShipment.objects.filter(place="127.0.0.1:99999").delete()
    assert collector.heard == []
    # Back again: everything, from the first line on, and the trail says so.
    settings.LOG_COLLECTOR = right
    assert actions.ship_logs().failures == {}
    assert len(read(collector.heard)) == sum(row.sequence for row in LogShipment.objects.all())
    assert trail("shipping_resumed").count() == 2
    actions.ship_logs()
    assert all(state.is_well for state in shipping_state())


def test_without_a_collector_nothing_leaves_and_the_page_says_so(cast, settings, client):
    settings.LOG_COLLECTOR = dict.fromkeys(("url", "authority", "certificate", "private_key"), "")
    write(cast, 1)
    assert (actions.ship_logs().lines, shipping_state()) == ({}, [])
    tasks.ship_logs(0)
    assert not LogShipment.objects.exists()
    with pytest.raises(CommandError, match="No collector is named"):
        call_command("ship_logs")
    client.force_login(cast.security)
    assert "none is named" in client.get(reverse("continuity:today")).content.decode()
