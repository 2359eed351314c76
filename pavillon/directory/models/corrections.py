"""Requests to correct what the register says."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import VisibleQuerySet
from pavillon.directory.enums import CorrectionState
from pavillon.directory.models.companies import Company

# The owner of the base: the platform's administrators decide what is corrected against the register.
BASE_OWNERS = frozenset({Role.PLATFORM_ADMIN})


class CorrectionRequestQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who sees the company sees what is asked about it; a company sees what its own people asked."""
        return self.filter(company__in=Company.objects.seen_by(user).values("pk"))

    def waiting(self):
        return self.filter(state=CorrectionState.OPEN)


class CorrectionRequest(models.Model):
    """Somebody says that a field which the register rules is wrong.

    | state | next |
    | open | accepted (the value is put on the card and locked), refused (with the reason) |
    """

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=40)
    # {column: stored value} as on the card when it was asked, and as it should be.
    stands = models.JSONField(encoder=DjangoJSONEncoder)
    proposed = models.JSONField(encoder=DjangoJSONEncoder)
    reason = models.CharField(_("why it is wrong"), max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a correction")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "field"], condition=Q(state="open"), name="one_open_correction_per_field"
            )
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="open"), name="correction_waiting")]

    @property
    def is_open(self):
        return self.state == CorrectionState.OPEN
