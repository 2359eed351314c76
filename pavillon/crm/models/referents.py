"""The one adviser who answers for a regular exporter."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS


class ReferentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who answers for a company is no secret within the team; a company knows its own."""
        if user.role in LEAD_READERS:
            return self
        if user.has_role(Role.COMPANY_MANAGER, Role.SELLER):
            return self.filter(company__organisation=user.organisation)
        return self.none()

    def on(self, day):
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def current(self):
        return self.on(timezone.localdate())


class Referent(Dated):
    """A person answers for a company over a period (ledger LEAD-01).

    planned (starts later) → current → ended. The database refuses two at the same time.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="referents")
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="referent_of", verbose_name=_("referent")
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ReferentQuerySet.as_manager()

    class Meta:
        verbose_name = _("referent")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["adviser", "ends_on"], name="referent_by_adviser")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="referent_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_referent_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.adviser} – {self.company}"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)

    @property
    def is_planned(self):
        return self.starts_on > timezone.localdate()
