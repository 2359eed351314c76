"""Files that leave the base, and how much may (ledger SEC-10)."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.encryption import cipher
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.segments.enums import ExportState, Layout, Subject

# They decide about files above the limits, and hear of those that were blocked.
APPROVERS = frozenset({Role.SECURITY_OFFICER})
# States in which a file counts against its author's hour.
COUNTED = (ExportState.QUEUED, ExportState.WRITING, ExportState.READY, ExportState.EXPIRED)


class ExportLimitQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role(*APPROVERS, Role.PLATFORM_ADMIN, Role.DATA_PROTECTION_OFFICER) else self.none()


class ExportLimit(models.Model):
    """How many rows may leave without anybody's word; the last row is in force."""

    hourly_rows = models.PositiveIntegerField(_("rows per hour and person"), default=5_000)
    approval_rows = models.PositiveIntegerField(_("rows of one file above which somebody approves"), default=2_000)
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = ExportLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("export limit")
        ordering = ["-decided_at", "-pk"]


class ExportFileQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own; security sees all of them, never their content."""
        return self if user.has_role(*APPROVERS) else self.filter(author=user)

    def waiting(self):
        return self.filter(state=ExportState.WAITING)


class ExportFile(Dated):
    """A list on its way out of the base.

    =========  ===============================================  =======================================
    state      meaning                                          leaves by
    =========  ===============================================  =======================================
    blocked    above the limits; nothing was written             request_approval
    waiting    above the limits, with a reason: security decides approve_export, refuse_export
    refused    security said no, and why                         –
    queued     granted; a worker will write it                   write_export, cancel_export
    writing    rows are being written (`written` of `rows`)      write_export, cancel_export
    ready      may be fetched by its author until `expires_at`   expire_exports
    failed     the reason is in `note`                           –
    cancelled  its author gave up                                –
    expired    the file was deleted, this line stays             –
    =========  ===============================================  =======================================
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="export_files")
    # What the author was acting as: his rights then are those of the file.
    # None once that role was taken back on the day it was given: nothing is written for it any more.
    acting = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    subject = models.CharField(max_length=20, choices=Subject)
    # What of the companies of the list leaves, a kind of `queries.parts`; "" is their own rows.
    part = models.SlugField(max_length=20, blank=True, default="", db_index=False)
    # What the list asked, as its address says it: rule, columns, order.
    query = models.TextField(blank=True)
    sentence = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "XLSX")], default="csv")
    layout = models.CharField(max_length=10, choices=Layout, default=Layout.WORDS)
    language = models.CharField(max_length=5, default="fr")
    state = models.CharField(max_length=10, choices=ExportState)
    rows = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("why the file is needed"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("why"), max_length=500, blank=True)
    granted_at = models.DateTimeField(null=True)
    # Stands in every row of the file: whoever finds it knows whose it was.
    watermark = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["author", "-granted_at"], name="export_by_author"),
            models.Index(fields=["state"], name="export_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self):
        return self.watermark

    def get_absolute_url(self):
        return reverse("segments:export", args=[self.pk])

    @property
    def path(self):
        return Path(settings.DATA) / "exports" / f"{self.pk}.{self.format}"

    @property
    def place(self):
        """What binds the sealed file to this row."""
        return f"segments.export:{self.pk}"

    def opened(self):
        """The content, as a stream. Raises FileNotFoundError, DataLocked."""
        return cipher().open_file(self.path.open("rb"), self.place)

    @property
    def is_moving(self):
        return self.state in (ExportState.QUEUED, ExportState.WRITING)

    @property
    def percent(self):
        return min(100, round(100 * self.written / self.rows)) if self.rows else 0
