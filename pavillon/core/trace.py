"""From where something is done: held beside the running request, read by the trail and the read log."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where an act comes from. `address` is the client's IP; `channel` is page, api, task or command."""

    channel: str = "command"
    address: str = ""
    path: str = ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin:
    return _origin.get() or Origin()


def set_origin(origin: Origin) -> None:
    _origin.set(origin)
