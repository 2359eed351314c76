"""How a week should look, and how days end."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import Activity, Half
from pavillon.core.models import Dated, VisibleQuerySet


class WeeklyTemplateQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own and that of one's organisation."""
        if not user.is_team:
            return self.none()
        return self.filter(Q(person=user) | Q(organisation=user.organisation, organisation__isnull=False))


class WeeklyTemplate(Dated):
    """The typical week of one person, or of an organisation for all who made none of their own.

    Where neither made one, the week of annex E holds (`queries.templates.DEFAULT_CELLS`).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="weekly_template"
    )
    organisation = models.OneToOneField("accounts.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    morning_from = models.TimeField(_("morning from"), default=datetime.time(9))
    morning_until = models.TimeField(_("morning until"), default=datetime.time(12, 30))
    afternoon_from = models.TimeField(_("afternoon from"), default=datetime.time(14))
    afternoon_until = models.TimeField(_("afternoon until"), default=datetime.time(18))
    buffer = models.PositiveSmallIntegerField(
        _("kept free for the unforeseen (%)"),
        default=15,
        validators=[MaxValueValidator(60)],
        help_text=_("Beyond the rest, a week is over-booked."),
    )
    one_to_ones = models.PositiveSmallIntegerField(
        _("one-to-ones with the manager, at least, a week"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )

    objects = WeeklyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly template")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, organisation__isnull=False)
                | Q(person__isnull=False, organisation__isnull=True),
                name="template_is_of_a_person_or_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(
                    morning_until__gt=F("morning_from"),
                    afternoon_from__gte=F("morning_until"),
                    afternoon_until__gt=F("afternoon_from"),
                ),
                name="template_hours_follow_each_other",
            ),
            models.CheckConstraint(condition=Q(buffer__lte=60), name="template_buffer_leaves_time"),
            models.CheckConstraint(condition=Q(one_to_ones__gte=1), name="template_has_a_one_to_one"),
        ]

    def __str__(self):
        return str(self.person or self.organisation)


class TemplateCell(models.Model):
    """One activity in one half-day of a template."""

    template = models.ForeignKey(WeeklyTemplate, on_delete=models.CASCADE, related_name="cells")
    activity = models.CharField(max_length=12, choices=Activity)
    weekday = models.PositiveSmallIntegerField()
    half = models.CharField(max_length=2, choices=Half)

    class Meta:
        verbose_name = _("cell of a weekly template")
        constraints = [
            models.UniqueConstraint(fields=["template", "activity", "weekday", "half"], name="template_cell_once"),
            models.CheckConstraint(condition=Q(weekday__lte=4), name="template_has_five_days"),
        ]


class DayPlanQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(owner=user)


class DayPlan(Dated):
    """The plan of a day, made at the end of the one before: what was done and left, and what comes first.

    `done` and `left` count the lines of the day that ended; `moved` those of the left ones that were put on `day`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_on = models.DateField()
    day = models.DateField()
    first_things = models.TextField(_("what comes first"), max_length=2000, blank=True)
    done = models.PositiveSmallIntegerField()
    left = models.PositiveSmallIntegerField()
    moved = models.PositiveSmallIntegerField()

    objects = DayPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan of a day")
        constraints = [
            models.UniqueConstraint(fields=["owner", "made_on"], name="one_plan_a_day"),
            models.CheckConstraint(condition=Q(day__gt=F("made_on")), name="plan_is_of_a_later_day"),
        ]
