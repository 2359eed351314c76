"""The bridge between the asynchronous server and the threads of pages (`config.bridge`)."""

import asyncio
import http.client
import io
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from config.bridge import PIECE, Cut, Pages
from config.lanes import Lanes
from launch.folders import ROOT
from launch.ports import free_port

SCOPE = {"type": "http", "method": "POST", "path": "/é/", "query_string": b"a=1", "http_version": "1.1",
         "headers": [(b"host", b"localhost"), (b"content-length", b"6")], "server": ("localhost", 80)}  # fmt: skip


def run(asked):
    """In a thread: the one of the tests may hold the loop of a browser."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asked).result()


def told(response, received=()):
    """What the server is handed, for a page that answers so."""
    sent, closed, bodies = [], [], []

    def app(environ, start_response):
        bodies.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        made = response(environ) if callable(response) else response
        made.close = lambda: closed.append(len(sent))
        start_response(f"{made.status_code} {made.reason_phrase}", [*made.items(), ("X-Path", environ["PATH_INFO"])])
        if getattr(made, "file_to_stream", None) is not None:
            return environ["wsgi.file_wrapper"](made.file_to_stream, made.block_size)
        return made

    async def ask():
        waiting = [*received]

        async def receive():
            if not waiting:
                await asyncio.Event().wait()
            return waiting.pop(0)

        async def send(message):
            await asyncio.sleep(0)
            sent.append(message)

        await pages(SCOPE, receive, send)

    pages = Pages(app, threads=1)
    run(ask())
    pages.threads.shutdown()
    return sent, bodies[0], closed


def test_an_answer_comes_out_whole():
    sent, body, closed = told(HttpResponse("Début", status=404), [{"type": "http.request", "body": b"abcdef"}])
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert (sent[0]["status"], sent[1]["body"], sent[1]["more_body"]) == (404, "Début".encode(), False)
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert headers[b"x-path"].decode("latin1").encode("latin1").decode() == "/é/"
    assert (body, len(closed)) == (b"abcdef", 1)


def test_what_streams_goes_piece_by_piece_and_bodies_come_in_parts():
    parts = [{"type": "http.request", "body": b"ab", "more_body": True}, {"type": "http.request", "body": b"cdef"}]
    sent, body, closed = told(StreamingHttpResponse(part for part in ("one", "two")), parts)
    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert [message.get("more_body") for message in sent] == [None, True, True, False]
    assert (body, len(closed)) == (b"abcdef", 1)
    assert [message.get("body") for message in told(StreamingHttpResponse([]), parts)[0]] == [None, b""]


def test_a_file_goes_out_in_large_pieces():
    file = io.BytesIO(b"x" * (PIECE + 1))
    sent, _body, _closed = told(FileResponse(file), [{"type": "http.request", "body": b"abcdef"}])
    assert [len(message.get("body", b"")) for message in sent] == [0, PIECE, 1, 0]


def test_what_goes_wrong_reaches_the_server():
    def broken(environ):
        raise RuntimeError("in the page")

    with pytest.raises(RuntimeError, match="in the page"):
        told(broken, [{"type": "http.request", "body": b"abcdef"}])

    def ended(environ):
        return next(iter(()))

    # No future takes this one: the server would wait for ever.
    with pytest.raises(RuntimeError, match="StopIteration"):
        told(ended, [{"type": "http.request", "body": b"abcdef"}])


class Served:
    """Granian with `tests.bridged` behind it."""

    def __init__(self, port):
        self.port = port

    def send(self, path, length, body):
        """The beginning of a POST, as who is slow or leaves would send it."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        opened.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode() + body)
        return opened

    def get(self, path):
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        asked.request("GET", path)
        return asked.getresponse().read().decode()

    def seen(self, path, enough=1):
        """What pages at `path` noted down, once there are enough notes."""
        until = time.monotonic() + 60
        while True:
            notes = [
                line.removeprefix(f"{path} ") for line in self.get("/seen").splitlines() if line.startswith(f"{path} ")
            ]
            if len(notes) >= enough or time.monotonic() > until:
                return notes
            time.sleep(0.02)


@pytest.fixture(scope="module")
def served():
    port = free_port()
    command = [sys.executable, "-P", "-m", "granian", "--interface", "asginl", "--no-ws", "--host", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "tests.bridged:application"], cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
    yield Served(port)
    server.terminate()
    server.wait(60)


def test_what_is_cut_off_is_not_handled_as_whole(served):
    served.send("/nothing", 900, b"").close()
    served.send("/small", 900, b"x" * 21).close()
    served.send("/large", 900_000, b"x" * 70_000).close()
    # The page that reads it is told, and who left gets no answer; what is whole comes whole.
    assert served.seen("/large") == ["Cut: who sent this left before its end"]
    served.send("/whole", 300_000, b"x" * 300_000).recv(100)
    assert served.seen("/whole") == ["300000"]
    assert served.seen("/nothing", enough=0) == served.seen("/small", enough=0) == []


def test_who_sends_slowly_holds_no_thread(served):
    slow = [served.send("/slow", 100, b"x"), served.send("/slow", 100, b"x")]
    # The only thread there is makes other pages meanwhile.
    assert served.seen("/slow", enough=0) == []
    for opened in slow:
        opened.sendall(b"y" * 99)
        assert opened.recv(100).startswith(b"HTTP/1.1 200")
    assert served.seen("/slow") == ["100", "100"]


def test_what_stops_on_its_way_is_given_up(served):
    """Before a page takes a thread, and while one holds it."""
    assert b"recommencez" in _answer(served.send("/hasty/small", 100, b"x"))
    assert _answer(served.send("/hasty/large", 900_000, b"x" * 70_000)).startswith(b"HTTP/1.1 408 ")
    assert served.seen("/hasty/large") == ["Cut: nothing more came for 0.5 s"]
    assert served.seen("/hasty/small", enough=0) == []


def test_a_stream_ends_with_who_reads_it(served):
    opened = served.send("/endless", 1, b"x")
    assert opened.recv(1000).startswith(b"HTTP/1.1 200")
    opened.close()
    # The only thread is free again, and what was being read is closed.
    assert served.seen("/endless", enough=2) == ["1", "closed"]


def test_no_page_runs_with_the_form_that_was_cut_off(client, db):
    """Nor does the check of its token take the part that is missing for an empty form, when a header has the token."""

    class CutOff:
        def read(self, _size=-1):
            raise Cut("who sent this left before its end")

        readline = read

    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = token = "a" * 32
    headers = {"X-CSRFToken": token}
    answer = client.post(reverse("account_login"), {"login": "a"}, headers=headers, **{"wsgi.input": CutOff()})
    assert answer.status_code == 400


def _answer(opened):
    """All that comes until the last words of what is answered instead of a page."""
    told = b""
    while not told.endswith(b"again.\n") and (part := opened.recv(10_000)):
        told += part
    opened.close()
    return told


def test_quick_pages_take_turns_and_a_slow_one_gives_its_lane_back():
    """A third page waits where there are two lanes; whoever leaves the line takes none, who is slow holds nobody up."""

    async def crowd():
        lanes = Lanes(2, slow=30)
        first, second = await lanes.enter(), await lanes.enter()
        third, fourth, fifth = (asyncio.ensure_future(lanes.enter()) for _nth in range(3))
        await asyncio.sleep(0)
        assert not third.done(), "both lanes are taken"
        third.cancel()
        first.give_back()
        first.give_back()
        lane = await fourth
        await asyncio.sleep(0)
        assert third.cancelled()
        assert not fifth.done(), "one lane came back, once"
        # Given in the very moment in which its receiver leaves.
        second.give_back()
        fifth.cancel()
        await asyncio.sleep(0)
        assert lanes.free == 1
        lane.give_back()
        assert lanes.free == 2

        hasty = Lanes(1, slow=0.01)
        slow = await hasty.enter()
        await hasty.enter()
        slow.give_back()
        assert hasty.free == 0, "the slow one's lane had gone to the next one"

    run(crowd())


def test_more_slow_pages_than_lanes_do_not_stop_the_others():
    go_on = threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow/":
            assert go_on.wait(60)
        start_response("200 OK", [])
        return HttpResponse(environ["PATH_INFO"])

    async def ask(path, sent):
        async def receive():
            return {"type": "http.request", "body": b""}

        async def send(message):
            sent.append(message.get("body", b""))

        await pages({**SCOPE, "path": path, "headers": []}, receive, send)

    async def crowd():
        slow, quick = [], []
        waiting = [asyncio.ensure_future(ask("/slow/", slow)) for _nth in range(3)]
        await ask("/quick/", quick)
        assert b"".join(quick) == b"/quick/"
        assert not slow
        go_on.set()
        await asyncio.gather(*waiting)
        assert b"".join(slow) == b"/slow/" * 3

    pages = Pages(app, threads=4, lanes=2)
    run(crowd())
    pages.threads.shutdown()
