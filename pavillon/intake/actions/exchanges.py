"""The register of exchanges, and public interfaces that are tried and rated."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.enums import LegalStatus
from pavillon.intake.enums import ExchangeStatus, Frequency
from pavillon.intake.models import Exchange, PublicInterface

# Ledger API-08: the public entities that may exchange data one day. (code, entity, subject, status, frequency)
TEN_LINES = (
    ("afd", "AFD", "Entreprises suivies dans les pays partenaires", ExchangeStatus.POSSIBLE, Frequency.OCCASIONAL),
    ("apec-pole-emploi", "APEC, Pôle emploi", "Recrutements pour l’export", ExchangeStatus.POSSIBLE, Frequency.MONTHLY),
    ("agriculture", "Ministère de l’Agriculture (DRAAF)", "Filières agroalimentaires", ExchangeStatus.POSSIBLE,
     Frequency.YEARLY),
    ("bpifrance", "Bpifrance", "CA export, produits de financement et d’assurance", ExchangeStatus.TALKS,
     Frequency.QUARTERLY),
    ("cget", "CGET", "Sièges sociaux et zones prioritaires", ExchangeStatus.TALKS, Frequency.HALF_YEARLY),
    ("dge", "DGE (DIRECCTE)", "Entreprises accompagnées en région", ExchangeStatus.PILOT, Frequency.QUARTERLY),
    ("dg-tresor", "DG Trésor", "Études et contacts par pays", ExchangeStatus.POSSIBLE, Frequency.MONTHLY),
    ("douanes", "Douanes", "Valeurs exportées, sous réserve du secret", ExchangeStatus.TALKS, Frequency.YEARLY),
    ("inpi", "INPI", "Brevets internationaux", ExchangeStatus.TALKS, Frequency.MONTHLY),
    ("regions", "Régions", "Aides et entreprises suivies", ExchangeStatus.POSSIBLE, Frequency.QUARTERLY),
)  # fmt: skip
SECONDS = 10
LARGEST_ANSWER = 64 * 1024


@transaction.atomic
def lay_register() -> int:
    """Lay the ten lines of the register that are not there yet; how many."""
    laid = 0
    for place, (code, entity, subject, status, frequency) in enumerate(TEN_LINES, start=1):
        values = {"entity": entity, "subject": subject, "status": status, "frequency": frequency, "place": place}
        line, is_new = Exchange.objects.get_or_create(code=code, defaults=values)
        if is_new:
            laid += 1
            record("intake.exchange_laid", line, by=None, entity=entity)
    return laid


@transaction.atomic
def change_exchange(*, exchange: Exchange, by: User, **fields: Any) -> Exchange:
    """Say where an exchange stands. A running one needs a legal basis: raises ValueError."""
    exchange = Exchange.objects.select_for_update().get(pk=exchange.pk)
    before = snapshot(exchange)
    for name, value in fields.items():
        setattr(exchange, name, value)
    if exchange.status == ExchangeStatus.RUNNING and exchange.legal_status == LegalStatus.WAITING:
        raise ValueError(_("An exchange that is not approved cannot run: give its legal basis."))
    exchange.save()
    record("intake.exchange_changed", exchange, by=by, changes=changes_since(before, exchange))
    return exchange


@transaction.atomic
def add_interface(*, by: User, **fields: Any) -> PublicInterface:
    """Put a public interface into the catalogue."""
    interface = PublicInterface.objects.create(**fields)
    record("intake.interface_added", interface, by=by, address=interface.address)
    return interface


@transaction.atomic
def rate_interface(*, interface: PublicInterface, usefulness: int, verdict: str, by: User) -> PublicInterface:
    """Say how useful an interface would be, from 1 to 5, and why."""
    interface = PublicInterface.objects.select_for_update().get(pk=interface.pk)
    before = snapshot(interface)
    interface.usefulness, interface.verdict, interface.rated_by = usefulness, verdict, by
    interface.full_clean()
    interface.save()
    record("intake.interface_rated", interface, by=by, changes=changes_since(before, interface))
    return interface


def try_interface(*, interface: PublicInterface, by: User) -> PublicInterface:
    """Ask the interface once and keep what it answered: status, kind of content, or the problem."""
    try:
        answer = ask(interface.address)
        told = {"answered": answer.status, "content_type": answer.content_type[:80], "problem": ""}
    except (OSError, ValueError, http.client.HTTPException) as error:
        told = {"answered": None, "content_type": "", "problem": str(error)[:300]}
    with transaction.atomic():
        interface = PublicInterface.objects.select_for_update().get(pk=interface.pk)
        for name, value in told.items():
            setattr(interface, name, value)
        interface.tested_at = timezone.now()
        interface.save()
        record("intake.interface_tried", interface, by=by, answered=told["answered"] or 0, problem=told["problem"])
    return interface


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str


def ask(address: str) -> Answer:
    """The answer of an address out there, without following it elsewhere.

    The name is resolved once and the connection goes to that very address, so that a name cannot change between the
    check and the call. Private, loopback and other inner addresses are refused unless the setting
    INTAKE_INNER_HOSTS names the host. Raises ValueError with the reason, OSError when nobody answers.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_("“%(address)s” is no web address: begin with https://.") % {"address": address})
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = _checked_place(parts.hostname, port)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=SECONDS)
    sock = socket.create_connection((place, port), timeout=SECONDS)
    try:
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "application/json", "User-Agent": "Pavillon"})
        answer = connection.getresponse()
        answer.read(LARGEST_ANSWER)
        return Answer(answer.status, answer.headers.get("Content-Type", ""))
    finally:
        sock.close()


def _checked_place(host: str, port: int) -> str:
    """One address of a host, none of them inner. Raises ValueError, OSError."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    is_inner = any(not ipaddress.ip_address(place.partition("%")[0]).is_global for place in found)
    if is_inner and host not in getattr(settings, "INTAKE_INNER_HOSTS", ()):
        raise ValueError(_("%(host)s leads into an inner network: such addresses are not asked.") % {"host": host})
    return found[0]
