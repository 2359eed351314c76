"""What outside sources say of companies, by SIREN."""

from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.directory.actions import change_source, create_source, forwarded, note_source_record, offer_values
from pavillon.directory.enums import LegalStatus
from pavillon.directory.models import Company, Source
from pavillon.intake import vault
from pavillon.intake.columns import BadValue
from pavillon.intake.columns.guessing import bare_name
from pavillon.intake.columns.parsing import read_siren
from pavillon.intake.enums import SignalKind
from pavillon.intake.events import signal_noted
from pavillon.intake.feeds import FEEDS, Fact, Feed
from pavillon.intake.models import LegalApproval, Signal, ZoneExchange
from pavillon.intake.reading import BadFile, open_table
from pavillon.ui.words import day as day_in_words

SHOWN = 50
"""Refused lines that a report names."""
EVERY = timedelta(days=183)
"""The head-office exchange comes round every six months."""


class NotApproved(Exception):
    """The source may not be used before a legal approval is recorded."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s: no legal approval is recorded. Record who decided, when, and the text of the decision first.")
            % {"name": name}
        )


@dataclass
class SignalReport:
    """What became of the rows of a file: they add up to `rows`. `refused` names the first lines with their reason."""

    rows: int = 0
    added: int = 0
    known: int = 0
    not_in_base: int = 0
    rejected: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def source_of(feed: Feed) -> Source:
    """The source of a feed; created at its first use."""
    found = Source.objects.filter(code=feed.code).first()
    return found or create_source(
        code=feed.code,
        name=feed.name,
        kind=feed.source_kind,
        by=None,
        trust=feed.trust,
        legal_status=feed.legal_status,
    )


@transaction.atomic
def import_signals(*, feed: str, content: bytes, observed_on: date, by: User) -> SignalReport:
    """Note what a file says of companies of the base, all of it or nothing.

    Raises NotApproved, and `BadFile` with the fault. Facts that are known already change nothing.
    """
    kind = FEEDS[feed]
    source = source_of(kind)
    if kind.needs_approval and not LegalApproval.objects.filter(kind=SignalKind.CUSTOMS).exists():
        raise NotApproved(kind.name)
    report, told = SignalReport(), set()
    for line, heads, cells in _rows(kind, content):
        report.rows += 1
        try:
            company = _company(read_siren(cells["siren"]), by)
            facts = kind.read(cells, heads)
        except (BadValue, KeyError) as error:
            report.rejected += 1
            report.refused += [(line, str(error))] if len(report.refused) < SHOWN else []
            continue
        if company is None:
            report.not_in_base += 1
            continue
        is_new = [_note(company, fact, source, observed_on, by) for fact in facts]
        report.added += any(is_new)
        report.known += not any(is_new)
        told |= {(company, fact.kind) for fact, new in zip(facts, is_new, strict=True) if new}
    counts = {name: value for name, value in asdict(report).items() if name != "refused"}
    record("intake.signals_imported", source, by=by, feed=feed, **counts)
    for company, signal in told:
        signal_noted.send(sender=Signal, company=company, kind=signal, source=source, by=by)
    if feed == "zones":
        _close_round()
    return report


def _rows(feed: Feed, content: bytes) -> Any:
    """(line, {our column: the file's}, {our column: cell}) of each row. Raises `BadFile`."""
    with vault.as_file(content) as path:
        table = open_table(path)
        heads: dict[str, str] = {}
        for ours, names in feed.columns.items():
            found = next((head for head in table.header if bare_name(head) in names), None)
            if found is not None:
                heads[ours] = found
            elif ours in feed.needed:
                told = _("The column “%(name)s” is missing. The file has: %(columns)s.")
                raise BadFile("columns", told % {"name": names[0], "columns": ", ".join(table.header)})
        for line, cells in table.rows():
            named = dict(zip(table.header, cells, strict=False))
            yield line, heads, {ours: named.get(head, "").strip() for ours, head in heads.items()}


def _company(siren: str, by: User) -> Company | None:
    found = Company.objects.visible_to(by).filter(siren=siren).first()
    return forwarded(found) if found else None


def _note(company: Company, fact: Fact, source: Source, observed_on: date, by: User) -> bool:
    """Keep one fact; whether it is new or says something else than before."""
    day = fact.observed_on or observed_on
    known = Signal.objects.select_for_update().filter(company=company, source=source, kind=fact.kind, key=fact.key)
    found = known.first() or Signal(company=company, source=source, kind=fact.kind, key=fact.key)
    is_new = found.pk is None or found.facts != fact.facts
    found.facts, found.observed_on, found.legal_status = fact.facts, day, LegalStatus(source.legal_status)
    found.save()
    if fact.offers:
        offer_values(record=company, source=source, values=fact.offers, observed_on=day, by=by)
    note_source_record(record_of=company, source=source, seen_on=day)
    return is_new


@transaction.atomic
def approve_feed(*, reference: str, document: str, decided_on: date, by: User) -> LegalApproval:
    """Record the decision that lets the customs feed run."""
    approval = LegalApproval.objects.create(
        kind=SignalKind.CUSTOMS, reference=reference, document=document, decided_on=decided_on, recorded_by=by
    )
    source = source_of(FEEDS["customs"])
    change_source(source=source, by=by, legal_status=LegalStatus.PUBLIC_TASK, legal_note=reference)
    record("intake.feed_approved", approval, source, by=by, reference=reference, document=document)
    return approval


@transaction.atomic
def export_head_offices(*, by: User) -> ZoneExchange:
    """Begin a round of the exchange: how many head offices leave; the file itself is streamed by the page."""
    count = head_offices(by).count()
    exchange = ZoneExchange.objects.create(exported_at=timezone.now(), exported_by=by, head_offices=count)
    record("intake.head_offices_exported", exchange, by=by, head_offices=count)
    return exchange


def head_offices(by: User) -> Any:
    """French companies at work that may leave the base, with their commune."""
    rows = Company.objects.visible_to(by).exportable().filter(siren__isnull=False, closed_on=None, merged_into=None)
    return rows.select_related("commune").order_by("pk")


def _close_round() -> None:
    """A file of zones answers the last round that is open."""
    exchange = ZoneExchange.objects.select_for_update().filter(returned_at=None).first()
    if exchange:
        exchange.returned_at = timezone.now()
        exchange.save(update_fields=["returned_at", "changed_at"])


def exchange_is_overdue() -> bool:
    """No round within six months, or one that was never answered for as long."""
    latest = ZoneExchange.objects.first()
    return latest is None or latest.exported_at < timezone.now() - EVERY


def remind_exchange() -> bool:
    """Tell the keepers of the base, once a month, that the exchange is overdue; whether they were told."""
    latest = ZoneExchange.objects.first()
    today = timezone.localdate()
    if latest is None or not exchange_is_overdue():
        return False
    if latest.reminded_on and latest.reminded_on > today - timedelta(days=30):
        return False
    with transaction.atomic():
        latest.reminded_on = today
        latest.save(update_fields=["reminded_on", "changed_at"])
        record("intake.exchange_reminded", latest, by=None)
        notify(
            User.objects.working().acting_in(role=Role.PLATFORM_ADMIN).distinct(),
            "intake.exchange_overdue",
            title=gettext_lazy("The six-monthly exchange of head offices is overdue"),
            body=format_lazy(
                gettext_lazy("The last file left on {day}."), day=lazy(day_in_words, str)(latest.exported_at)
            ),
            url="/intake/signals/",
        )
    return True
