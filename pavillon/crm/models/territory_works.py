"""Changes of territories that move many companies: asked for, written by a worker in one go, told at the end."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import Progress, TerritoryAsk
from pavillon.crm.models.territories import TERRITORY_READERS, Territory, TerritoryChange

MOVING = (Progress.WAITING, Progress.RUNNING)


class TerritoryWorkQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in TERRITORY_READERS else self.none()

    def moving(self):
        return self.filter(state__in=MOVING)


class TerritoryWork(models.Model):
    """A change that was previewed and applied, on its way: waiting → running → done, or failed with nothing written."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("reference.Region", on_delete=models.PROTECT, related_name="+")
    ask = models.CharField(max_length=8, choices=TerritoryAsk)
    territory = models.ForeignKey(Territory, null=True, on_delete=models.SET_NULL, related_name="+")
    # What the form was answered, and the mark of the preview that was read; of an undoing, the change.
    posted = models.JSONField(default=dict)
    seen = models.CharField(max_length=32, blank=True)
    undoes = models.ForeignKey(TerritoryChange, null=True, on_delete=models.CASCADE, related_name="+")
    companies = models.PositiveIntegerField(default=0)
    # What passed from whom to whom when it was asked for: {"giver": a person's number or None, "to": the same,
    # "companies": their numbers as PostgreSQL writes an array}. None in what was asked for before it was kept.
    passing = models.JSONField(null=True, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # None once the role was taken back on the day it was given: nothing is done in it any more.
    acting = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=8, choices=Progress, default=Progress.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    # Companies whose referent is written so far; nobody else reads them before the end.
    written = models.PositiveIntegerField(default=0, db_default=0)
    problem = models.CharField(max_length=300, blank=True)
    change = models.ForeignKey(TerritoryChange, null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)

    objects = TerritoryWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of territories on its way")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_territory_work_at_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(finished_at__isnull=False),
                name="finished_territory_work_is_dated",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="territory_work_is_a_percentage"),
        ]

    def __str__(self):
        return self.get_ask_display()

    def get_absolute_url(self):
        return reverse("crm:territory_work", args=[self.pk])

    @property
    def is_moving(self):
        return self.state in MOVING
