"""What gathers around a request: its steps, the channels that touched it, the messages, the proposed companies."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pavillon.crm.enums import Origin, Step
from pavillon.crm.models.leads import Lead


class LeadStep(models.Model):
    """One line of a request's history, written once."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=12, choices=Step)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # Who handles the request after this step.
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["lead", "at"], name="lead_step_by_lead"),
            # What somebody wrote down himself, which he sees wherever it went.
            models.Index(fields=["by", "lead"], name="step_received_by", condition=Q(step="received")),
        ]

    def __str__(self):
        return self.get_step_display()


class LeadTouch(models.Model):
    """A channel that touched the company about this request; the first one is the request's origin (LEAD-11)."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="touches")
    origin = models.CharField(_("channel"), max_length=12, choices=Origin)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    touched_at = models.DateTimeField(default=timezone.now)
    is_first = models.BooleanField(default=False)
    campaign = models.ForeignKey(
        "campaigns.Campaign",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="touches",
        verbose_name=_("campaign"),
    )

    class Meta:
        ordering = ["touched_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lead"], condition=Q(is_first=True), name="lead_has_one_first_touch")
        ]

    def __str__(self):
        return self.get_origin_display()


class ProposedMatch(models.Model):
    """A company of the shared base that a request without a sure match may come from; a person decides.

    `score` goes from 0 to 1; `reasons` are the matcher's words as `directory` writes them in its code.
    """

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="matches")
    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [models.UniqueConstraint(fields=["lead", "company"], name="company_proposed_once")]

    def __str__(self):
        return f"{self.company} {self.score:.2f}"

    @property
    def told_reasons(self):
        return [gettext(reason) for reason in self.reasons]


class LeadMessage(models.Model):
    """What the company adds to its request afterwards, and what its adviser writes back."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_company = models.BooleanField()
    text = models.TextField(_("message"))
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("message about a request")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["lead", "written_at"], name="lead_message_by_lead")]

    def __str__(self):
        return self.text[:60]
