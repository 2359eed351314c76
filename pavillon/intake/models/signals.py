"""What outside sources say of a company: facts with their day, and the right by which they are kept."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import LegalStatus
from pavillon.directory.models import Company, Source
from pavillon.intake.enums import SignalKind
from pavillon.privacy.queries import clearance_of

# Kinds that the law keeps secret, and the class that rules each.
SECRET_KINDS = {SignalKind.CUSTOMS: "customs"}


class SignalQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Signals follow the card; what the law keeps secret is for whoever is cleared for a purpose (`privacy`)."""
        rows = self.filter(company__in=Company.objects.seen_by(user)) if user.is_team else self.none()
        for kind, secret in SECRET_KINDS.items():
            if clearance_of(user, secret) is None:
                rows = rows.exclude(kind=kind)
        return rows


class Signal(Dated):
    """One fact: an international patent, an export turnover, a product of the bank, a zone, an exported value.

    `facts` depends on the kind (see `actions.signals.FEEDS`) and never speaks of a person. `key` is the source's own
    number of the fact: the same fact brought again is known.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="signals")
    kind = models.CharField(_("kind"), max_length=15, choices=SignalKind)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", verbose_name=_("source"))
    key = models.CharField(max_length=80)
    observed_on = models.DateField(_("as of"))
    facts = models.JSONField(default=dict)
    legal_status = models.CharField(_("legal status"), max_length=12, choices=LegalStatus)

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal from outside")
        ordering = ["-observed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "company", "key"], name="signal_once_per_source")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.key}"


class LegalApprovalQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()


class LegalApproval(Dated):
    """The decision that lets a feed run: who, when, under which reference, and the text of it. Never changed."""

    kind = models.CharField(_("kind"), max_length=15, choices=SignalKind)
    reference = models.CharField(_("reference"), max_length=80)
    document = models.TextField(_("text of the decision"))
    decided_on = models.DateField(_("decided on"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = LegalApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal approval")
        ordering = ["-decided_on", "-pk"]

    def __str__(self):
        return self.reference


class ZoneExchangeQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()


class ZoneExchange(Dated):
    """One round of the head-office exchange: the file that left, and the one that came back with zones."""

    exported_at = models.DateTimeField()
    exported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    head_offices = models.PositiveIntegerField(default=0)
    returned_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    objects = ZoneExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("head-office exchange")
        ordering = ["-exported_at"]

    def __str__(self):
        return f"{self.exported_at:%Y-%m-%d}"
