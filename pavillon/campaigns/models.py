"""Campaigns over several channels, what they cost, and for how long an order is counted as theirs."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.campaigns.enums import Channel, Phase
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.enums import Currency

READERS = frozenset(
    {
        Role.ADVISER,
        Role.TEAM_MANAGER,
        Role.TELE_PROSPECTOR,
        Role.SALES,
        Role.SHOWROOM_MANAGER,
        Role.REGION_OFFICIAL,
    }
)
# How long after its last day a campaign is still offered where one says what prompted a request.
OFFERED_AFTER = datetime.timedelta(days=365)


class CampaignQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The national agency sees every campaign, a regional organisation those of its region.

        Everybody of the team sees his organisation's and those that are shared. The second wall says the same.
        """
        if user.role not in READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        mine = Q(organisation=place) | Q(is_shared=True)
        if place.level == Level.REGIONAL and place.region_id:
            mine |= Q(region=place.region_id)
        return self.filter(mine)

    def offered(self):
        """Those that a request may point to: not closed, and not over for too long."""
        since = timezone.localdate() - OFFERED_AFTER
        return self.filter(closed_at__isnull=True, ends_on__gte=since).order_by("-starts_on", "-pk")

    def at(self, phase):
        today = timezone.localdate()
        rows = self.filter(closed_at__isnull=phase != Phase.CLOSED)
        if phase == Phase.PLANNED:
            return rows.filter(starts_on__gt=today)
        if phase == Phase.RUNNING:
            return rows.filter(starts_on__lte=today, ends_on__gte=today)
        return rows.filter(ends_on__lt=today) if phase == Phase.OVER else rows


class Campaign(Dated):
    """One effort over several channels, from a day to a day (both included), by one organisation.

    Requests point to it by their touches (`crm.LeadTouch`). `code` is what a link of the web says of itself. All its
    amounts are in one `currency`. A closed campaign is no longer offered, and its links attribute nothing more.
    """

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(
        _("code"),
        max_length=24,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]+(-[A-Z0-9]+)*$", _("Capital letters, digits and single hyphens."))],
    )
    aim = models.TextField(_("aim"), blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        "reference.Region",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("region"),
        help_text=_("Empty: the whole country."),
    )
    is_shared = models.BooleanField(
        _("shared with the whole team"),
        default=False,
        help_text=_("Every organisation reads it, and its requests may point to it."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.EUR)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["-starts_on", "-id"], name="campaign_newest"),
            models.Index(fields=["organisation", "-starts_on"], name="campaign_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_starts"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("campaigns:view_campaign", args=[self.pk])

    @property
    def phase(self):
        if self.closed_at:
            return Phase.CLOSED
        today = timezone.localdate()
        if self.starts_on > today:
            return Phase.PLANNED
        return Phase.RUNNING if self.ends_on >= today else Phase.OVER


class CampaignCostQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Whoever finds the campaign."""
        return self.filter(campaign__in=Campaign.objects.visible_to(user).order_by().values("pk"))


class CampaignCost(Dated):
    """One line of what a channel of a campaign costs, in the campaign's currency.

    `spent` is None as long as nobody said it: that is not nothing.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="costs")
    channel = models.CharField(_("channel"), max_length=5, choices=Channel)
    label = models.CharField(_("what for"), max_length=120)
    planned = models.DecimalField(_("planned"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    spent = models.DecimalField(
        _("spent"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Empty: not known yet."),
    )

    objects = CampaignCostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of a campaign")
        verbose_name_plural = _("costs of campaigns")
        ordering = ["channel", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0) & (Q(spent__isnull=True) | Q(spent__gte=0)),
                name="campaign_cost_not_negative",
            ),
        ]

    def __str__(self):
        return f"{self.get_channel_display()} – {self.label}"


class CampaignSettings(models.Model):
    """For how long a touch still counts for an order: one row, edited on a screen."""

    window_days = models.PositiveSmallIntegerField(
        _("a touch counts for orders of the next (days)"),
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(1500)],
        help_text=_("The same for all campaigns, so that the shares of an order add up to one."),
    )

    class Meta:
        verbose_name = _("settings of campaigns")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="campaign_settings_are_one_row"),
            models.CheckConstraint(condition=Q(window_days__gte=1), name="campaign_window_is_a_day"),
        ]

    def __str__(self):
        return _gettext("Settings of campaigns")
