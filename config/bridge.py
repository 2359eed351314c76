"""Pages, which are WSGI, behind the asynchronous server: a request goes into a thread whole and comes out whole.

Handing over start, body and end one by one, each with a wait of the page's thread for the server's, took a third of a
millisecond an answer, and as many turns of the interpreter's lock (decision 0050). What streams still goes piece by
piece, and the page waits until the server took each; it ends with who reads it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from wsgiref.util import FileWrapper

from a2wsgi.wsgi import Body, build_environ
from django.core.exceptions import BadRequest

from config.lanes import Lanes

log = logging.getLogger("pavillon.pages")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# Bytes of a file that go out at once.
PIECE = 1 << 18
# Up to so many bytes, what is sent is all here before its page takes a thread: who sends slowly holds none.
WHOLE = 1 << 16
# Seconds without a further part of what is sent, after which it is given up.
PATIENCE = 30.0


class Cut(BadRequest):
    """The rest of what was sent does not come.

    No OSError: the first of these Django's check of tokens passes over, and a page whose token came as a header would
    run with an empty form.

    `answer`: what is answered instead of a page; nothing to who has left.
    """

    def __init__(self, why: str, *answer: Message) -> None:
        super().__init__(why)
        self.answer = answer


class Sent(Body):
    """What was sent. It is waited for in the loop, where no thread is held; what exceeds WHOLE, by the page.

    `cut`: why the rest does not come, if so. What is there is then no form to act upon, and no page's answer goes out.
    `watch`: while an answer streams, what ends once who asked has left.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, patience: float) -> None:
        super().__init__(loop, self._part)
        self.served = receive
        self.patience = patience
        self.cut: Cut | None = None
        self.watch: asyncio.Task[None] | None = None

    async def begin(self, scope: Any) -> None:
        """Wait for what comes first: all of it, where it is small. Raises Cut."""
        self._has_more = any(name in (b"content-length", b"transfer-encoding") for name, _value in scope["headers"])
        if self._has_more:
            # Nearly always the whole, and here at once: not worth a task and a clock.
            self._take(await self.served())
        while self._has_more and len(self.buffer) < WHOLE:
            self._take(await self._part())

    def _take(self, message: Message) -> None:
        self._known(message)
        self.buffer.extend(message.get("body", b""))
        self._has_more = message.get("more_body", False)

    def look(self) -> None:
        """While an answer streams: raises Cut once who asked has left."""
        if self.watch is None and not self._has_more:
            self.watch = self.loop.create_task(self._left())
        if self.watch is not None and self.watch.done():
            raise Cut("who asked has left")

    async def _left(self) -> None:
        while (await self.served())["type"] != "http.disconnect":
            pass

    async def _part(self) -> Any:
        if self.cut is not None:
            raise self.cut
        # The server runs `begin` in no task of asyncio's, so that `asyncio.timeout` would end nothing there.
        asked = self.loop.create_task(self._asked())
        done, _waiting = await asyncio.wait((asked,), timeout=self.patience)
        if not done:
            asked.cancel()
            self.cut = Cut(f"nothing more came for {self.patience} s", *LATE)
            raise self.cut
        return self._known(asked.result())

    async def _asked(self) -> Message:
        return await self.served()

    def _known(self, message: Message) -> Message:
        if message["type"] == "http.disconnect":
            self.cut = Cut("who sent this left before its end")
            raise self.cut
        return message


class Pages:
    """The ASGI application around one of WSGI.

    `threads`: how many pages are made at once at most; `lanes`: how many of them may be quick ones (`config.lanes`).
    """

    def __init__(self, app: Any, threads: int, lanes: int = 3, patience: float = PATIENCE) -> None:
        self.app = app
        self.patience = patience
        self.lanes = Lanes(lanes)
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body = Sent(loop, receive, self.patience)
        try:
            await body.begin(scope)
        except Cut as cut:
            for message in cut.answer:
                await send(message)
            return
        environ = build_environ(scope, body)
        environ["wsgi.file_wrapper"] = _in_pieces  # type: ignore[typeddict-unknown-key]
        made: asyncio.Future[list[Message]] = loop.create_future()
        lane = await self.lanes.enter()
        try:
            self.threads.submit(copy_context().run, self._make, environ, loop, send, made)
            answer = await made
            lane.give_back()
            for message in answer:
                await send(message)
        finally:
            lane.give_back()
            if body.watch is not None:
                body.watch.cancel()

    def _make(self, environ: Any, loop: asyncio.AbstractEventLoop, send: Send, made: "asyncio.Future[Any]") -> None:
        """In a thread: the answer, or what went wrong, to who waits for it in the loop."""
        body: Sent = environ["wsgi.input"]
        answer: Any = ()
        try:
            head: list[Message] = []
            answer = self.app(environ, lambda status, headers, error=None: head.append(_head(status, headers)))
            if body.cut is not None:
                last = [*body.cut.answer]
            elif getattr(answer, "streaming", True):
                _stream(head, answer, body, send)
                last = [_piece(b"", more=False)]
            else:
                last = [*head, _piece(b"".join(answer), more=False)]
        except Cut as cut:
            loop.call_soon_threadsafe(_settle, made, [*cut.answer], None)
        except BaseException as error:
            loop.call_soon_threadsafe(_settle, made, None, error)
        else:
            loop.call_soon_threadsafe(_settle, made, last, None)
        finally:
            _close(answer)


def _stream(head: list[Message], answer: Iterable[bytes], body: Sent, send: Send) -> None:
    async def take(messages: list[Message]) -> None:
        body.look()
        for message in messages:
            await send(message)

    waiting = head
    for part in answer:
        asyncio.run_coroutine_threadsafe(take([*waiting, _piece(part, more=True)]), body.loop).result()
        waiting = []
    if waiting:
        asyncio.run_coroutine_threadsafe(take(waiting), body.loop).result()


def _head(status: str, headers: Iterable[tuple[str, str]]) -> Message:
    told = [(name.strip().encode("latin1").lower(), value.strip().encode("latin1")) for name, value in headers]
    return {"type": "http.response.start", "status": int(status[:3]), "headers": told}


def _piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": more}


LATE = (
    _head("408 Request Timeout", [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]),
    _piece(
        "L’envoi s’est arrêté en chemin : recommencez.\nWhat you sent stopped on its way: send it again.\n".encode(),
        more=False,
    ),
)


def _in_pieces(file: Any, _size: int = 0) -> FileWrapper:
    return FileWrapper(file, PIECE)


def _settle(made: "asyncio.Future[Any]", answer: Any, error: BaseException | None) -> None:
    if made.done():
        return
    if isinstance(error, StopIteration):
        # The one that no future takes.
        made.set_exception(RuntimeError(f"a page raised {error!r}"))
    elif error is not None:
        made.set_exception(error)
    else:
        made.set_result(answer)


def _close(answer: Any) -> None:
    try:
        getattr(answer, "close", lambda: None)()
    except Exception:
        log.exception("An answer could not be closed")
