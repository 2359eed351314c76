"""What a company is able to do abroad and what it intends, told on a day: together they show where it is going."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.care.enums import AssessmentSource, Capacity, Horizon, Intention
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.models.leads import LEAD_READERS

# What the company told itself, and so reads again.
TOLD = (AssessmentSource.COMPANY, AssessmentSource.DIAGNOSIS)


class AssessmentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team, for companies that it may open; a company what it told itself."""
        if user.has_role(Role.COMPANY_MANAGER):
            return self.filter(company__organisation=user.organisation, source__in=TOLD)
        return self if user.role in LEAD_READERS else self.none()

    def told(self):
        """Those that tell what the company intends: a diagnosis asks for its capacity alone."""
        return self.exclude(intention="")

    def last_of_each(self):
        """The last one of each company."""
        return self._without_later(Assessment.objects.all())

    def last_told_of_each(self):
        """The last one of each company that tells an intention: horizon and countries are those of it."""
        return self.told()._without_later(Assessment.objects.told())

    def _without_later(self, rows):
        rows = rows.order_by().filter(company=OuterRef("company"))
        later = rows.filter(
            Q(assessed_on__gt=OuterRef("assessed_on")) | Q(assessed_on=OuterRef("assessed_on"), pk__gt=OuterRef("pk"))
        )
        return self.filter(~Exists(later))


class Assessment(models.Model):
    """Export capacity, intention, horizon and target countries of one company as somebody saw them on one day.

    A diagnosis tells the capacity alone: what the company intends stands in the last one that tells an intention.

    Never changed afterwards: what was thought then stays comparable with what is thought now.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="assessments")
    assessed_on = models.DateField(_("on"), default=timezone.localdate)
    capacity = models.PositiveSmallIntegerField(_("export capacity"), choices=Capacity)
    # Not told by a diagnosis.
    intention = models.CharField(_("intention"), max_length=11, choices=Intention, blank=True)
    horizon = models.CharField(_("horizon"), max_length=9, choices=Horizon, blank=True)
    countries = models.ManyToManyField(
        "reference.Country", blank=True, related_name="+", verbose_name=_("target countries")
    )
    note = models.TextField(_("in a few words"), blank=True)
    source = models.CharField(_("who says it"), max_length=9, choices=AssessmentSource)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    diagnosis = models.OneToOneField(
        "solutions.Diagnosis", null=True, on_delete=models.SET_NULL, related_name="assessment"
    )
    noted_at = models.DateTimeField(auto_now_add=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-assessed_on", "-pk"]
        indexes = [models.Index(fields=["company", "-assessed_on", "-id"], name="assessment_by_company")]
        constraints = [
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=5), name="assessment_has_a_level"),
            models.CheckConstraint(
                condition=Q(source="diagnosis") | ~Q(intention=""), name="assessment_tells_an_intention"
            ),
        ]

    def __str__(self):
        return f"{self.company} {self.assessed_on}"
