"""Consents that are asked for one recipient: who would receive what, and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.privacy.models.consents import Purpose


class QuestionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What one was asked, and what one asked; the data-protection officer sees all."""
        if user.has_role("data_protection_officer"):
            return self
        return self.filter(models.Q(user=user) | models.Q(asked_by=user))

    def open(self):
        return self.filter(answered_at__isnull=True)


class Question(models.Model):
    """One person is asked whether named data may go to a named recipient, for a reason. Asked → answered.

    `scope` names the recipient for machines ("organisation:12"), `recipient` and `data` for people: they stand in the
    proof of the answer as they were shown.
    """

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=80)
    recipient = models.CharField(_("recipient"), max_length=250)
    data = models.JSONField(_("data"), default=list)
    reason = models.TextField(_("why"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about a recipient")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "user", "scope"],
                condition=models.Q(answered_at__isnull=True),
                name="asked_once_at_a_time",
            )
        ]

    def __str__(self):
        return self.recipient
