"""Append-only logs: every line is signed at insertion and later sealed into a chain."""

import hashlib
import ipaddress
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import VisibleQuerySet
from pavillon.security.keys import is_signed, sign

NONCE_BYTES = 8
_EXACT = Context(prec=1000)


def canonical(value):
    """One spelling for values that the database gives back in another: numbers, moments, lazy words."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        return f"#{number.normalize(_EXACT) if number else 0}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): canonical(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return value if isinstance(value, str) else json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def canonical_address(address):
    """An IP address as PostgreSQL spells it, "" for none or for what is not one (a socket's name)."""
    try:
        return str(ipaddress.ip_address(address)) if address else ""
    except ValueError:
        return ""


def as_stored(value):
    """What a JSON column will give back for this value, so that a line is signed as it will be read."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def signed_form(value):
    """One column of a line as it is signed: the same before it is stored and after it was read.

    A JSON column gives amounts and moments back as the text that its encoder wrote, so that text is what counts inside
    one; a column of its own gives them back as they are.
    """
    if isinstance(value, dict | list | tuple):
        return canonical(as_stored(value))
    found = canonical(value)
    # What JSON gives back as it is needs no way through it.
    return found if type(found) is str or found is None else as_stored(found)


@dataclass(frozen=True)
class Line:
    """One line of any log, as an auditor reads it."""

    happened_at: datetime
    user_id: int | None
    organisation_id: int | None
    kind: str  # "read", or the verb of a change
    how: str
    subjects: list[str]
    address: str | None
    path: str = ""
    rows: int = 1
    changes: dict[str, list[Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    log: str = ""
    pk: int = 0


class ChainedLog(models.Model):
    """A line of a log that is only ever appended.

    | state    | mac                          | sequence, chain                          |
    |----------|------------------------------|------------------------------------------|
    | inserted | nonce and keyed digest       | none                                     |
    | sealed   | the same                     | its place; SHA-256(previous chain ‖ mac) |

    A line slipped in by hand has no digest of ours; one that was altered no longer matches it; one that was
    taken away leaves a hole in the sequence, which signed anchors hold in place. The database refuses every
    other change (trigger `refuse_change`). Subclasses say what is covered and how an auditor reads them.
    """

    mac = models.BinaryField(max_length=64)
    sequence = models.BigIntegerField(null=True)
    chain = models.BinaryField(max_length=32, null=True)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.pk is None:
            self.put_signature()
        super().save(*args, **kwargs)

    def put_signature(self):
        """Sign a new line; those inserted many at a time are signed by who inserts them."""
        # The nonce makes every signature unique: a line copied whole shows as the double that it is.
        nonce = secrets.token_bytes(NONCE_BYTES)
        self.mac = nonce + sign(self.content_bytes(nonce))

    def sealed_content(self):
        """The content that the digest covers, as a dict of plain values."""
        raise NotImplementedError

    def as_line(self):
        """This line as an auditor reads it (`Line`)."""
        raise NotImplementedError

    @classmethod
    def newest(cls, most, *, model="", pk="", people=None, since=None, until=None, field="", verb=""):
        """Lines about one record, by some people, in a period, that changed a field, of verbs that begin so: the
        newest first, at most `most`."""
        raise NotImplementedError

    @classmethod
    def faults_beyond_the_line(cls, lines):
        """Faults of rows that belong to these lines: [(line, reason)]."""
        return []

    def signed_content(self):
        """The content in the one spelling that is signed, as a dict that JSON keeps as it is."""
        return {name: signed_form(value) for name, value in self.sealed_content().items()}

    def content_bytes(self, nonce):
        return nonce + json.dumps(self.signed_content(), sort_keys=True, ensure_ascii=False).encode()

    def is_authentic(self):
        """Whether the application wrote exactly this line."""
        mac = bytes(self.mac)
        return is_signed(mac[NONCE_BYTES:], self.content_bytes(mac[:NONCE_BYTES]))

    def link_after(self, previous_chain):
        return hashlib.sha256(bytes(previous_chain) + bytes(self.mac)).digest()


# How a line of the read log says of others (its `ids`) that what they tell was not shown after all.
NOT_SHOWN = "refused"
AUDITORS = (Role.SECURITY_OFFICER, Role.DATA_PROTECTION_OFFICER)


class ReadingQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role(*AUDITORS) else self.none()

    def not_shown(self, moments):
        """Which of these lines, {key: when}, tell of an answer that stayed in: the set of their keys."""
        if not moments:
            return set()
        # The word follows at the end of the same request: only these months are looked into.
        span = (min(moments.values()), max(moments.values()) + timedelta(hours=1))
        said = self.filter(model="security.reading", how=NOT_SHOWN, ids__overlap=list(moments), read_at__range=span)
        return moments.keys() & {key for ids in said.values_list("ids", flat=True) for key in ids}


class Reading(ChainedLog):
    """Somebody read a record (`object_id` set) or `rows` rows of a list, an export or an API answer (`ids`).

    The table is partitioned by month (`open_reading_month`), because it grows with every page that is opened.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40, blank=True)
    how = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=1)
    ids = ArrayField(models.BigIntegerField(), default=list)
    read_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    path = models.CharField(max_length=200, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        indexes = [
            models.Index(fields=["model", "object_id", "-read_at"], name="reading_by_object"),
            models.Index(fields=["user", "-read_at"], name="reading_by_user"),
            GinIndex(fields=["ids"], name="reading_by_ids"),
            # Lines lie in the order of their hours: a few kilobytes tell where a day is.
            BrinIndex(fields=["read_at"], name="reading_by_time"),
            models.Index(fields=["sequence"], name="reading_by_sequence"),
            models.Index(fields=["id"], condition=Q(sequence__isnull=True), name="reading_unsealed"),
        ]

    def __str__(self):
        return f"{self.model} {self.object_id or self.rows}"

    def sealed_content(self):
        return {
            "user": self.user_id,
            "organisation": self.organisation_id,
            "model": self.model,
            "object_id": self.object_id,
            "how": self.how,
            "rows": self.rows,
            "ids": self.ids,
            "read_at": self.read_at,
            "address": canonical_address(self.address),
            "path": self.path,
        }

    def as_line(self):
        return Line(
            happened_at=self.read_at,
            user_id=self.user_id,
            organisation_id=self.organisation_id,
            kind="read",
            how=self.how,
            subjects=[f"{self.model}:{self.object_id}"] if self.object_id else [self.model],
            address=self.address,
            path=self.path,
            rows=self.rows,
            log=self._meta.label_lower,
            pk=self.pk,
        )

    @classmethod
    def newest(cls, most, *, since=None, until=None, **criteria):
        """Span by span, each longer than the one after it, so that a record met in every tenth line costs a day of the
        log and not all of it. A record opened and a record listed are asked for apart: each has its index."""
        found: dict[int, Any] = {}
        for start, end in _spans(since, until):
            ways = [rows.order_by("-read_at", "-pk")[:most] for rows in cls._ways(since=start, until=end, **criteria)]
            found |= {line.pk: line for line in (ways[0].union(*ways[1:], all=True) if ways[1:] else ways[0])}
            if len(found) >= most:
                break
        return sorted(found.values(), key=lambda line: (line.read_at, line.pk), reverse=True)[:most]

    @classmethod
    def _ways(cls, *, model="", pk="", people=None, since=None, until=None, field="", verb=""):
        lines = cls.objects.none() if field or verb else cls.objects.all()
        if people is not None:
            lines = lines.filter(user__in=people)
        if since:
            lines = lines.filter(read_at__gte=since)
        if until:
            lines = lines.filter(read_at__lt=until)
        if not model:
            return [lines]
        lines = lines.filter(model=model)
        ways = [lines.filter(object_id=str(pk))]
        # The keys of a table are whole numbers of eight bytes.
        if str(pk).isascii() and str(pk).isdigit() and int(pk) < 2**63:
            ways.append(lines.filter(ids__contains=[int(pk)]))
        return ways


# How far back one looks at a time, in days; what is older comes last.
_SPANS = (7, 90)


def _spans(since, until):
    """Spans of time that touch, from the newest to the oldest: [(start, end)], None for no limit."""
    top, end, spans = until or timezone.now(), until, []
    for days in _SPANS:
        start = top - timedelta(days=days)
        if since and start <= since:
            break
        spans.append((start, end))
        end = start
    return [*spans, (since, end)]


class LogAnchor(models.Model):
    """The signed head of a log at one moment: the tail that it names can no longer be cut off or rewritten.

    Anchors are chained too: `mac` covers the previous anchor's, so none can be taken out of the middle.
    """

    log = models.CharField(max_length=60)
    number = models.PositiveBigIntegerField()
    sequence = models.BigIntegerField()
    chain = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(default=timezone.now)
    mac = models.BinaryField(max_length=64)

    class Meta:
        verbose_name = _("log anchor")
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="one_anchor_per_number")]

    def __str__(self):
        return f"{self.log} {self.number}"

    def content_bytes(self, previous_mac):
        content = [self.log, self.number, self.sequence, bytes(self.chain).hex(), canonical(self.sealed_at)]
        return bytes(previous_mac) + json.dumps(content).encode()

    def signed_after(self, previous_mac):
        self.mac = sign(self.content_bytes(previous_mac))
        return self

    def is_authentic(self, previous_mac):
        return is_signed(bytes(self.mac), self.content_bytes(previous_mac))
