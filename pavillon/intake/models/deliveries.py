"""Files that partners bring, their layouts, and what becomes of each row."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models import Source
from pavillon.directory.queries import ColumnPolicy
from pavillon.intake.columns.parsing import plain
from pavillon.intake.enums import COMPANIES, Choice, DeliveryState, Outcome
from pavillon.intake.models.parts import kinds
from pavillon.privacy.enums import LegalBasis

# Who keeps the base: they see every file, others those of their organisation.
KEEPERS = frozenset({Role.PLATFORM_ADMIN, Role.DATA_PROTECTION_OFFICER})
BRINGERS = frozenset({Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN, Role.PLATFORM_ADMIN})
SIGN_OF_LIFE = timedelta(minutes=3)
BUSY = (DeliveryState.REHEARSING, DeliveryState.TAKING, DeliveryState.UNDOING)


def signature_of(header: list[str], kind: str = COMPANIES) -> str:
    """Files of one kind with the same columns, in any order, have the same signature: so a layout is recognised."""
    said = sorted(map(plain, header)) + ([] if kind == COMPANIES else [f"kind {kind}"])
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Layout(Dated):
    """How the files of one source are laid out: remembered at each rehearsal, proposed for the next file.

    `mapping` is {name of the column: {"target": key of `columns.TARGETS` or "", "policy": ColumnPolicy}}.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="layouts")
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("layout of files")
        constraints = [models.UniqueConstraint(fields=["source", "signature"], name="layout_once_per_source")]

    def __str__(self):
        return str(self.source)


class DeliveryQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Keepers of the base see every file; who brings files in, those of his organisation."""
        if user.has_role(*KEEPERS):
            return self
        return self.filter(organisation=user.organisation) if user.has_role(*BRINGERS) else self.none()


class Delivery(Dated):
    """One file of a source: read, rehearsed, taken over, perhaps undone.

    The file itself is kept encrypted in the data folder (`intake.vault`) until its rows are stored. `rehearsed` and
    `taken` are reports: {"rows": n, outcome: n, …, "contacts": {…}, "columns": {name: refused cells}}.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("source"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", editable=False)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What its rows are: companies with their people, or a kind of `models.parts`.
    kind = models.SlugField(_("what the rows are"), max_length=20, default=COMPANIES, db_index=False)
    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes")
    # {"format", "encoding", "separator", "sheet", "header_line"} as `reading.open_table` found or was told.
    reading = models.JSONField(default=dict)
    header = ArrayField(models.TextField(), default=list)
    sample = EncryptedTextField(blank=True)
    mapping = models.JSONField(default=dict)
    observed_on = models.DateField(_("as of"), help_text=_("The day on which the partner drew the file."))
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.BROUGHT)
    # Rows read so far, and rows of the present phase already worked off: what the progress bar shows.
    rows_read = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    is_read = models.BooleanField(default=False)
    rehearsed = models.JSONField(default=dict)
    taken = models.JSONField(default=dict)
    undone = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    rehearsed_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # In whose name it is undone, not always who brought it.
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivered file")
        verbose_name_plural = _("delivered files")
        ordering = ["-pk"]
        constraints = [
            # The same file of the same source is not taken over twice; undone, it may come again.
            models.UniqueConstraint(
                fields=["source", "kind", "digest"],
                condition=Q(state__in=["taking", "taken"]),
                name="delivery_taken_once",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("intake:delivery", args=[self.pk])

    @property
    def is_busy(self):
        return self.state in BUSY

    @property
    def is_stuck(self):
        """Busy without a sign of life: its worker was stopped."""
        return self.is_busy and self.changed_at < timezone.now() - SIGN_OF_LIFE

    @property
    def percent(self):
        return 100 * self.rows_done // self.rows_read if self.rows_read else 0

    @property
    def is_mostly_refused(self):
        """A third of the rows or more: a column is probably named wrongly."""
        rows = self.rehearsed.get("rows", 0)
        return bool(rows) and 3 * self.rehearsed.get("rejected", 0) >= rows

    @property
    def is_of_companies(self):
        return self.kind == COMPANIES

    @property
    def kind_label(self):
        return kinds().get(self.kind, self.kind)

    @property
    def sheets(self) -> list[str]:
        """The sheets of a workbook, none for a text."""
        return list(self.reading.get("sheets") or [])

    @property
    def first_rows(self) -> list[list[str]]:
        """The cells of the first rows, for naming the columns."""
        return list(json.loads(self.sample)) if self.sample else []

    @property
    def policies(self) -> dict[str, ColumnPolicy]:
        """Policy by column of the base, for `directory.actions.offer_many`; companies' and contacts' do not clash."""
        return {
            chosen["target"]: ColumnPolicy(chosen.get("policy", ColumnPolicy.TRUST))
            for chosen in self.mapping.values()
            if chosen.get("target")
        }


class DeliveryRowQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The rows of the files that one sees; rows that name a company closed to the reader are left out."""
        return self.filter(delivery__in=Delivery.objects.seen_by(user))

    def to_decide(self):
        return self.filter(outcome=Outcome.DOUBTFUL, choice=Choice.NONE)

    def differing(self):
        """Taken over otherwise than foreseen, unless a person decided it."""
        decided = {"outcome": Outcome.DOUBTFUL, "choice__in": [Choice.SAME, Choice.NEW]}
        return self.exclude(taken_outcome="").exclude(outcome=F("taken_outcome")).exclude(**decided)


class DeliveryRow(models.Model):
    """One row of a file, with what the rehearsal foresaw and what the take-over did.

    Cells and reasons are encrypted: they hold people's names, addresses and numbers. `leader` is the line of an earlier
    row of the same file that speaks of the same company.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    sealed = EncryptedTextField()
    leader = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome, default=Outcome.WAITING, blank=True)
    # JSON: {"reasons": […], "fields": {group: [verdict, why, before, after]}}
    foreseen = EncryptedTextField(blank=True)
    score = models.FloatField(null=True)
    choice = models.CharField(max_length=4, choices=Choice, default=Choice.NONE, blank=True)
    company = models.ForeignKey("directory.Company", null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    taken_outcome = models.CharField(max_length=11, choices=Outcome, default=Outcome.WAITING, blank=True)
    taken_at = models.DateTimeField(null=True)
    # JSON: what the take-over wrote, for undoing: {"created": bool, "company": {group: [before, after]}, …}
    done = EncryptedTextField(blank=True)
    undone_outcome = models.CharField(max_length=10, blank=True)

    objects = DeliveryRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a delivered file")
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["delivery", "line"], name="delivery_line_once")]
        indexes = [models.Index(fields=["delivery", "outcome", "line"], name="delivery_row_by_outcome")]

    def __str__(self):
        return f"{self.delivery_id}:{self.line}"

    @property
    def cells(self) -> dict[str, str]:
        """Text by name of column, as the file has it."""
        return dict(json.loads(self.sealed))

    @property
    def report(self) -> dict[str, Any]:
        return dict(json.loads(self.foreseen)) if self.foreseen else {}

    @property
    def written(self) -> dict[str, Any]:
        return dict(json.loads(self.done)) if self.done else {}
