"""From where something is done: held beside the running request, read by the trail and the read log."""

from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Origin:
    """Where an act comes from. `address` is the client's IP; `channel` is page, api, task or command.

    `is_piece`: a page that stands on the screen already asks for a piece of itself, by itself or by a click.
    """

    channel: str = "command"
    address: str = ""
    path: str = ""
    is_piece: bool = False


def client_address(request: HttpRequest) -> str:
    """The IP address of whoever asks.

    With TRUSTED_PROXIES = n, each of our proxies added what it saw at the end of X-Forwarded-For: the n-th from the
    end is the client's, what stands before may be made up. Without proxies the header is not read at all.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUSTED_PROXIES else ""
    seen = [address.strip() for address in told.split(",") if address.strip()]
    if seen:
        return seen[-min(settings.TRUSTED_PROXIES, len(seen))]
    return str(request.META.get("REMOTE_ADDR", ""))


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin:
    return _origin.get() or Origin()


def set_origin(origin: Origin) -> None:
    _origin.set(origin)
