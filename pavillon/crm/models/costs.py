"""What the channels that bring requests cost."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import Origin
from pavillon.crm.models.leads import LEAD_READERS


class ChannelCostQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who reads requests knows what they cost."""
        return self if user.role in LEAD_READERS else self.none()

    def touching(self, since, until):
        """Spent at least in part between two days, both included."""
        return self.filter(starts_on__lte=until, ends_on__gte=since)


class ChannelCost(Dated):
    """An amount spent on one channel from a day to a day (both included): a month of posts, a stand, an advertisement.

    `detail` narrows the channel (a network, a campaign) in the words that requests of this channel carry.
    """

    origin = models.CharField(_("channel"), max_length=12, choices=Origin)
    detail = models.CharField(_("network or campaign"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    cost = models.DecimalField(_("cost (€)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)

    objects = ChannelCostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost of a channel")
        verbose_name_plural = _("costs of channels")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="channel_cost_not_negative"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="channel_cost_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.get_origin_display()} {self.detail}".strip()
