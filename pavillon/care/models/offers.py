"""What is recommended to one company and why, what its adviser made of it, and what the company answered."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.care.enums import Capacity, Horizon, Intention, LineOrigin, LineState, OfferState
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import LeadKind, Lifecycle
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.reference.enums import Currency
from pavillon.services.enums import ServiceKind, Unit

# Every condition that a rule may name; those that are empty are not asked.
CONDITIONS = (
    "capacity_from", "capacity_to", "intention", "horizon", "country", "sector", "lifecycle", "theme", "asked_for",
    "delivered_kind", "segment",
)  # fmt: skip
_WORDS = ("intention", "horizon", "lifecycle", "asked_for", "delivered_kind")


class OfferRuleQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in LEAD_READERS | {Role.PLATFORM_ADMIN} else self.none()

    def in_force(self):
        return self.filter(ended_at__isnull=True)

    def with_names(self):
        return self.select_related(
            "service__provider", "solution__provider", "country", "sector", "theme", "segment", "decided_by"
        )


class OfferRule(models.Model):
    """One version of a rule: to whom it recommends a service or a solution, and the words that tell why.

    All conditions that are not empty have to be met. A change is a new version of the same `number`; the version before
    stays for the lines that it recommended.
    """

    number = models.PositiveIntegerField(editable=False)
    name = models.CharField(_("name of the rule"), max_length=120)
    service = models.ForeignKey(
        "services.Service", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("service")
    )
    solution = models.ForeignKey(
        "solutions.Solution", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("solution"),
    )  # fmt: skip
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("From 1 to 100. What several rules recommend adds up; the heaviest comes first."),
    )  # fmt: skip
    why_fr = models.CharField(_("why, in French"), max_length=300, help_text=_("The company reads it."))
    why_en = models.CharField(_("why, in English"), max_length=300)
    capacity_from = models.PositiveSmallIntegerField(_("export capacity from"), null=True, blank=True, choices=Capacity)
    capacity_to = models.PositiveSmallIntegerField(_("export capacity up to"), null=True, blank=True, choices=Capacity)
    intention = models.CharField(_("intention"), max_length=11, choices=Intention, blank=True)
    horizon = models.CharField(_("horizon"), max_length=9, choices=Horizon, blank=True)
    country = models.ForeignKey(
        "reference.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("aims at"),
    )  # fmt: skip
    sector = models.ForeignKey(
        "reference.Sector", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("sector")
    )
    lifecycle = models.CharField(_("lifecycle"), max_length=8, choices=Lifecycle, blank=True)
    theme = models.ForeignKey(
        "solutions.Theme", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("gap in the diagnosis"),
    )  # fmt: skip
    asked_for = models.CharField(_("asked for within a year"), max_length=10, choices=LeadKind, blank=True)
    delivered_kind = models.CharField(_("after a service of the kind"), max_length=14, choices=ServiceKind, blank=True)
    segment = models.ForeignKey(
        "segments.Segment", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("in the segment"),
    )  # fmt: skip
    reason = models.CharField(_("why it is decided so"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = OfferRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of offers")
        verbose_name_plural = _("rules of offers")
        ordering = ["-weight", "number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_at__isnull=True), name="one_version_of_an_offer_rule"
            ),
            models.CheckConstraint(
                condition=Q(service__isnull=False, solution__isnull=True)
                | Q(service__isnull=True, solution__isnull=False),
                name="offer_rule_recommends_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(
                    **{f"{name}__isnull": True for name in CONDITIONS if name not in _WORDS},
                    **dict.fromkeys(_WORDS, ""),
                ),
                name="offer_rule_has_a_condition",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("care:change_offer_rule", args=[self.pk])

    @property
    def target(self):
        """What it recommends."""
        return self.service or self.solution

    @property
    def why(self):
        return self.why_fr if (get_language() or "fr").startswith("fr") else self.why_en

    @property
    def is_in_force(self):
        return self.ended_at is None


class OfferQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As orders: the national agency all, a region its own, an organisation what it made; the company what was
        proposed to it: a draft that was withdrawn stays the adviser's."""
        if user.has_role(Role.COMPANY_MANAGER):
            return self.filter(company__organisation=user.organisation, proposed_at__isnull=False)
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        if place.kind == Kind.AGENCY and place.level == Level.NATIONAL:
            return self
        mine = Q(organisation=place) | Q(author=user)
        if place.level == Level.REGIONAL and place.region_id:
            mine |= Q(region=place.region_id)
        return self.filter(mine)

    def with_names(self):
        return self.select_related("company", "author", "organisation", "region")


class Offer(models.Model):
    """What one adviser proposes to one company.

    =========  ==========================================  ==============================
    state      meaning                                     leaves by
    =========  ==========================================  ==============================
    draft      recommended by rules, adjusted              propose_offer, withdraw_offer
    proposed   the company reads it, answers line by line  its answers, withdraw_offer
    answered   every line has its answer                   –
    withdrawn  with a reason                               –
    =========  ==========================================  ==============================
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="offers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("adviser")
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("reference.Region", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("step"), max_length=9, choices=OfferState, default=OfferState.DRAFT)
    words = models.TextField(_("your words to the company"), blank=True)
    drafted_at = models.DateTimeField(default=timezone.now)
    proposed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)
    # When one comes back to the company; the hour is on the clock of whose agenda it stands in (`queries.offers`).
    follow_up_on = models.DateField(_("follow-up"), null=True, blank=True)
    follow_up_at = models.TimeField(_("at"), null=True, blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal offer")
        verbose_name_plural = _("personal offers")
        ordering = ["-drafted_at", "-pk"]
        indexes = [
            models.Index(fields=["company", "-drafted_at"], name="offer_by_company"),
            models.Index(fields=["-drafted_at", "id"], name="offer_newest"),
            models.Index(fields=["organisation", "-drafted_at"], name="offer_by_organisation"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", proposed_at__isnull=True)
                | Q(state__in=["proposed", "answered"], proposed_at__isnull=False)
                | Q(state="withdrawn", withdrawn_at__isnull=False),
                name="offer_has_its_moments",
            )
        ]

    def __str__(self):
        return f"{self.reference} {self.company}"

    def get_absolute_url(self):
        return reverse("care:view_offer", args=[self.pk])

    @property
    def reference(self):
        """The number said on the phone."""
        return f"O-{self.pk:06d}"

    @property
    def is_draft(self):
        return self.state == OfferState.DRAFT

    @property
    def is_proposed(self):
        return self.state == OfferState.PROPOSED

    @property
    def is_open(self):
        return self.state in (OfferState.DRAFT, OfferState.PROPOSED)


class OfferLineQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """With the offer; what the adviser took out is not shown to the company."""
        rows = self.filter(offer__in=Offer.objects.seen_by(user).order_by().values("pk"))
        return rows.exclude(state=LineState.REMOVED) if user.is_company else rows

    def with_names(self):
        return self.select_related(
            "offer", "service__provider", "solution__provider", "order", "lead", "answered_by"
        ).prefetch_related("rules", "questions")


class OfferLine(models.Model):
    """One service or solution of an offer: who put it there and why, what became of it."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="lines")
    service = models.ForeignKey("services.Service", null=True, on_delete=models.PROTECT, related_name="+")
    solution = models.ForeignKey("solutions.Solution", null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=7, choices=LineOrigin)
    rules = models.ManyToManyField(OfferRule, related_name="lines")
    # [[code, {facts}, whether the company itself told it], …], told in the reader's language (`queries.recommending`).
    reasons = models.JSONField(default=list)
    weight = models.PositiveIntegerField(default=0)
    words = models.CharField(_("why, in your words"), max_length=300, blank=True)
    # Of a service, as the company reads it from the moment of the proposal: what it accepts is this price.
    price = models.DecimalField(_("price without tax"), max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, choices=Currency, blank=True)
    unit = models.CharField(max_length=5, choices=Unit, blank=True)
    state = models.CharField(max_length=8, choices=LineState, default=LineState.KEPT)
    removed_why = models.CharField(_("why it is taken out"), max_length=300, blank=True)
    declined_why = models.CharField(_("why not"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    order = models.OneToOneField(
        "services.ServiceOrder", null=True, on_delete=models.PROTECT, related_name="offer_line"
    )
    lead = models.OneToOneField("crm.Lead", null=True, on_delete=models.SET_NULL, related_name="offer_line")

    objects = OfferLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an offer")
        verbose_name_plural = _("lines of offers")
        ordering = ["-weight", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "service"], name="service_offered_once"),
            models.UniqueConstraint(fields=["offer", "solution"], name="solution_offered_once"),
            models.CheckConstraint(
                condition=Q(service__isnull=False, solution__isnull=True)
                | Q(service__isnull=True, solution__isnull=False),
                name="offer_line_is_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "declined"]) | Q(answered_at__isnull=False),
                name="answered_line_has_a_moment",
            ),
            models.CheckConstraint(condition=~Q(state="removed") | ~Q(removed_why=""), name="removed_line_says_why"),
            models.CheckConstraint(
                condition=Q(price__isnull=True, currency="", unit="")
                | Q(service__isnull=False, price__isnull=False) & ~Q(currency="") & ~Q(unit=""),
                name="offered_price_is_whole",
            ),
        ]

    def __str__(self):
        return str(self.target)

    @property
    def target(self):
        return self.service or self.solution

    @property
    def offered(self):
        """Price, currency and unit: those proposed; of now as long as nothing is proposed."""
        shown = self.service if self.price is None else self
        return {"price": shown.price, "currency": shown.currency, "unit": shown.get_unit_display()}

    @property
    def is_price_kept(self):
        """Whether the service still costs what was proposed."""
        told = (self.price, self.currency, self.unit)
        return told == (self.service.price, self.service.currency, self.service.unit)

    @property
    def is_kept(self):
        return self.state == LineState.KEPT

    @property
    def is_removed(self):
        return self.state == LineState.REMOVED

    @property
    def is_accepted(self):
        return self.state == LineState.ACCEPTED


class OfferQuestionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(line__in=OfferLine.objects.seen_by(user).order_by().values("pk"))


class OfferQuestion(models.Model):
    """The company asks about a line; the adviser answers once."""

    line = models.ForeignKey(OfferLine, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("your question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("your answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = OfferQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about an offer")
        verbose_name_plural = _("questions about offers")
        ordering = ["asked_at", "pk"]
