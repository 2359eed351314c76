"""Trials of routing rules on a past month: asked for, run, kept to be read and compared."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import Progress
from pavillon.crm.models.routing_versions import RULE_WRITERS, RoutingVersion


class RoutingSimulationQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A trial counts what its author saw then: those who see every request read all, others their own of there."""
        if user.role not in RULE_WRITERS:
            return self.none()
        if user.organisation.kind == Kind.AGENCY and user.organisation.level == Level.NATIONAL:
            return self
        return self.filter(asked_by=user, acting__organisation=user.organisation)

    def moving(self):
        return self.filter(state__in=[Progress.WAITING, Progress.RUNNING])

    def with_names(self):
        return self.select_related("version__region", "asked_by")


class RoutingSimulation(models.Model):
    """Where the requests of a month would go, by the rules in force and by a draft: waiting → running → done.

    `answer` keeps numbers of people, teams and requests (`queries.simulation`), which the page names anew.
    """

    # None once the draft was thrown away; `named` says which one it was, "" the rules in force themselves.
    version = models.ForeignKey(RoutingVersion, null=True, on_delete=models.SET_NULL, related_name="simulations")
    named = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What the author was acting as: the requests are those that he saw then. None once that role was taken back.
    acting = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(_("state"), max_length=8, choices=Progress, default=Progress.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # Why there is no answer.
    problem = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)
    # The rules that were tried, as a mark: whether they changed since.
    mark = models.CharField(max_length=32, blank=True)
    answer = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = RoutingSimulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("simulation of routing rules")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="routing_simulation_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="done_simulation_is_dated"
            )
        ]

    def __str__(self):
        return self.named or gettext("Rules in force")

    def get_absolute_url(self):
        return reverse("crm:routing_simulation", args=[self.pk])

    @property
    def is_moving(self):
        return self.state in (Progress.WAITING, Progress.RUNNING)

    @property
    def percent(self):
        return 100 * self.done // self.total if self.total else 0
