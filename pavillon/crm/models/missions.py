"""What private partners do for the companies transmitted to them: deadlines, results, quality."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import MissionState
from pavillon.crm.models.leads import LEAD_READERS, Lead

# Until somebody says another day.
USUAL_DAYS = 30
# How long before its deadline the partner is reminded of a mission.
REMIND_DAYS = 7


class MissionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A partner sees its own as long as it has the request, none that was stopped; the team those of the requests
        that it sees.

        A mission that is over does not outlive the consent either: it names the company and what it wants.
        """
        if user.role == Role.PRIVATE_PARTNER:
            own = self.filter(partner=user.organisation, lead__team=user.organisation)
            return own.exclude(state=MissionState.STOPPED)
        if user.role not in LEAD_READERS:
            return self.none()
        return self.filter(Q(sent_by=user) | Q(lead__in=Lead.objects.seen_by(user).order_by()))

    def running(self):
        return self.filter(state=MissionState.RUNNING)

    def to_remind(self, today):
        """Running ones whose partner is to be told that the deadline is near, or both that it has passed."""
        near = Q(due_on__gte=today, due_on__lte=today + timedelta(days=REMIND_DAYS))
        unsaid = near & ~Q(reminded_for=F("due_on")) | near & Q(reminded_for=None)
        late = Q(due_on__lt=today) & (Q(told_late_for=None) | ~Q(told_late_for=F("due_on")))
        return self.running().filter(unsaid | late).order_by("pk")

    def late(self):
        return self.running().filter(due_on__lt=timezone.localdate())

    def with_names(self):
        return self.select_related("lead__company", "partner", "adviser", "country", "sent_by", "reviewed_by")


class Mission(models.Model):
    """A private partner accompanies a company that was transmitted to it (ledger LEAD-06).

    running → reported by the partner, proven by an exchange → reviewed by whoever sent it or the agency; stopped
    when the company takes its consent back or the request goes elsewhere.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="missions")
    partner = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="missions", verbose_name=_("partner")
    )
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey(
        "reference.Country", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    what = models.TextField(_("what is expected"), blank=True)
    started_on = models.DateField(default=timezone.localdate)
    due_on = models.DateField(_("due on"))
    # The deadline for which the partner was reminded, and for which both sides were told that it is late.
    reminded_for = models.DateField(null=True)
    told_late_for = models.DateField(null=True)
    state = models.CharField(_("step"), max_length=8, choices=MissionState, default=MissionState.RUNNING)
    meetings = models.PositiveSmallIntegerField(_("meetings arranged"), null=True)
    result = models.TextField(_("result"), blank=True)
    reported_at = models.DateTimeField(null=True)
    # The day of its last report, in the house's time zone; it outlives the document.
    delivered_on = models.DateField(_("report delivered on"), null=True)
    quality = models.PositiveSmallIntegerField(
        _("quality (1 to 5)"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    quality_note = models.TextField(_("about the quality"), blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission of a partner")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["partner", "state", "due_on"], name="mission_by_partner"),
            models.Index(fields=["due_on", "id"], name="mission_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(state="running"), name="one_running_mission_per_lead"),
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="mission_is_due_after_its_start"),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "reviewed"]) | Q(reported_at__isnull=False, meetings__isnull=False),
                name="reported_mission_has_a_result",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(quality__gte=1, quality__lte=5, reviewed_at__isnull=False),
                name="reviewed_mission_has_a_quality",
            ),
        ]

    def __str__(self):
        return f"{self.lead.reference} {self.lead.company_label}"

    def get_absolute_url(self):
        return reverse("crm:mission", args=[self.pk])

    @property
    def is_running(self):
        return self.state == MissionState.RUNNING

    @property
    def is_late(self):
        return self.is_running and self.due_on < timezone.localdate()
