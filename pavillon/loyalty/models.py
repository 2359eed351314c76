"""Loyalty programmes: the segment that one is for, its rule, what it gives, and the companies that are in it."""

import datetime
from calendar import monthrange

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.campaigns.models import READERS
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models import Company


class ProgrammeQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Known to the whole team, as the catalogue is; to a company once it is in it."""
        if user.has_role(Role.COMPANY_MANAGER):
            return self.filter(enrolments__company__organisation=user.organisation).distinct()
        return self if user.role in READERS else self.none()

    def in_force(self, day=None):
        day = day or timezone.localdate()
        return self.not_over(day).filter(starts_on__lte=day)

    def not_over(self, day=None):
        """Neither closed nor past its last day; it may not have begun."""
        return self.filter(closed_at__isnull=True, ends_on__gte=day or timezone.localdate())


class Programme(Dated):
    """What one organisation gives to companies of a segment that come back (ledger JOUR-06).

    The rule: `min_services` delivered within the last `within_months` months. The benefit: words, a discount on
    services that this organisation provides (all of them, or those named), precedence. Who decides is its organisation.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="programmes", verbose_name=_("who decides")
    )
    segment = models.ForeignKey(
        "segments.Segment", on_delete=models.PROTECT, related_name="programmes", verbose_name=_("segment")
    )
    min_services = models.PositiveSmallIntegerField(
        _("services delivered, at least"),
        default=1,
        validators=[MaxValueValidator(50)],
        help_text=_("0: every company of the segment."),
    )
    within_months = models.PositiveSmallIntegerField(
        _("within the last (months)"), default=12, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    about = models.TextField(_("benefit, in the company’s words"), max_length=2000)
    discount = models.DecimalField(
        _("discount (%)"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("On services that the organisation provides; the adviser applies it, order by order."),
    )
    services = models.ManyToManyField(
        "services.Service",
        blank=True,
        related_name="programmes",
        verbose_name=_("on these services"),
        help_text=_("None chosen: all that the organisation provides."),
    )
    is_priority = models.BooleanField(_("served first"), default=False)
    enrols_nightly = models.BooleanField(
        _("look at the segment every night"),
        default=False,
        help_text=_("Who fulfils the rule by then is enrolled, as far as you see it; you are told how many."),
    )
    # Who ticked it, and the role in which he did: the night enrols with its rights.
    watched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    watched_as = models.ForeignKey(
        "accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    closed_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("loyalty programme")
        verbose_name_plural = _("loyalty programmes")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="programme_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(discount__gte=0, discount__lte=100), name="programme_discount_is_sane"),
            models.CheckConstraint(condition=Q(within_months__gte=1), name="programme_looks_back_a_month"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("loyalty:view_programme", args=[self.pk])

    @property
    def is_in_force(self):
        return self.closed_at is None and self.starts_on <= timezone.localdate() <= self.ends_on

    def looks_back_to(self, day):
        """The first day of the months before `day` in which services count."""
        month = day.year * 12 + day.month - 1 - self.within_months
        year, month = divmod(month, 12)
        return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class EnrolmentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team, for companies that one may see; a company's manager his own."""
        if user.has_role(Role.COMPANY_MANAGER):
            return self.filter(company__organisation=user.organisation)
        if user.role not in READERS:
            return self.none()
        return self.filter(company__in=Company.objects.visible_to(user).order_by().values("pk"))

    def present(self):
        return self.filter(left_at__isnull=True)


class Enrolment(models.Model):
    """One company in one programme, from a moment until it leaves."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("loyalty programme")
    )
    company = models.ForeignKey(
        "directory.Company", on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("company")
    )
    enrolled_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(_("left"), null=True)
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The rule that took the company in, whatever the programme says since; nothing when no rule did.
    rule_services = models.PositiveSmallIntegerField(null=True, editable=False)
    rule_months = models.PositiveSmallIntegerField(null=True, editable=False)
    # When the company was told of it by a letter to its account, or was found to have nobody to tell.
    told_at = models.DateTimeField(null=True, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        ordering = ["-enrolled_at", "-pk"]
        indexes = [
            models.Index(fields=["programme", "-enrolled_at"], name="enrolment_by_programme"),
            models.Index(fields=["programme", "id"], name="enrolment_to_tell", condition=Q(told_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "company"], condition=Q(left_at__isnull=True), name="company_enrolled_once"
            ),
        ]

    def __str__(self):
        return f"{self.company} – {self.programme}"
