"""The demonstration's post office: a real SMTP server on loopback that keeps every message as a file.

Files are named by time so that a listing is in order; the page reads only those that it shows. The server is a program
of its own (`python -m pavillon.activity.mailbox`) that needs the settings and none of the models: it is there at once.
"""

import asyncio
import itertools
import re
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = re.compile(r"[0-9]{19}-[0-9]{4}\.eml")
READ_AT_MOST = 400


@dataclass(frozen=True)
class Letter:
    """One message as the page shows it."""

    name: str
    sent_at: datetime
    sender: str
    to: str
    subject: str
    text: str


def folder() -> Path:
    found = Path(settings.DATA) / "mailbox"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def keep(content: bytes, number: int) -> Path:
    """Write one message; the name only appears once the file is whole."""
    target = folder() / f"{time.time_ns():019d}-{number % 10_000:04d}.eml"
    partial = target.with_suffix(".part")
    partial.write_bytes(content)
    return partial.rename(target)


def letter(name: str) -> Letter | None:
    """A message by its file name, or None when there is none or the name is not one of ours."""
    path = folder() / name
    return _read(path) if NAME.fullmatch(name) and path.exists() else None


def letters(*, to: str = "") -> list[Letter]:
    """The newest messages, optionally of one recipient, newest first."""
    found = [_read(path) for path in _newest()]
    return [letter for letter in found if to in letter.to.lower()]


def recipients() -> list[tuple[str, int]]:
    """Who received how many of the newest messages, by address."""
    return sorted(Counter(letter.to for letter in letters()).items())


def _newest() -> list[Path]:
    return sorted(folder().glob("*.eml"), reverse=True)[:READ_AT_MOST]


def _read(path: Path) -> Letter:
    message: Any = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    sent = message["date"]
    return Letter(
        name=path.name,
        sent_at=_moment(sent) if sent else datetime.fromtimestamp(path.stat().st_mtime).astimezone(),
        sender=str(message["from"] or ""),
        to=str(message["to"] or ""),
        subject=str(message["subject"] or ""),
        text=body.get_content() if body else "",
    )


def _moment(sent: str) -> datetime:
    """The moment of a `Date` header. The zone -0000 means UTC without a place: Python reads it without any zone."""
    found = parsedate_to_datetime(sent)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Keep:
    """Accepts every message and keeps it."""

    def __init__(self) -> None:
        self.numbers = itertools.count()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        keep(envelope.content, next(self.numbers))
        return "250 Kept"


async def _serve() -> None:
    from aiosmtpd.controller import UnthreadedController

    loop = asyncio.get_running_loop()
    controller = UnthreadedController(_Keep(), hostname="127.0.0.1", port=settings.EMAIL_PORT, loop=loop)
    controller.server_coro = controller._create_server()
    controller.server = await controller.server_coro
    print(f"Mail is received on 127.0.0.1:{settings.EMAIL_PORT}", flush=True)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()
    controller.server.close()
    await controller.server.wait_closed()


def main() -> int:
    """Receive the demonstration's mail on 127.0.0.1:SMTP_PORT and keep it in the data folder, until asked to end."""
    if not settings.DEMO:
        print("The demo mailbox runs only with PAVILLON_DEMO: it shows everybody's mail.", file=sys.stderr)
        return 1
    asyncio.run(_serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
