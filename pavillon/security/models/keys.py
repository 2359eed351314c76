"""Wrapped data keys."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.security.enums import Purpose


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

    def __str__(self):
        return f"{self.get_purpose_display()} {self.generation}"
