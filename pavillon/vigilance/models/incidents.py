"""What was noticed about somebody, and whom a rule leaves alone for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.vigilance.enums import Kind, Response, State
from pavillon.vigilance.models.budgets import OfficersQuerySet
from pavillon.vigilance.models.rules import Rule


class IncidentQuerySet(OfficersQuerySet):
    def unanswered(self):
        return self.filter(state=State.NEW)


class Incident(models.Model):
    """An unusual event about one person: what was found, what the platform did, what an officer made of it.

    ==========  =============================================  ==========================
    state       meaning                                        leaves by
    ==========  =============================================  ==========================
    new         nobody has looked                              look_at_incident
    looked_at   an officer is on it                            close_incident
    closed      explained, with a reason                       –
    ==========  =============================================  ==========================
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="incidents")
    rule_number = models.PositiveIntegerField(default=0)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    noticed_at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(default=0)
    # Plain values: {"country": "BR", "before": "FR", "km": 9000, "hours": 2}, {"rows": 8000, "limit": 5000}
    facts = models.JSONField(default=dict)
    response = models.CharField(_("response"), max_length=10, choices=Response)
    suspended_until = models.DateTimeField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    looked_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        ordering = ["-noticed_at", "-pk"]
        indexes = [
            models.Index(fields=["-noticed_at", "-id"], name="incident_by_time"),
            models.Index(fields=["user", "kind", "-noticed_at"], name="incident_by_person"),
            models.Index(fields=["id"], condition=Q(state="new"), name="incident_unanswered"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.pk}"

    def get_absolute_url(self):
        return reverse("vigilance:read_incident", args=[self.pk])

    @property
    def is_open(self):
        return self.state != State.CLOSED


class ExemptionQuerySet(OfficersQuerySet):
    def in_force(self, moment=None):
        moment = moment or timezone.now()
        return self.filter(starts_at__lte=moment, ends_at__gt=moment, ended_at__isnull=True)


class Exemption(models.Model):
    """Somebody whom one rule, or all of them with the budgets, leave alone from one moment to another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    rule = models.ForeignKey(
        Rule, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("rule")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemption")
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["user", "ends_at"], name="exemption_by_person")]
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="exemption_has_an_end")]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_in_force(self):
        return self.ended_at is None and self.starts_at <= timezone.now() < self.ends_at
