"""Rules of unusual events as data, their versions, and dry runs of them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.vigilance.enums import OF_A_RULE, OF_RULES, Progress, Response
from pavillon.vigilance.kinds import KINDS, span_of
from pavillon.vigilance.models.budgets import OfficersQuerySet


class RuleQuerySet(OfficersQuerySet):
    def at_work(self):
        return self.filter(is_on=True)


class Rule(models.Model):
    """One rule: a kind, its figures, and what happens when it finds somebody. Two rules may be of one kind."""

    kind = models.CharField(_("kind"), max_length=20, choices=[(kind.value, kind.label) for kind in OF_RULES])
    figures = models.JSONField(default=dict)
    response = models.CharField(
        _("response"), max_length=10, choices=[(each.value, each.label) for each in OF_A_RULE], default=Response.ALERT
    )
    suspend_hours = models.PositiveSmallIntegerField(_("hours of a suspension"), default=72)
    is_on = models.BooleanField(_("at work"), default=False)
    number = models.PositiveIntegerField(default=1)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of unusual events")
        ordering = ["kind", "pk"]

    def __str__(self):
        return str(self.get_kind_display())

    def get_absolute_url(self):
        return reverse("vigilance:read_rule", args=[self.pk])

    @property
    def about(self):
        return KINDS[self.kind]

    @property
    def filled(self):
        return self.about.filled(self.figures)

    @property
    def told_figures(self):
        """The figures in words: [(label, value), …]."""
        filled = self.filled
        return [(each.label, filled[each.name]) for each in self.about.parameters]

    @property
    def span(self):
        return span_of(self.kind, self.filled)


class RuleVersion(models.Model):
    """What a rule said from a moment on, and who wrote it."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    figures = models.JSONField(default=dict)
    response = models.CharField(max_length=10, choices=Response)
    suspend_hours = models.PositiveSmallIntegerField(default=72)
    is_on = models.BooleanField()
    reason = models.CharField(_("why"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version of a rule")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="one_version_per_number")]

    def __str__(self):
        return f"{self.rule} {self.number}"

    @property
    def told_figures(self):
        filled = self.rule.about.filled(self.figures)
        return [(each.label, filled[each.name]) for each in self.rule.about.parameters]


class Rehearsal(models.Model):
    """What a rule would have done over a past period: a dry run. `found` is a list of hits, the newest first:
    [{"user": 7, "began": …, "noticed": …, "count": 31, "facts": {…}}, …], at most `actions.rehearsals.MOST`."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="rehearsals")
    figures = models.JSONField(default=dict)
    since = models.DateTimeField()
    until = models.DateTimeField()
    progress = models.CharField(max_length=10, choices=Progress, default=Progress.WAITING)
    found = models.JSONField(default=list)
    hits = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = OfficersQuerySet.as_manager()

    class Meta:
        verbose_name = _("dry run of a rule")
        ordering = ["-asked_at", "-pk"]

    def __str__(self):
        return f"{self.rule} {self.asked_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("vigilance:read_rehearsal", args=[self.pk])

    @property
    def told_figures(self):
        filled = self.rule.about.filled(self.figures)
        return [(each.label, filled[each.name]) for each in self.rule.about.parameters]
