"""Professional buyers abroad."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.showroom.enums import OPEN_KINDS, EnquiryKind


class BuyerQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A buyer sees himself; a seller those who wrote to him; the team reads cards through enquiries only."""
        if user.has_role("buyer"):
            return self.filter(user=user)
        if user.is_company:
            return self.filter(enquiries__shop__company__organisation=user.organisation).distinct()
        return self.none()

    def by_country(self):
        """Rows {country, n}, largest first."""
        return self.order_by().values("country").annotate(n=models.Count("pk")).order_by("-n", "country")


class Buyer(Dated):
    """A person who buys for a firm, in a country that is always known (ledger LINK-05, LINK-06)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="buyer")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="buyers")
    company_name = models.CharField(_("company"), max_length=200)
    country = models.ForeignKey("reference.Country", on_delete=models.PROTECT, verbose_name=_("country"))
    sector = models.ForeignKey("reference.Sector", on_delete=models.PROTECT, verbose_name=_("sector"))
    job_title = models.CharField(_("position"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    accepted_terms_at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = BuyerQuerySet.as_manager()

    class Meta:
        verbose_name = _("buyer")
        ordering = ["company_name", "pk"]
        indexes = [models.Index(fields=["country"], name="buyer_by_country")]
        constraints = [models.CheckConstraint(condition=~Q(company_name=""), name="buyer_has_a_company")]

    def __str__(self):
        return f"{self.user.full_name}, {self.company_name}"

    @property
    def is_abroad(self):
        return self.country_id != "FR"


class EnquiryDraft(models.Model):
    """What a visitor wrote before he had an account; sent by itself when he confirms his e-mail address."""

    buyer = models.OneToOneField(Buyer, on_delete=models.CASCADE, related_name="draft")
    shop = models.ForeignKey("showroom.Shop", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("showroom.Product", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=EnquiryKind, default=EnquiryKind.QUESTION)
    text = EncryptedTextField()
    quantity = models.PositiveIntegerField(null=True)
    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("enquiry not yet sent")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(OPEN_KINDS)), name="draft_is_of_an_open_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="draft_says_something"),
        ]
