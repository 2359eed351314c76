"""What time really took."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import Who, Why
from pavillon.core.models import VisibleQuerySet


class OwnQuerySet(VisibleQuerySet):
    """How somebody spends his time is nobody else's business."""

    def seen_by(self, user):
        return self.filter(owner=user)


class TimeSpanQuerySet(OwnQuerySet):
    def running(self):
        return self.filter(ended_at__isnull=True)


class TimeSpan(models.Model):
    """One stretch of real work on an entry; without an end, it runs."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey("agenda.Entry", on_delete=models.CASCADE, related_name="spans")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = TimeSpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("real time")
        ordering = ["started_at"]
        indexes = [models.Index(fields=["owner", "started_at"], name="span_by_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(ended_at__isnull=True), name="one_clock_runs"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="span_ends_after_it_starts"
            ),
            # Nobody works twice at the same moment: what is measured adds up.
            ExclusionConstraint(
                name="spans_do_not_overlap",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (
                        Func("started_at", "ended_at", Value("[)"), function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class InterruptionQuerySet(OwnQuerySet):
    def open(self):
        return self.filter(minutes__isnull=True)


class Interruption(models.Model):
    """Who interrupted, why and how long (ledger AGD-11); without minutes, it lasts. Taken off the entry's time."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(
        "agenda.Entry", null=True, blank=True, on_delete=models.SET_NULL, related_name="interruptions"
    )
    who = models.CharField(_("who"), max_length=10, choices=Who, blank=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    why = models.CharField(_("why"), max_length=10, choices=Why, blank=True)
    began_at = models.DateTimeField(_("when"), default=timezone.now)
    minutes = models.PositiveSmallIntegerField(_("how long (minutes)"), null=True)

    objects = InterruptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interruption")
        ordering = ["-began_at"]
        indexes = [models.Index(fields=["owner", "-began_at"], name="interruption_by_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(minutes__isnull=True), name="one_interruption_lasts"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | (~Q(who="") & ~Q(why="")), name="interruption_says_who_and_why"
            ),
        ]
