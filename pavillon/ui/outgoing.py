"""The one way out: every call to another machine that somebody may name (calendars, interfaces, identity providers).

A name is looked up once, each of its addresses is checked, and the connection goes to the very address that was
checked. Nothing is followed to another place unasked. A house test refuses every other way out. Machines that the
operator alone names (database, mail, key service, virus scanner) are reached by their own settings.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, ClassVar

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

SECONDS = 8
# For everything from the connection to the last letter, however slowly it drips.
LONGEST = 20
MOST_BYTES = 1 << 20
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# The public part of IPv6, and what lies in it but leads elsewhere: protocols, tunnels, examples.
PUBLIC = ipaddress.ip_network("2000::/3")
NOT_PUBLIC = [ipaddress.ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
# Where a network translates IPv6 into IPv4 (RFC 6052), the last four bytes are the address that is reached.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class CannotLeave(ValueError):
    """This place may not be asked; the message says why."""


class RefusedCall(requests.exceptions.InvalidURL):
    """The same, for whoever expects the errors of requests."""


def is_outside(address: str) -> bool:
    """Whether an address belongs to the public internet: no private, loopback, link-local or reserved one.

    An address that carries another (mapped, translated) is where that one leads; tunnels are not followed.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped or found in TRANSLATED:
            found = ipaddress.IPv4Address(found.packed[-4:])
        elif found not in PUBLIC or any(found in network for network in NOT_PUBLIC):
            return False
    return found.is_global and not found.is_multicast


def checked_place(host: str, port: int, *, inner: Iterable[str] = ()) -> str:
    """The address to connect to. Raises CannotLeave, OSError when the name leads nowhere.

    `inner` are names that may lie in our own network. With OUTGOING_HOSTS only the named hosts are asked; an entry
    that begins with a dot means all below it.
    """
    name = host.lower().rstrip(".")
    allowed = [each.lower() for each in settings.OUTGOING_HOSTS]
    is_listed = any(name == each or (each.startswith(".") and name.endswith(each)) for each in allowed)
    if allowed and not is_listed and name not in inner:
        raise CannotLeave(
            _("%(host)s is not among the hosts that may be asked. Let the operator add it to the list.")
            % {"host": host}
        )
    found = sorted({str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    if not found or (name not in inner and not all(is_outside(address) for address in found)):
        raise CannotLeave(_("“%(host)s” is an address of a private network: it is not asked.") % {"host": host})
    return found[0]


def connect(host: str, port: int, *, timeout: float, inner: Iterable[str] = ()) -> socket.socket:
    """A connection to an address that was looked at: a name that changes its mind meanwhile leads nowhere else."""
    return socket.create_connection((checked_place(host, port, inner=inner), port), timeout=timeout)


class _Bell:
    """Cuts a connection when the time is over, in the middle of a handshake or of a line."""

    def __init__(self, wire: socket.socket) -> None:
        self.number = wire.dup()
        self.timer = threading.Timer(LONGEST, self.ring)
        self.timer.daemon = True
        self.timer.start()

    def ring(self) -> None:
        with suppress(OSError):
            self.number.shutdown(socket.SHUT_RDWR)

    def put_away(self) -> None:
        self.timer.cancel()
        self.number.close()


class _Pinned:
    """Connects to the checked address and still asks the certificate for the name."""

    inner: ClassVar[tuple[str, ...]] = ()
    bells: ClassVar[list[_Bell]] = []

    def _new_conn(self: Any) -> socket.socket:
        name = self._dns_host
        self._dns_host = checked_place(name.strip("[]"), self.port, inner=self.inner)
        try:
            wire: socket.socket = super()._new_conn()  # type: ignore[misc]
        finally:
            self._dns_host = name
        self.bells.append(_Bell(wire))
        return wire


class _Adapter(HTTPAdapter):
    def __init__(self, inner: tuple[str, ...], bells: list[_Bell]) -> None:
        self.inner, self.bells = inner, bells
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        pools: Any = {}
        kinds: Any = {"http": (HTTPConnectionPool, HTTPConnection), "https": (HTTPSConnectionPool, HTTPSConnection)}
        for scheme, (pool, kind) in kinds.items():
            line = type(kind.__name__, (_Pinned, kind), {"inner": self.inner, "bells": self.bells})
            pools[scheme] = type(pool.__name__, (pool,), {"ConnectionCls": line})
        manager.pool_classes_by_scheme = pools


class Session(requests.Session):
    """A session of requests that leaves by the one way: https, checked addresses, no redirection, a megabyte at most.

    Clear text is for this machine only. Proxies and passwords of the environment are not read: a call that another
    machine makes for us cannot be checked here.
    """

    def __init__(self, *, inner: Iterable[str] = ()) -> None:
        super().__init__()
        self.trust_env = False
        self.inner = tuple(inner)
        self.bells: list[_Bell] = []
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self.inner, self.bells))

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        host = requests.utils.urlparse(request.url or "").hostname or ""
        if not (request.url or "").startswith("https://") and not (host in LOOPBACK and host in self.inner):
            raise RefusedCall(_("%(host)s is asked by https only.") % {"host": host})
        kwargs |= {"timeout": kwargs.get("timeout") or SECONDS, "stream": True, "allow_redirects": False}
        ends_at = time.monotonic() + LONGEST
        try:
            response = super().send(request, **kwargs)
            if response.is_redirect:
                response.close()
                raise RefusedCall(_("%(host)s leads to another place: it is not followed.") % {"host": host})
            _read_whole(response, host, ends_at)
        except CannotLeave as error:
            raise RefusedCall(str(error)) from error
        finally:
            # Each call has a connection of its own, so that each has its bell.
            for adapter in self.adapters.values():
                adapter.close()
            while self.bells:
                self.bells.pop().put_away()
        return response


def _read_whole(response: requests.Response, host: str, ends_at: float) -> None:
    content = bytearray()
    for piece in response.iter_content(65_536):
        content += piece
        if len(content) > MOST_BYTES:
            break
    # An answer of no told length ends quietly when the bell rings.
    if len(content) > MOST_BYTES or time.monotonic() > ends_at:
        response.close()
        raise RefusedCall(_("%(host)s answers too much or too slowly.") % {"host": host})
    response._content = bytes(content)


def reason_of(error: BaseException, host: str) -> str:
    """Why nobody answered, in words: what lies under the errors of the libraries, or the words of a refusal of ours."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, (CannotLeave, RefusedCall)):
            return str(cause)
    for kinds, words in (
        (socket.gaierror, _("no machine is called “%(host)s”: check the address.")),
        ((TimeoutError, requests.exceptions.Timeout), _("“%(host)s” does not answer in time: try again later.")),
        (ConnectionRefusedError, _("“%(host)s” accepts no connection: check the address and its port.")),
        (ssl.SSLError, _("the certificate of “%(host)s” is not valid: its operator has to mend it.")),
    ):
        if any(isinstance(cause, kinds) for cause in causes):
            return words % {"host": host}
    return _("“%(host)s” does not answer as web servers do.") % {"host": host}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it was made of: causes, contexts, arguments."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        under = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [each for each in under if isinstance(each, BaseException)]
