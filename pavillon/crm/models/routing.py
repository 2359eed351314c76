"""Who is there to take requests: delays, capacities, absences."""

import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.ui.words import day as day_in_words


class LeadSettings(models.Model):
    """The few figures of request handling: one row, edited on a screen, locked while a request is routed."""

    take_charge_hours = models.PositiveSmallIntegerField(
        _("delay of take-charge (working hours)"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Beyond it an untouched request escalates to the team's manager, then to the national team."),
    )
    opens_at = models.TimeField(_("the team works from"), default=datetime.time(9))
    closes_at = models.TimeField(_("until"), default=datetime.time(18))
    capacity = models.PositiveSmallIntegerField(
        _("open requests that an adviser can handle"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    diagnosis_path = models.CharField(
        _("page of the self-service diagnosis"),
        max_length=200,
        default="/{language}/diagnosis/",
        help_text=_("Shown first to companies that do not export yet. {language} is replaced."),
    )

    class Meta:
        verbose_name = _("settings of requests")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="lead_settings_are_one_row"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="team_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(take_charge_hours__gte=1, capacity__gte=1), name="lead_settings_are_positive"
            ),
        ]

    def __str__(self):
        return gettext("Settings of requests")

    @property
    def diagnosis_here(self):
        """The page of the diagnosis in the reader's language."""
        return self.diagnosis_path.format(language=get_language() or "fr")


class Capacity(models.Model):
    """How many open requests one adviser can handle, when it differs from the general figure."""

    adviser = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lead_capacity")
    open_leads = models.PositiveSmallIntegerField(
        _("open requests"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    class Meta:
        verbose_name = _("capacity")
        constraints = [models.CheckConstraint(condition=Q(open_leads__gte=1), name="capacity_is_positive")]

    def __str__(self):
        return f"{self.adviser}: {self.open_leads}"


class AbsenceQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, and those of the people of one's organisation for its manager."""
        if user.has_role(Role.TEAM_MANAGER):
            return self.filter(person__in=User.objects.seen_by(user)).select_related("person")
        return self.filter(person=user).select_related("person") if user.role in LEAD_READERS else self.none()

    def covering(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Absence(models.Model):
    """Days on which a person receives no new request. Why is nobody's business here."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lead_absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"),
            ExclusionConstraint(
                name="absences_do_not_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.person}: {day_in_words(self.starts_on)} – {day_in_words(self.ends_on)}"
