"""What companies answer about the services delivered to them, and the business abroad that these brought."""

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import VisibleQuerySet
from pavillon.reference.enums import Currency
from pavillon.services.enums import FlowKind, SurveyKind, Unasked
from pavillon.services.models.orders import ServiceOrder

# No secret is stored: a link is the number of its survey under the platform's own signature.
SIGNER = signing.Signer(salt="services.survey", sep="~")
BEST = 10


class SurveyQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Whoever finds the order."""
        return self.filter(order__in=ServiceOrder.objects.visible_to(user).order_by().values("pk"))

    def satisfaction(self):
        return self.filter(kind=SurveyKind.SATISFACTION)

    def unanswered(self):
        return self.filter(sent_at__isnull=False, answered_at__isnull=True)


class Survey(models.Model):
    """One question to one company about one delivered service: its satisfaction at once, the impact later.

    planned → sent (`sent_at`, to whom a rule chose) → reminded once → answered, for good; or asked of nobody
    (`unasked`). Nobody of the team writes here: the second wall lets the house alone add and change rows, and a
    trigger keeps answers as they are (migration 0002; erasing a person empties words and addresses only).
    """

    order = models.ForeignKey("services.ServiceOrder", on_delete=models.PROTECT, related_name="surveys")
    kind = models.CharField(_("kind"), max_length=12, choices=SurveyKind)
    send_on = models.DateField(_("to be sent on"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    email = EncryptedTextField(_("e-mail"), blank=True)
    email_index = BlindIndexField(of="email")
    language = models.CharField(max_length=5, default="fr")
    unasked = models.CharField(_("asked of nobody"), max_length=8, choices=Unasked, blank=True)
    sent_at = models.DateTimeField(_("sent on"), null=True)
    reminded_at = models.DateTimeField(_("reminded on"), null=True)
    closes_on = models.DateField(_("answered until"), null=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    score = models.PositiveSmallIntegerField(_("score of 10"), null=True)
    has_flows = models.BooleanField(_("brought business abroad"), null=True)
    verbatim = EncryptedTextField(_("in the company's words"), blank=True)
    attested_by = EncryptedTextField(_("attested by"), blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        ordering = ["-send_on", "-pk"]
        indexes = [
            models.Index(fields=["send_on"], condition=Q(sent_at__isnull=True), name="survey_to_be_sent"),
            models.Index(
                fields=["sent_at"],
                condition=Q(answered_at__isnull=True, reminded_at__isnull=True),
                name="survey_to_be_reminded",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="one_survey_of_a_kind"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(sent_at__isnull=False), name="only_who_was_asked_answers"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, score__isnull=True, has_flows__isnull=True)
                | Q(answered_at__isnull=False, kind="satisfaction", score__lte=BEST, has_flows__isnull=True)
                | Q(answered_at__isnull=False, kind="impact", score__isnull=True, has_flows__isnull=False),
                name="answer_fits_its_question",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.order.reference}"

    @property
    def link(self):
        """The secret address that opens it; told to the company only."""
        return reverse("services:answer_survey", args=[SIGNER.sign(str(self.pk))])

    @property
    def is_open(self):
        """Sent, not answered, not too late."""
        return bool(self.sent_at and not self.answered_at and self.closes_on and self.closes_on >= timezone.localdate())


class ExportFlowQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(survey__order__in=ServiceOrder.objects.visible_to(user).order_by().values("pk"))

    def with_names(self):
        return self.select_related(
            "survey__order__service", "survey__order__company", "survey__order__region", "country"
        )


class ExportFlow(models.Model):
    """Business abroad that a company attests: what, where, for how much. Never changed; the database refuses."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="flows")
    kind = models.CharField(_("what"), max_length=12, choices=FlowKind)
    country = models.ForeignKey(
        "reference.Country", on_delete=models.PROTECT, related_name="+", verbose_name=_("country")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, choices=Currency, default=Currency.EUR)
    attested_at = models.DateTimeField(_("attested on"), default=timezone.now)

    objects = ExportFlowQuerySet.as_manager()

    class Meta:
        verbose_name = _("export flow")
        ordering = ["-attested_at", "-pk"]
        indexes = [models.Index(fields=["-attested_at", "-id"], name="export_flow_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="export_flow_is_worth_something"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.country}"
