"""The officer's registers: processing, processors, breaches, the points of control."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated
from pavillon.privacy.enums import BreachRisk, LegalBasis, PointState
from pavillon.privacy.models.retention import OfficerQuerySet
from pavillon.reference.models import Country, Named

# Article 33(1) of the GDPR.
HOURS_TO_TELL = 72


class Processing(Dated):
    """One line of the register of article 30: what is done with data of whom, why, for how long, who receives them."""

    name = models.CharField(_("processing"), max_length=200, unique=True)
    aim = models.TextField(_("aim"))
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    people = models.CharField(_("people concerned"), max_length=300)
    data = models.TextField(_("data"))
    recipients = models.TextField(_("recipients"), blank=True)
    leaves_eu = models.BooleanField(_("data leave the European Union"), default=False)
    transfer = models.TextField(_("guarantees of the transfer"), blank=True)
    kept = models.CharField(_("kept"), max_length=300)
    measures = models.TextField(_("security measures"), blank=True)
    controller = models.CharField(_("controller"), max_length=200)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("processing of personal data")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(leaves_eu=False) | ~Q(transfer=""), name="transfer_says_its_guarantees")
        ]

    def __str__(self):
        return self.name


class Processor(Dated):
    """Who processes data for us (article 28), where, under which contract."""

    name = models.CharField(_("processor"), max_length=200, unique=True)
    task = models.CharField(_("what it does"), max_length=300)
    data = models.TextField(_("data"))
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+", verbose_name=_("country"))
    leaves_eu = models.BooleanField(_("outside the European Union"), default=False)
    guarantees = models.TextField(_("guarantees"), blank=True)
    contract_on = models.DateField(_("contract of"), null=True, blank=True)
    ends_on = models.DateField(_("contract ends on"), null=True, blank=True)
    contact = models.CharField(_("contact point"), max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("processor")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leaves_eu=False) | ~Q(guarantees=""), name="processor_abroad_has_guarantees"
            )
        ]

    def __str__(self):
        return self.name

    @property
    def lacks_contract(self):
        return self.contract_on is None or (self.ends_on is not None and self.ends_on < timezone.localdate())


class BreachQuerySet(OfficerQuerySet):
    def seen_by(self, user):
        return self if user.has_role("data_protection_officer", "security_officer") else self.none()

    def open(self):
        return self.filter(closed_at__isnull=True)

    def untold(self):
        """Those whose clock runs: the authority is to be told, and was not."""
        return self.open().filter(authority_told_at__isnull=True).exclude(risk=BreachRisk.NONE)


class Breach(Dated):
    """A breach of personal data (article 33(5)): what happened, to how many, what was done, who was told and when.

    The clock of 72 hours runs from `noticed_at` until the authority is told, unless there is no risk for people.
    """

    title = models.CharField(_("what happened"), max_length=200)
    happened_at = models.DateTimeField(_("happened on"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("noticed on"), default=timezone.now)
    facts = models.TextField(_("facts"))
    data = models.TextField(_("data concerned"))
    people_count = models.PositiveIntegerField(_("people concerned (about)"), default=0)
    risk = models.CharField(_("risk for people"), max_length=5, choices=BreachRisk, default=BreachRisk.RISK)
    consequences = models.TextField(_("likely consequences"), blank=True)
    measures = models.TextField(_("measures taken"), blank=True)
    authority_told_at = models.DateTimeField(_("authority told on"), null=True, editable=False)
    authority_reference = models.CharField(_("reference of the authority"), max_length=80, blank=True, editable=False)
    late_reason = models.TextField(_("why later than 72 hours"), blank=True, editable=False)
    people_told_at = models.DateTimeField(_("people told on"), null=True, editable=False)
    people_message = models.TextField(_("what people were told"), blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed on"), null=True, editable=False)
    warned_hours = models.PositiveSmallIntegerField(null=True, editable=False)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_demo = models.BooleanField(default=False, editable=False)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("breach of personal data")
        ordering = ["-noticed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(happened_at__isnull=True) | Q(happened_at__lte=F("noticed_at")),
                name="breach_noticed_after_it_happened",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("privacy_team:breach", args=[self.pk])

    @property
    def due_at(self):
        return self.noticed_at + timedelta(hours=HOURS_TO_TELL)

    @property
    def hours_left(self):
        """Whole hours until the authority is to be told, negative when they are over."""
        return int((self.due_at - timezone.now()).total_seconds() // 3600)

    @property
    def clock_runs(self):
        return self.authority_told_at is None and self.closed_at is None and self.risk != BreachRisk.NONE


class ControlPoint(Named):
    """One of the 17 points of control of the CNIL's guide to security (wording follows its editions: it is data).

    `what_fr` and `what_en` say what is expected. Evidence is what the officer writes; what the product knows by itself
    stands beside it (`queries.evidence`).
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    what_fr = models.TextField(_("expected, in French"), blank=True)
    what_en = models.TextField(_("expected, in English"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PointState, default=PointState.TODO)
    evidence = models.TextField(_("evidence"), blank=True)
    owner = models.CharField(_("owner"), max_length=160, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of control")
        ordering = ["number"]

    @property
    def what(self):
        return self.what_fr if (get_language() or "fr").startswith("fr") else self.what_en
