"""How many rows a person may read, how many he read, and who may read more for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import VisibleQuerySet
from pavillon.vigilance.enums import Stage

OFFICERS = frozenset({Role.SECURITY_OFFICER})
WATCHERS = OFFICERS | {Role.DATA_PROTECTION_OFFICER}


class OfficersQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in WATCHERS else self.none()


class ReadingLimitQuerySet(OfficersQuerySet):
    def in_force(self):
        return self.filter(ended_at__isnull=True)


class ReadingLimit(models.Model):
    """How many rows somebody may read, for everybody, a role, an organisation, or a role in one organisation.

    The narrowest that is in force counts. A change ends the row and writes another, so that each decision stays
    readable. Beyond `hourly_rows` the person proves who he is, beyond `most_rows` nothing more is shown.
    """

    role = models.CharField(_("role"), max_length=30, choices=Role, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("organisation"),
    )  # fmt: skip
    hourly_rows = models.PositiveIntegerField(_("rows within the hour, then the second factor is asked"), default=5_000)
    most_rows = models.PositiveIntegerField(_("rows within the hour, then nothing more is shown"), default=8_000)
    weekly_records = models.PositiveIntegerField(_("different records within seven days"), default=20_000)
    habit_factor = models.PositiveSmallIntegerField(
        _("times the person's usual week, then security is told"), default=4
    )
    habit_floor = models.PositiveIntegerField(_("records below which a week is never unusual"), default=2_000)
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ReadingLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading limit")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "organisation"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_reading_limit_per_scope",
            ),
            models.CheckConstraint(condition=Q(most_rows__gte=F("hourly_rows")), name="most_rows_above_hourly_rows"),
        ]

    def __str__(self):
        told = [self.get_role_display() if self.role else "", str(self.organisation or "")]
        return " · ".join(filter(None, told)) or str(_("Everybody"))


class Spending(models.Model):
    """Rows that one person was shown within five minutes. Written by the function `spend_rows` alone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    slot = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    exported = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("rows read")
        constraints = [models.UniqueConstraint(fields=["user", "slot"], name="one_spending_per_slot")]
        indexes = [models.Index(fields=["slot"], name="spending_by_slot")]

    def __str__(self):
        return f"{self.slot}: {self.opened} + {self.listed} + {self.exported}"


class Reader(models.Model):
    """Where one person stands with his budgets; its row is the lock under which his rows are counted.

    `near_at`, `crossed_at`, `blocked_at`: since when he is near the limit, beyond it, blocked; empty when no more.
    `refused_at` is the last time that an answer was kept from him, for proof or for good.
    `records` is the number of different records of the seven days before `counted_at`, as the job counted it.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    near_at = models.DateTimeField(null=True)
    crossed_at = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    records = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reader")

    def __str__(self):
        return f"{self.user_id}"


class Habit(models.Model):
    """How many different records a person read in one week (from a Monday to the next)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    week_on = models.DateField()
    records = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("habit of reading")
        constraints = [models.UniqueConstraint(fields=["user", "week_on"], name="one_habit_per_week")]

    def __str__(self):
        return f"{self.week_on}: {self.records}"


class ExtensionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in WATCHERS else self.filter(user=user)

    def waiting(self):
        return self.filter(stage=Stage.ASKED)

    def in_force(self, moment=None):
        moment = moment or timezone.now()
        return self.filter(stage=Stage.GRANTED, starts_at__lte=moment, ends_at__gt=moment)


class Extension(models.Model):
    """More rows within the hour, or more records within seven days, for one person until a moment."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.ASKED)
    rows = models.PositiveIntegerField(_("more rows within the hour"), default=0)
    records = models.PositiveIntegerField(_("more records within seven days"), default=0)
    reason = models.CharField(_("what for"), max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("why"), max_length=500, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(_("until"), null=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension of a reading budget")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["user", "ends_at"], name="extension_in_force", condition=Q(stage="granted"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage="granted") | Q(starts_at__lt=F("ends_at")), name="extension_has_an_end"
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self):
        return reverse("vigilance:read_extension", args=[self.pk])
