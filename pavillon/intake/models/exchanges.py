"""With whom data are exchanged or may be one day, and which public interfaces could serve."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import LegalStatus
from pavillon.intake.enums import ExchangeStatus, Frequency
from pavillon.reference.models import Country


class TeamQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The whole team."""
        return self if user.is_team else self.none()


class Exchange(Dated):
    """One line of the register of exchanges: an entity, what it could give or take, and where that stands."""

    code = models.SlugField(unique=True, editable=False)
    entity = models.CharField(_("entity"), max_length=120)
    subject = models.CharField(_("what is exchanged"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ExchangeStatus, default=ExchangeStatus.POSSIBLE)
    legal_status = models.CharField(_("legal basis"), max_length=12, choices=LegalStatus, default=LegalStatus.WAITING)
    format = models.CharField(_("format"), max_length=120, blank=True)
    frequency = models.CharField(_("frequency"), max_length=12, choices=Frequency, default=Frequency.OCCASIONAL)
    place = models.PositiveSmallIntegerField(default=100, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange of data")
        verbose_name_plural = _("register of exchanges")
        ordering = ["place", "entity"]

    def __str__(self):
        return self.entity


class PublicInterface(Dated):
    """A programming interface on the shelf: tried, and rated for what it would bring."""

    name = models.CharField(_("name"), max_length=120)
    provider = models.CharField(_("provider"), max_length=120)
    country = models.ForeignKey(Country, default="FR", on_delete=models.PROTECT, verbose_name=_("country"))
    address = models.URLField(_("address"), max_length=300, unique=True)
    subject = models.CharField(_("what it tells"), max_length=300, blank=True)
    tested_at = models.DateTimeField(null=True, editable=False)
    answered = models.PositiveSmallIntegerField(null=True, editable=False, help_text="HTTP status; empty: no answer")
    content_type = models.CharField(max_length=80, blank=True, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)
    usefulness = models.PositiveSmallIntegerField(
        _("usefulness"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    verdict = models.CharField(_("why"), max_length=300, blank=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("public interface")
        ordering = ["name"]

    def __str__(self):
        return self.name
