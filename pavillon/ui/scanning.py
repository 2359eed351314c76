"""The virus scanner: each file that people send is shown to clamd when `settings.CLAMD` says where it listens."""

import socket
from collections.abc import Iterable

from django.conf import settings

# clamd answers a file of 50 MB within seconds; beyond, it is taken for away.
SECONDS = 60


class ScannerAway(Exception):
    """The scanner is set, and does not say whether the file is harmful; the message is for the server's log."""


def is_scanned() -> bool:
    return bool(settings.CLAMD)


def find_harm(chunks: Iterable[bytes]) -> str:
    """The name of what the scanner found in the file, "" when it found nothing. Raises ScannerAway.

    The protocol is INSTREAM of clamd(8): each piece behind its length of four bytes, a length of nought at the end.
    """
    try:
        with _connected(settings.CLAMD) as wire:
            wire.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                if chunk:
                    wire.sendall(len(chunk).to_bytes(4, "big") + chunk)
            wire.sendall(bytes(4))
            answer = _answer(wire)
    except (OSError, ValueError) as error:
        raise ScannerAway(f"clamd at {settings.CLAMD}: {error}") from error
    told = answer.removeprefix("stream:").strip()
    if told == "OK":
        return ""
    if told.endswith(" FOUND"):
        return told.removesuffix(" FOUND")[:120]
    # What is neither yes nor no ("INSTREAM size limit exceeded. ERROR") is no yes.
    raise ScannerAway(f"clamd at {settings.CLAMD} answered {answer[:200]!r}")


def _connected(place: str) -> socket.socket:
    """A path is a socket of this machine, all else host:port."""
    if place.startswith("/"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(SECONDS)
        try:
            wire.connect(place)
        except OSError:
            wire.close()
            raise
        return wire
    host, _colon, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(wire: socket.socket) -> str:
    told = bytearray()
    while not told.endswith(b"\0") and len(told) < 4096 and (piece := wire.recv(1024)):
        told += piece
    return told.rstrip(b"\0").decode("utf-8", errors="replace").strip()
