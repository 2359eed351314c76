"""How long data are kept: rules as data, and each time that one was applied."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.privacy.enums import Notice, RetentionAct, RunState


class OfficerQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role("data_protection_officer") else self.none()


class RetentionRule(Dated):
    """After so many months, rows of a table lose their people (or go), told beforehand to whom it concerns."""

    table = models.CharField(_("table"), max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(_("kept (months)"))
    act = models.CharField(_("then"), max_length=10, choices=RetentionAct, default=RetentionAct.ANONYMISE)
    notice = models.CharField(_("told beforehand"), max_length=10, choices=Notice, default=Notice.NOBODY)
    notice_days = models.PositiveSmallIntegerField(_("days between notice and act"), default=0)
    is_active = models.BooleanField(_("runs by itself"), default=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of retention")
        ordering = ["table"]
        constraints = [
            models.CheckConstraint(condition=Q(months__gte=1), name="retention_keeps_a_month"),
            models.CheckConstraint(
                condition=Q(notice="nobody") | Q(notice_days__gte=1), name="retention_notice_leaves_days"
            ),
        ]

    def __str__(self):
        return self.table

    def get_absolute_url(self):
        return reverse("privacy_team:retention_rule", args=[self.pk])


class RetentionRun(Dated):
    """A rule applied once: the list, whom it was told to, what was done, the certificate.

    listed → noticed (days run) → done; an officer may stop it before, with a reason. `numbers` are the rows listed,
    `spared` those that were used again before the act.
    """

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.LISTED)
    before = models.DateField(_("older than"))
    numbers = models.JSONField(default=list)
    told = models.PositiveIntegerField(_("people told"), default=0)
    act_on = models.DateField(_("act on"))
    done_at = models.DateTimeField(_("done on"), null=True)
    spared = models.PositiveIntegerField(_("used again, spared"), default=0)
    erasure = models.CharField(max_length=40, blank=True)
    digest = models.CharField(_("digest of the certificate"), max_length=64, blank=True)
    reason = models.CharField(_("why it was stopped"), max_length=300, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("application of a rule of retention")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["rule"], condition=Q(state__in=["listed", "noticed"]), name="retention_run_waiting")
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("privacy_team:retention_run", args=[self.pk])

    @property
    def reference(self):
        return f"CO-{self.pk:05d}"

    @property
    def count(self):
        return len(self.numbers)

    @property
    def is_waiting(self):
        return self.state in (RunState.LISTED, RunState.NOTICED)

    @property
    def days_left(self):
        return (self.act_on - timezone.localdate()).days
