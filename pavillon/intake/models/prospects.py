"""Where prospects come from, what they cost, and until when a rented file may be used."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import SourceKind
from pavillon.directory.models import Source

# The seven of ledger BASE-07 (bought and rented files are two), and whatever else the team adds.
PROSPECT_KINDS = (
    SourceKind.YELLOW_PAGES,
    SourceKind.WEBSITE,
    SourceKind.SOCIAL,
    SourceKind.BOUGHT,
    SourceKind.RENTED,
    SourceKind.SHOW,
    SourceKind.CONTEST,
    SourceKind.OTHER,
)


class ProspectTermsQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team knows what its prospects cost."""
        return self if user.is_team else self.none()

    def expired(self, day=None):
        """Licences that ended before today: on its last day a file may still be used."""
        return self.filter(licence_ends_on__lt=day or timezone.localdate())


class ProspectTerms(Dated):
    """On what terms a source of prospects is used. Without an end of licence its records may be used for good."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="terms")
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    cost = models.DecimalField(
        _("cost (€)"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    acquired_on = models.DateField(_("acquired on"), null=True, blank=True)
    licence_ends_on = models.DateField(
        _("end of the licence"), null=True, blank=True, help_text=_("The last day on which the records may be used.")
    )

    objects = ProspectTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of a source of prospects")
        constraints = [
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="cost_not_negative")
        ]

    def __str__(self):
        return str(self.source)

    @property
    def is_expired(self):
        return self.licence_ends_on is not None and self.licence_ends_on < timezone.localdate()
