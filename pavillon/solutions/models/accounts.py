"""Accounts that companies opened, people who ask to join one, and how many companies each regional site reaches."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.directory.models import Company
from pavillon.reference.models import Region
from pavillon.solutions.enums import JoinState
from pavillon.solutions.models.diagnosis import Diagnosis


class AccountOpening(models.Model):
    """A company that opened its account, from the site of a region or from the national one (ledger DIAG-09)."""

    company = models.OneToOneField(Company, on_delete=models.CASCADE, related_name="opening")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    region = models.ForeignKey(Region, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    diagnosis = models.ForeignKey(Diagnosis, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("opened account")
        indexes = [models.Index(fields=["region", "opened_at"], name="opening_by_region")]

    def __str__(self):
        return f"{self.company} {self.opened_at:%Y-%m-%d}"


class JoinRequestQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        return self.filter(user=user)

    def waiting(self):
        return self.filter(state=JoinState.ASKED)


class JoinRequest(models.Model):
    """A second person of a company asks its manager to be let in.

    | state | decided_at |
    |---|---|
    | asked | empty |
    | accepted, refused | the moment |
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    state = models.CharField(_("state"), max_length=8, choices=JoinState, default=JoinState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"], condition=Q(state="asked"), name="one_waiting_join_request"
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True) | Q(decided_at__gte=F("asked_at")),
                name="join_request_decided_later",
            ),
        ]

    def __str__(self):
        return f"{self.user} → {self.company}"


class CompanyVisit(models.Model):
    """A signed-in company that looked at a region's site, once a month, with consent (ledger REG-04)."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(help_text="First day of the month.")

    class Meta:
        verbose_name = _("visit of a company")
        constraints = [
            models.UniqueConstraint(fields=["company", "region", "month"], name="company_counted_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="visit_month_is_a_first_day"),
        ]
        indexes = [models.Index(fields=["region", "month"], name="visit_by_region")]


class RegionSite(models.Model):
    """Since when a region has its site (ledger REG-03); `website` says so when an editor publishes or takes it down."""

    region = models.OneToOneField(Region, primary_key=True, on_delete=models.PROTECT, related_name="+")
    live_since = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("site of a region")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("live_since")),
                name="site_closes_after_it_opens",
            )
        ]
