"""Territories: which adviser answers for which places; how they were drawn, and what each change moved."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import TerritoryDeed
from pavillon.crm.models.leads import LEAD_READERS

# Who answers for which place is no secret within the team; a partner abroad has no place in it.
TERRITORY_READERS = LEAD_READERS - {Role.PRIVATE_PARTNER}
# The key of companies that belong to no sector, where a place is shared out by sectors.
NO_SECTOR = "-"


class TerritoryQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in TERRITORY_READERS else self.none()

    def in_force(self):
        return self.filter(ended_by__isnull=True)

    def with_names(self):
        return self.select_related("organisation", "region", "adviser")


class TerritoryChangeQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in TERRITORY_READERS else self.none()

    def with_names(self):
        return self.select_related("organisation", "region", "decided_by", "undoes", "undone_by")


class TerritoryChange(models.Model):
    """One change of the territories of an organisation in a region, or of its portfolios: done whole, undone whole.

    `before` and `after` keep the figures of then (`queries.territory_figures.Balance.told`), for the report.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("reference.Region", on_delete=models.PROTECT, related_name="+")
    deed = models.CharField(_("what was done"), max_length=10, choices=TerritoryDeed)
    # The names of the territories concerned, as they were called then.
    named = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    starts_on = models.DateField(_("portfolios pass on"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    objects = TerritoryChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of territories")
        ordering = ["-decided_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "region", "-decided_at", "-id"], name="territory_change_by_place")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(deed="undone", undoes__isnull=False) | (~Q(deed="undone") & Q(undoes__isnull=True)),
                name="undoing_says_what_it_undoes",
            )
        ]

    def __str__(self):
        return f"{self.get_deed_display()} – {self.named}" if self.named else self.get_deed_display()

    def get_absolute_url(self):
        return reverse("crm:territory_change", args=[self.pk])

    @property
    def is_undone(self):
        return hasattr(self, "undone_by")


class Territory(models.Model):
    """Places, and sectors in them, that one adviser of an organisation answers for (ledger LEAD-10).

    in force → ended, when it is merged into another or taken away; undoing that puts it back into force.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="territories", verbose_name=_("organisation")
    )
    region = models.ForeignKey("reference.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=80)
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="territories", verbose_name=_("adviser")
    )
    opened_by = models.ForeignKey(TerritoryChange, on_delete=models.PROTECT, related_name="opened_territories")
    ended_by = models.ForeignKey(TerritoryChange, null=True, on_delete=models.PROTECT, related_name="ended_territories")

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "region", "name"],
                condition=Q(ended_by__isnull=True),
                name="territory_named_once",
            ),
            # What the areas point at together with the organisation: see the migration.
            models.UniqueConstraint(fields=["id", "organisation"], name="territory_of_its_organisation"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("crm:territory", args=[self.pk])

    @property
    def is_in_force(self):
        return self.ended_by_id is None


def _one_number(number):
    """The range of one number, or of all of them when there is none."""
    return Func(number, number, Value("[]"), function="int4range")


class TerritoryAreaQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in TERRITORY_READERS else self.none()

    def standing(self):
        return self.filter(closed_by__isnull=True)


class TerritoryArea(models.Model):
    """A commune, or one postal code of it, or one sector in it, that belongs to a territory; closed when it moves.

    `postal_code` "" is the whole commune, `sector` "" every company, NO_SECTOR those that belong to none.
    """

    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, related_name="areas")
    # That of the territory: the database compares both.
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    commune = models.ForeignKey("reference.Commune", on_delete=models.PROTECT, related_name="+")
    postal_code = models.CharField(max_length=5, blank=True, default="")
    sector = models.CharField(max_length=50, blank=True, default="")
    opened_by = models.ForeignKey(TerritoryChange, on_delete=models.PROTECT, related_name="opened_areas")
    closed_by = models.ForeignKey(TerritoryChange, null=True, on_delete=models.PROTECT, related_name="closed_areas")

    objects = TerritoryAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of a territory")
        constraints = [
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}$"), name="area_postal_code_is_one"
            ),
            ExclusionConstraint(
                name="no_two_territories_hold_a_place",
                condition=Q(closed_by__isnull=True),
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("commune", RangeOperators.EQUAL),
                    (
                        _one_number(Cast(NullIf(F("postal_code"), Value("")), models.IntegerField())),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        _one_number(
                            Func(
                                NullIf(F("sector"), Value("")), function="hashtext", output_field=models.IntegerField()
                            )
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]


class PortfolioMoveQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in TERRITORY_READERS else self.none()


class PortfolioMove(models.Model):
    """A company passed from one referent to another, or got one, by a change of territories: what undoing needs."""

    change = models.ForeignKey(TerritoryChange, on_delete=models.CASCADE, related_name="moves")
    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="+")
    before = models.ForeignKey("crm.Referent", null=True, on_delete=models.SET_NULL, related_name="+")
    # When the former referent would have ended without this change.
    before_ends_on = models.DateField(null=True)
    after = models.ForeignKey("crm.Referent", null=True, on_delete=models.SET_NULL, related_name="+")
    from_adviser = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    to_adviser = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # When the company was told: a job that begins anew tells nobody twice.
    told_at = models.DateTimeField(null=True)

    # Whether `after` is, for the undoing that is being prepared, whom the undoing of a later change named.
    is_stood_in_for = False

    objects = PortfolioMoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("company that passed to another portfolio")
        constraints = [models.UniqueConstraint(fields=["change", "company"], name="company_passes_once_by_change")]
