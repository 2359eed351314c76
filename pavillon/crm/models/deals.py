"""What an organisation calls a complex deal: from then on a second weekly talk with the manager is advised."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet

FROM_ONE = [MinValueValidator(1)]


class ComplexDealRuleQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """That of one's own organisation."""
        return self.filter(organisation=user.organisation) if user.is_team else self.none()


class ComplexDealRule(Dated):
    """The limits of one organisation; without a row, these defaults hold (ledger AGD-02 names none).

    `headcount` makes an account large: 250 people are the threshold of a mid-cap. The others count what is open with
    one company: requests in several countries, services of several kinds, what they cost together without tax.
    """

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    headcount = models.PositiveIntegerField(_("people of a large account"), default=250, validators=FROM_ONE)
    countries = models.PositiveSmallIntegerField(
        _("countries of the open requests of a company"), default=2, validators=FROM_ONE
    )
    services = models.PositiveSmallIntegerField(
        _("different services on order for a company"), default=3, validators=FROM_ONE
    )
    amount = models.DecimalField(
        _("services on order for a company, without tax (€)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("20000"),
        validators=[MinValueValidator(Decimal("0.01"))],
    )

    objects = ComplexDealRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits of complex deals")
        constraints = [
            models.CheckConstraint(
                condition=Q(headcount__gte=1, countries__gte=1, services__gte=1, amount__gt=0),
                name="complex_deal_has_limits",
            )
        ]

    def __str__(self):
        return str(self.organisation)
