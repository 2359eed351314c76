"""Data that a law keeps secret (customs, statistics): who may open them, for which purpose, until when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.privacy.models.retention import OfficerQuerySet
from pavillon.reference.models import Named


class RestrictedClass(Named):
    """A class of legally secret data, with the text that makes it so."""

    code = models.SlugField(primary_key=True)
    law = models.CharField(_("law"), max_length=200)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("class of secret data")
        ordering = ["code"]


class RestrictedPurpose(Named):
    """What data of a class may be opened for; for nothing else."""

    restricted_class = models.ForeignKey(RestrictedClass, on_delete=models.PROTECT, related_name="purposes")
    code = models.SlugField(unique=True)

    class Meta:
        verbose_name = _("purpose of secret data")
        ordering = ["restricted_class", "code"]


class ClearanceQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role("data_protection_officer") else self.filter(user=user)

    def in_force(self, on=None):
        on = on or timezone.localdate()
        return self.filter(starts_on__lte=on, ends_on__gte=on, ended_at__isnull=True)


class Clearance(Dated):
    """One person may open a class of secret data for one purpose, by a decision, for at most a year.

    in force (between its days) → ended (`ended_at`, before its last day).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clearances")
    purpose = models.ForeignKey(RestrictedPurpose, on_delete=models.PROTECT, related_name="clearances")
    reference = models.CharField(_("reference of the decision"), max_length=120)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="clearance_ends_later")]

    def __str__(self):
        return self.reference

    @property
    def is_in_force(self):
        return self.ended_at is None and self.starts_on <= timezone.localdate() <= self.ends_on
