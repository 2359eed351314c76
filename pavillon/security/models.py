"""Logs that show when they were tampered with, and who read what."""

import json

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.security.enums import Purpose
from pavillon.security.keys import sign


class DataKey(models.Model):
    """A wrapped keyset: useless without the master key. The last generation of a purpose holds all earlier keys."""

    purpose = models.CharField(_("used for"), max_length=10, choices=Purpose)
    generation = models.PositiveIntegerField(_("generation"))
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("data key")
        constraints = [models.UniqueConstraint(fields=["purpose", "generation"], name="one_keyset_per_generation")]


class ChainedLog(models.Model):
    """A line of a log that is only ever appended.

    At insertion a line gets `mac`, a keyed digest of its content: a line slipped in by hand has none.
    A sealer later gives it its place `sequence` and `chain` = SHA-256(previous chain ‖ mac): a line that was
    altered or taken away breaks every following link. The database refuses any other change (trigger).
    """

    mac = models.BinaryField(max_length=32)
    sequence = models.BigIntegerField(null=True, unique=True)
    chain = models.BinaryField(max_length=32, null=True)

    class Meta:
        abstract = True

    def sealed_content(self):
        """The content that the digest covers, as a dict of plain values."""
        raise NotImplementedError

    def content_digest(self):
        text = json.dumps(self.sealed_content(), sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
        return sign(text.encode())

    def save(self, *args, **kwargs):
        if self.pk is None:
            self.mac = self.content_digest()
        super().save(*args, **kwargs)


class ReadingQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.has_role("security_officer", "data_protection_officer"):
            return self
        return self.none()


class Reading(ChainedLog):
    """Somebody read a record (`object_id` set) or `rows` rows of a list, an export or an API answer."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40, blank=True)
    how = models.CharField(max_length=10)
    rows = models.PositiveIntegerField(default=1)
    read_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    path = models.CharField(max_length=200, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        indexes = [
            models.Index(fields=["model", "object_id", "-read_at"], name="reading_by_object"),
            models.Index(fields=["user", "-read_at"], name="reading_by_user"),
        ]

    def sealed_content(self):
        return {
            "user": self.user_id,
            "organisation": self.organisation_id,
            "model": self.model,
            "object_id": self.object_id,
            "how": self.how,
            "rows": self.rows,
            "read_at": self.read_at,
            "address": self.address or "",
            "path": self.path,
        }
