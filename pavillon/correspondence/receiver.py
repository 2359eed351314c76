"""The door of copied mail: an SMTP server behind the operator's own, on loopback in the demonstration.

`python -m pavillon.correspondence.receiver` listens on MAIL_COPY_HOST:MAIL_COPY_PORT until it is asked to end. It
answers for addresses of ours only, to the machines of MAIL_COPY_RELAYS only, sends nothing to anybody, and keeps no
more in memory than four messages at a time: a mail is taken when it is in the database, and not before.
"""

import asyncio
import functools
import ipaddress
import logging
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import django
from aiosmtpd.smtp import SMTP
from django.conf import settings

log = logging.getLogger("pavillon.correspondence")
# The library would note each command, with its addresses, which are secrets.
logging.getLogger("mail.log").setLevel(logging.WARNING)

# Messages worked on at once, open connections, seconds of silence, addresses of one message.
WORKERS, SESSIONS, SILENCE, MOST_RECIPIENTS = 2, 4, 60, 20
# Lines of one message: the library keeps each as an object of its own.
MOST_LINES = 300_000
END = b"\r\n.\r\n"
BUSY = "421 4.3.2 Too many connections, try again later\r\n"
LATER = "451 4.3.0 Not taken now, try again later"


class Door:
    """Asks the room about each address and each message; what it does not take is refused at once, with the reason."""

    def __init__(self) -> None:
        self.pool: Executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="mail")
        self.relays = [ipaddress.ip_network(each.strip()) for each in settings.MAIL_COPY_RELAYS if each.strip()]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        server.begin()
        if not address:
            return "550 5.7.1 Not taken: no sender"
        envelope.mail_from, envelope.places = address, []
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if len(envelope.places) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        answer = await self._do(_admit, session, envelope, address)
        if any(place.participant for place in envelope.places):
            server.expect_reply()
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if server.is_over:
            # What follows is heard again: senders go on, or take their leave.
            server.begin()
            return "552 5.3.4 Not taken: too many lines, or too large for this address"
        return await self._do(_take, session, envelope)

    def knows(self, peer: Any) -> bool:
        """Whether a machine is one of those that bring mail."""
        return any(peer in network for network in self.relays)

    async def _do(self, work: Callable[..., str], session: Any, envelope: Any, *more: Any) -> str:
        """In a thread, as the house, with nothing left open behind it."""
        call = functools.partial(work, str(_peer(session)), _peer(session).is_loopback, envelope, *more)
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, call)
        except Exception:
            log.exception("A message was not taken")
            return LATER


def _peer(session: Any) -> Any:
    return _address(session.peer)


def _address(peer: Any) -> Any:
    address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def _as_house(work: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(work)
    def within(*arguments: Any) -> str:
        from django.db import close_old_connections

        from pavillon.core.wall import house

        close_old_connections()
        try:
            with house():
                return work(*arguments)
        finally:
            close_old_connections()

    return within


@_as_house
def _admit(peer: str, is_local: bool, envelope: Any, address: str) -> str:
    """Whether this sender may write to this address."""
    from pavillon.correspondence.actions import refuse_mail
    from pavillon.correspondence.actions.receiving import NOT_HERE
    from pavillon.correspondence.queries.addresses import place_of

    place = place_of(address, envelope.mail_from)
    others = [each for each in envelope.places if (each.participant is None) != (place and place.participant is None)]
    if place is None or others:
        refuse_mail(sender=envelope.mail_from, why="address", peer=peer)
        return f"550 5.7.1 {NOT_HERE}"
    if any(
        each.copy and place.copy and each.copy.organisation_id != place.copy.organisation_id for each in envelope.places
    ):
        # One message is one role's: the mail server brings it once more for the other.
        return "452 4.5.3 Too many recipients"
    envelope.places.append(place)
    envelope.rcpt_tos.append(address)
    return "250 OK"


@_as_house
def _take(peer: str, is_local: bool, envelope: Any) -> str:
    from pavillon.correspondence.actions import Refused, receive_mail, refuse_mail
    from pavillon.correspondence.actions.receiving import Arrival

    arrival = Arrival(envelope.mail_from, tuple(envelope.places), is_local)
    try:
        receive_mail(content=envelope.content, arrival=arrival)
    except Refused as refused:
        refuse_mail(sender=envelope.mail_from, why=refused.why, peer=peer)
        return refused.answer
    return "250 2.0.0 Taken"


class Sessions:
    """Makes a protocol for each connection, as many as may be open at once."""

    def __init__(self, door: Door, loop: asyncio.AbstractEventLoop) -> None:
        self.door, self.loop = door, loop
        self.open = 0

    def __call__(self) -> SMTP:
        from pavillon.correspondence.actions.receiving import MOST_BYTES

        return _Counted(
            self.door, sessions=self, data_size_limit=MOST_BYTES, hostname=settings.MAIL_COPY_DOMAIN or "localhost",
            ident="Pavillon", enable_SMTPUTF8=False, timeout=SILENCE, command_call_limit={"RCPT": 40, "*": 100},
            loop=self.loop,
        )  # fmt: skip


class _Counted(SMTP):
    def __init__(self, *arguments: Any, sessions: Sessions, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.sessions, self.is_counted = sessions, False
        self.begin()

    def begin(self) -> None:
        """Another message: nothing of it is counted yet."""
        self.lines = self.size = 0
        self.most, self.tail, self.is_over = sys.maxsize, b"", False

    def expect_reply(self) -> None:
        """An answer of a calendar is short: no more of it is held."""
        from pavillon.correspondence.actions.receiving import MOST_REPLY

        self.most = MOST_REPLY

    def data_received(self, data: bytes) -> None:
        """What is too much goes no further than here, but for the end of the message, which is refused then."""
        self.lines, self.size = self.lines + data.count(b"\n"), self.size + len(data)
        self.is_over |= self.lines > MOST_LINES or self.size > self.most
        self.tail = (self.tail + data)[-len(END) :]
        if not self.is_over or self.tail == END:
            super().data_received(END if self.is_over else data)

    def connection_made(self, transport: Any) -> None:
        if not self.sessions.door.knows(_address(transport.get_extra_info("peername"))):
            transport.close()
            return
        if self.sessions.open >= SESSIONS:
            transport.write(BUSY.encode())
            transport.close()
            return
        self.sessions.open, self.is_counted = self.sessions.open + 1, True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.is_counted:
            self.sessions.open, self.is_counted = self.sessions.open - 1, False
            super().connection_lost(error)


async def listen(host: str, port: int, door: Door | None = None) -> asyncio.Server:
    """Begin to answer; the caller ends it."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(Sessions(door or Door(), loop), host, port)


async def _serve() -> None:
    server = await listen(settings.MAIL_COPY_HOST, settings.MAIL_COPY_PORT)
    print(f"Copied mail is received on {settings.MAIL_COPY_HOST}:{settings.MAIL_COPY_PORT}", flush=True)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    server.close()


def main() -> int:
    """Receive copied mail until asked to end; 1 when no domain is set."""
    if not settings.MAIL_COPY_DOMAIN:
        print("MAIL_COPY_DOMAIN is not set: name the domain of the addresses that mail is copied to.", file=sys.stderr)
        return 1
    django.setup()
    asyncio.run(_serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
