"""Which SMEs and mid-caps of the portfolios are qualified: by which checklist, since when, for which target."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Network
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import QualifyingField
from pavillon.crm.models.leads import LEAD_READERS


def usual_fields():
    return [
        QualifyingField.SECTOR.value,
        QualifyingField.HEADCOUNT.value,
        QualifyingField.REGION.value,
        QualifyingField.DECISION_MAKER.value,
    ]


class KnownToTheTeam(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in LEAD_READERS else self.none()


class ChecklistQuerySet(KnownToTheTeam):
    def on(self, day):
        """The version that holds on a day, None before the first."""
        return self.until(day).first()

    def until(self, day):
        """Those that held or hold on a day, the latest first."""
        return self.filter(starts_on__lte=day).order_by("-starts_on", "-pk")


class QualificationChecklist(models.Model):
    """What makes a company “qualified”, from a day on (ledger LEAD-05); a decision is a new version, never a change.

    Two conditions are in every version: the company is an SME or a mid-cap, and an adviser of one of the two
    networks is its referent.
    """

    starts_on = models.DateField(default=timezone.localdate)
    fields = ArrayField(
        models.CharField(max_length=16, choices=QualifyingField), default=usual_fields, blank=True,
        verbose_name=_("facts that must be known"),
    )  # fmt: skip
    interview_months = models.PositiveSmallIntegerField(
        _("months within which an interview took place"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("A call, visit or meeting with an answer, shared with the whole team."),
    )
    needs_project = models.BooleanField(_("an export project: a market that is considered or worked"), default=True)
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist of qualified companies")
        ordering = ["-starts_on", "-pk"]

    def __str__(self):
        return gettext("Checklist")

    @property
    def field_labels(self):
        return [str(QualifyingField(code).label) for code in self.fields]


class QualifiedPeriodQuerySet(KnownToTheTeam):
    def on(self, day):
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))


class QualifiedPeriod(models.Model):
    """A company was qualified, in the portfolio of one network, from a day until the day before `ends_on`."""

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="qualified_periods")
    network = models.CharField(max_length=4, choices=Network)
    checklist = models.ForeignKey(QualificationChecklist, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = QualifiedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("time during which a company is qualified")
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="qualified_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ends_on__isnull=True), name="company_qualified_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="qualified_ends_after_start"
            ),
        ]

    def __str__(self):
        return f"{self.company} {self.starts_on}"


class QualifiedTarget(models.Model):
    """How many qualified companies are wanted on a day (ledger IND-03)."""

    on = models.DateField(_("on"), unique=True)
    count = models.PositiveIntegerField(_("qualified SMEs and mid-caps"), validators=[MinValueValidator(1)])

    objects = KnownToTheTeam.as_manager()

    class Meta:
        verbose_name = _("target of qualified companies")
        ordering = ["on"]

    def __str__(self):
        return f"{self.count} – {self.on}"
