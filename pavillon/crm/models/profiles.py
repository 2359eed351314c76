"""What follows from the facts of a company: classes, axes, scores. Derived, never edited; computed in one statement."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import Lifecycle, Relationship, ValueLevel
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.directory.enums import ExportClass


class CompanyProfileQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Those who work with requests; which company one sees is the company's own rule."""
        return self if user.role in LEAD_READERS else self.none()


class CompanyProfile(models.Model):
    """Classes and scores of one company; `actions.profiles` says from which facts, `factors` which of them counted.

    Services delivered, and the sales abroad that companies attest about them, are told by a room above
    (`queries.profiles.add_deliveries`); requests that were treated are counted apart and are no services.
    """

    company = models.OneToOneField(
        "directory.Company", primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    export_class = models.CharField(_("export class"), max_length=14, choices=ExportClass)
    # The rule that gave it: card, share, market, attested, turnover, sold, first_sales, prospected, asked, score, none.
    export_rule = models.CharField(max_length=12)
    lifecycle = models.CharField(_("lifecycle"), max_length=8, choices=Lifecycle)
    value = models.CharField(_("value"), max_length=4, choices=ValueLevel)
    relationship = models.CharField(_("relationship"), max_length=10, choices=Relationship)
    services = models.PositiveIntegerField(default=0)
    last_service_at = models.DateTimeField(null=True)
    # Contracts and sales abroad that the company attested within three years.
    attested_sales = models.PositiveIntegerField(default=0, db_default=0)
    # Treated, or closed without having been.
    treated_requests = models.PositiveIntegerField(default=0, db_default=0)
    last_treated_at = models.DateTimeField(null=True)
    exchanges = models.PositiveIntegerField(default=0)
    last_exchange_at = models.DateTimeField(null=True)
    # 0 to 100; {factor: points}, all of them, so that the score can be opened.
    score = models.PositiveSmallIntegerField(default=0)
    factors = models.JSONField(default=dict)
    # 0 to 100: whom to call first; {reason: points}.
    call_score = models.PositiveSmallIntegerField(default=0)
    call_factors = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    objects = CompanyProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile of a company")
        indexes = [
            models.Index(fields=["score", "company"], name="profile_by_score"),
            models.Index(fields=["call_score", "company"], name="profile_by_call"),
            models.Index(fields=["lifecycle", "value", "relationship"], name="profile_by_axes"),
            models.Index(fields=["services"], name="profile_by_services", condition=Q(services__gt=0)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(score__lte=100, call_score__lte=100), name="profile_scores_are_percents")
        ]

    def __str__(self):
        return str(self.company)


class ProfileSettingsQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()


class ProfileSettings(models.Model):
    """The thresholds of classes and axes (ledger PLAN-13, PLAN-16); the last row is in force."""

    inactive_months = models.PositiveSmallIntegerField(_("months without a service before “inactive”"), default=18)
    valuable_services = models.PositiveSmallIntegerField(_("services from which a client is “valuable”"), default=3)
    high_value = models.DecimalField(
        _("potential or turnover from which the value is “high” (€)"),
        max_digits=14,
        decimal_places=2,
        default=10_000_000,
    )
    loyal_exchanges = models.PositiveSmallIntegerField(
        _("exchanges within two years from which a relationship is “loyal”"), default=4
    )
    regular_percent = models.PositiveSmallIntegerField(
        _("export share from which an exporter is “regular” (%)"), default=10
    )
    regular_sales = models.PositiveSmallIntegerField(
        _("sales abroad attested within three years from which an exporter is “regular”"),
        default=3,
        db_default=3,
        validators=[MinValueValidator(1)],
    )
    potential_score = models.PositiveSmallIntegerField(_("score from which a company has a potential"), default=50)
    manual_minutes = models.PositiveSmallIntegerField(
        _("minutes to detect one such company by hand, as the agency measured it"), default=30
    )
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = ProfileSettingsQuerySet.as_manager()

    class Meta:
        verbose_name = _("thresholds of the classes")
        ordering = ["-decided_at", "-pk"]


class Detection(models.Model):
    """A company of high potential got its referent from the list: how long that took, against by hand."""

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="detections")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    score = models.PositiveSmallIntegerField()
    seconds = models.PositiveIntegerField()
    manual_minutes = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("detection")
