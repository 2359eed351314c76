"""The register of exchanges, and public interfaces that are tried and rated."""

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
from pavillon.ui import outgoing

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
    except OSError as error:
        problem = outgoing.reason_of(error, urlsplit(interface.address).hostname or "")
        told = {"answered": None, "content_type": "", "problem": problem[:300]}
    except ValueError as error:
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

    Private, loopback and other inner addresses are refused unless the setting INTAKE_INNER_HOSTS names the host.
    Raises ValueError with the reason, OSError when nobody answers.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(_("“%(address)s” is no web address: begin with https://.") % {"address": address})
    with outgoing.Session(inner=settings.INTAKE_INNER_HOSTS) as session:
        answer = session.get(address, headers={"Accept": "application/json", "User-Agent": "Pavillon"})
    return Answer(answer.status_code, answer.headers.get("Content-Type", ""))
