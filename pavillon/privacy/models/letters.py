"""What was written to people about their data: to whoever has no account too."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import VisibleQuerySet


class LetterQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role("data_protection_officer") else self.none()


class Letter(models.Model):
    """One letter, in the person's language; kept as the proof of what was said. Written → sent (`sent_at`)."""

    to = EncryptedTextField(_("to"))
    to_index = BlindIndexField(of="to")
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=200)
    body = EncryptedTextField(_("text"))
    written_at = models.DateTimeField(_("written on"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent on"), null=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter about personal data")
        ordering = ["-written_at", "-pk"]

    def __str__(self):
        return self.subject
