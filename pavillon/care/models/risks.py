"""Accounts whose dissatisfaction may be told in public: what was found, the mark, and the rules that give it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.care.enums import Ground, RiskEnd, RiskLevel
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.models import Referent

# Those who keep companies: neither private partners nor officials of a region, and never the company.
RISK_READERS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.TELE_PROSPECTOR, Role.SALES, Role.SHOWROOM_MANAGER})
DAYS = [MinValueValidator(1), MaxValueValidator(3650)]


class RiskRulesQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in RISK_READERS | {Role.PLATFORM_ADMIN} else self.none()


class RiskRules(models.Model):
    """What puts an account at risk and what follows: one version; the last one is in force, the others are history."""

    low_score = models.PositiveSmallIntegerField(
        _("a score up to"), default=4, validators=[MaxValueValidator(9)],
        help_text=_("Of 10, in a satisfaction survey."),
    )  # fmt: skip
    low_days = models.PositiveSmallIntegerField(
        _("given within (days)"), default=365, validators=DAYS,
        help_text=_("An older answer no longer speaks for a risk."),
    )  # fmt: skip
    low_level = models.CharField(_("alone means"), max_length=6, choices=RiskLevel, default=RiskLevel.MEDIUM)
    criticism_days = models.PositiveSmallIntegerField(
        _("a public criticism published within (days)"), default=365, validators=DAYS
    )
    criticism_level = models.CharField(
        _("a criticism alone means"), max_length=6, choices=RiskLevel, default=RiskLevel.MEDIUM
    )
    many_low = models.PositiveSmallIntegerField(
        _("low scores that together mean “high”"), default=2,
        validators=[MinValueValidator(2), MaxValueValidator(20)],
        help_text=_("A low score and a public criticism together always mean “high”."),
    )  # fmt: skip
    medium_task_days = models.PositiveSmallIntegerField(_("days to act, to watch"), default=10, validators=DAYS)
    high_task_days = models.PositiveSmallIntegerField(_("days to act, high"), default=3, validators=DAYS)
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = RiskRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of risk")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low_score__lte=9, many_low__gte=2, medium_task_days__gte=1, high_task_days__gte=1),
                name="risk_rules_are_sane",
            )
        ]

    def __str__(self):
        return self.reason


class RiskMarkQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The national agency sees every mark, a regional organisation those of its region; else the organisation
        that answers for the company, and whoever found the criticism or is its referent. Never the company."""
        if user.role not in RISK_READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        mine = Q(organisation=place) | Q(referent=user)
        if place.level == Level.REGIONAL and place.region_id:
            mine |= Q(region=place.region_id)
        return self.filter(mine)

    def open(self):
        """Those of companies that stand: a mark that stayed with a merged record speaks through the kept one's."""
        return self.filter(ended_at__isnull=True, company__merged_into__isnull=True)

    def left_behind(self, company):
        """Open ones that stayed with records merged into a company, since it had its own."""
        into = Q(company__merged_into=company) | Q(company__merged_into__merged_into=company)
        return self.filter(into, ended_at__isnull=True)

    def listed(self):
        """Those that people work with, and those that ended."""
        return self.filter(Q(ended_at__isnull=False) | Q(company__merged_into__isnull=True))

    def of_mine(self, user):
        """Those of companies that one is the referent of; of one's whole organisation for a manager."""
        mine = Q(referent=user) | Q(company__in=Referent.objects.current().filter(adviser=user).values("company"))
        if user.role == Role.TEAM_MANAGER:
            mine |= Q(organisation=user.organisation)
        return self.filter(mine)

    def with_names(self):
        return self.select_related(
            "company__merged_into",
            "region",
            "organisation",
            "referent",
            "task__given_to",
            "task__done_by",
            "rules",
            "ended_by",
            "proof",
        )


class RiskMark(models.Model):
    """An account at risk: since when, how high, who keeps it. open → ended by an act, with a reason and an exchange.

    A company has one open mark; those that ended are its history. A mark never ends by itself: the database refuses
    an end without a person, how it ended, and an exchange with the company that came after the mark.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="risk_marks")
    level = models.CharField(_("risk"), max_length=6, choices=RiskLevel)
    rules = models.ForeignKey(RiskRules, null=True, on_delete=models.PROTECT, related_name="+")
    # Who keeps the account: the referent of that moment, else who delivered or found it; None while nobody does.
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("who keeps it")
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        "reference.Region", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    task = models.ForeignKey("crm.SharedTask", null=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    end = models.CharField(_("how it ended"), max_length=8, choices=RiskEnd, blank=True)
    end_reason = models.CharField(_("what was done"), max_length=500, blank=True)
    proof = models.ForeignKey(
        "crm.Interaction", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("exchange")
    )

    objects = RiskMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("account at risk")
        verbose_name_plural = _("accounts at risk")
        ordering = ["-raised_at", "-pk"]
        indexes = [
            models.Index(fields=["company", "-raised_at"], name="risk_by_company"),
            models.Index(fields=["-raised_at", "id"], name="risk_newest"),
            models.Index(fields=["referent"], name="risk_by_referent", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["organisation"], name="risk_by_organisation", condition=Q(ended_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(ended_at__isnull=True), name="one_open_risk_by_company"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end="")
                | Q(ended_at__gte=F("raised_at"), ended_by__isnull=False, proof__isnull=False) & ~Q(end=""),
                name="risk_ends_with_a_proof",
            ),
        ]

    def __str__(self):
        return f"{self.company} – {self.get_level_display()}"

    def get_absolute_url(self):
        return reverse("care:view_risk", args=[self.pk])

    @property
    def is_open(self):
        return self.ended_at is None

    @property
    def is_high(self):
        return self.level == RiskLevel.HIGH


class CriticismQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who found it, his organisation, and whoever sees a mark of its company."""
        if user.role not in RISK_READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        marked = RiskMark.objects.seen_by(user).order_by().values("company")
        return self.filter(Q(organisation=place) | Q(logged_by=user) | Q(company__in=marked))


class Criticism(models.Model):
    """Something said in public about what we did for a company, found and noted by an adviser.

    The page itself is never fetched: its address, what it says in the words of who found it, and its day.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="criticisms")
    url = models.URLField(_("public address"), max_length=500)
    said = models.TextField(_("what it says"))
    published_on = models.DateField(_("published on"))
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(default=timezone.now)
    corrected_at = models.DateTimeField(null=True, editable=False)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = CriticismQuerySet.as_manager()

    class Meta:
        verbose_name = _("public criticism")
        verbose_name_plural = _("public criticisms")
        ordering = ["-published_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["company", "url"], name="criticism_logged_once")]

    def __str__(self):
        return f"{self.company} {self.published_on}"


class RiskGroundQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(mark__in=RiskMark.objects.seen_by(user).order_by().values("pk"))


class RiskGround(models.Model):
    """One fact that speaks for a mark: a low answer, or a public criticism. It counts for one mark only."""

    mark = models.ForeignKey(RiskMark, on_delete=models.CASCADE, related_name="grounds")
    kind = models.CharField(max_length=9, choices=Ground)
    survey = models.OneToOneField("services.Survey", null=True, on_delete=models.PROTECT, related_name="risk_ground")
    criticism = models.OneToOneField(Criticism, null=True, on_delete=models.PROTECT, related_name="ground")
    noted_at = models.DateTimeField(default=timezone.now)

    objects = RiskGroundQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground of a risk")
        ordering = ["noted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="low_score", survey__isnull=False, criticism__isnull=True)
                | Q(kind="criticism", criticism__isnull=False, survey__isnull=True),
                name="risk_ground_is_one_fact",
            )
        ]
