"""Versions of the routing rules: written as a draft, put into force whole, kept when another takes over."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import VersionState
from pavillon.crm.models.leads import LEAD_READERS

RULE_READERS = LEAD_READERS | {Role.PLATFORM_ADMIN, Role.ORGANISATION_ADMIN}
RULE_WRITERS = frozenset({Role.TEAM_MANAGER, Role.PLATFORM_ADMIN})


class RoutingVersionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What is or was in force is known to the team; a draft to those who write rules, in their region."""
        if user.role not in RULE_READERS:
            return self.none()
        drafts = Q(state=VersionState.DRAFT)
        if user.role not in RULE_WRITERS:
            return self.exclude(drafts)
        return self.filter(~drafts | Q(region=user.region_id)) if user.region_id else self

    def drafts(self):
        return self.filter(state=VersionState.DRAFT).select_related("region", "started_by")

    def in_force(self):
        return self.filter(state=VersionState.IN_FORCE)


class RoutingVersion(models.Model):
    """The rules of one level (a region's, or the whole country's) as they stood from one day to another.

    draft → in force → past. Each level has at most one draft and one version in force, so that two levels never wait
    for each other.
    """

    region = models.ForeignKey(
        "reference.Region",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("rules of"),
        related_name="+",
    )
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=8, choices=VersionState, default=VersionState.DRAFT)
    note = models.CharField(_("what changes"), max_length=200, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    objects = RoutingVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the routing rules")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="routing_version_number", nulls_distinct=False),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state="draft"), name="one_routing_draft_per_level", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["region"], condition=Q(state="in_force"), name="one_routing_in_force", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(activated_at__isnull=False), name="routing_in_force_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="past") | Q(retired_at__isnull=False), name="past_routing_is_dated"
            ),
        ]

    def __str__(self):
        return gettext("%(place)s, version %(number)s") % {"place": self.place, "number": self.number}

    def get_absolute_url(self):
        return reverse("crm:routing_version", args=[self.pk])

    @property
    def place(self):
        """Whose rules these are, in the reader's language."""
        return str(self.region) if self.region_id else gettext("the whole country")

    @property
    def is_draft(self):
        return self.state == VersionState.DRAFT
