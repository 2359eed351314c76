"""Organisations, their units and offices, and who does what in them."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import ALL_PEOPLE_ROLES, PARTNER_KINDS, Kind, Level, Network, Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.models import alphabetical


def period(end_field="ends_on"):
    """The SQL range of a row's two dates, both days included, open when there is no end."""
    return Func("starts_on", end_field, models.Value("[]"), function="daterange")


class DatedQuerySet(VisibleQuerySet):
    """Rows that hold from a day to a day."""

    def on(self, day):
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Office(models.Model):
    """A place where the team works (ledger IDN-04)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    country = models.ForeignKey("reference.Country", on_delete=models.PROTECT, verbose_name=_("country"))
    city = models.CharField(_("town"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=40)

    class Meta:
        verbose_name = _("office")
        ordering = alphabetical("name")

    def __str__(self):
        return self.name


class UnitQuerySet(models.QuerySet):
    def branch_of(self, unit):
        """The unit and everything below it."""
        return self.filter(Q(pk=unit.pk) | Q(path__startswith=f"{unit.path}."))


class Unit(models.Model):
    """A node of the agency's tree of units (ledger IDN-05)."""

    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    is_attached_to_top = models.BooleanField(_("attached to the top"), default=False)
    # Materialised path ("agency.reseau-france.ci"), so that a branch is one indexed prefix.
    path = models.CharField(max_length=255, unique=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        ordering = ["path"]

    def __str__(self):
        return self.name

    @property
    def depth(self):
        """0 for the top of the tree."""
        return self.path.count(".")

    def is_in_branch_of(self, other):
        return self.path == other.path or self.path.startswith(f"{other.path}.")


class OrganisationQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The team sees its partners and itself; a company sees itself; a few roles see every one."""
        if user.role in ALL_PEOPLE_ROLES:
            return self
        if user.is_team:
            return self.filter(Q(kind__in=PARTNER_KINDS) | Q(pk=user.acting.organisation_id))
        return self.filter(pk__in=Membership.objects.filter(user=user).values("organisation"))

    def partners(self):
        """Members of the export team, without companies and buyers."""
        return self.filter(kind__in=PARTNER_KINDS)

    def working(self):
        return self.filter(is_active=True)

    def with_people_count(self):
        """How many people have a role there today, as `people_count`."""
        people = (
            Membership.objects.on(timezone.localdate())
            .filter(organisation=models.OuterRef("pk"), user__is_active=True)
            .order_by()
            .values("organisation")
            .annotate(n=models.Count("user", distinct=True))
            .values("n")
        )
        return self.annotate(people_count=Coalesce(models.Subquery(people), 0))


class Organisation(Dated):
    """A partner of the team, a company or a buyer's firm, as an owner of accounts."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("type"), max_length=20, choices=Kind)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    region = models.ForeignKey(
        "reference.Region", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("region")
    )
    country = models.ForeignKey(
        "reference.Country", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("country")
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = alphabetical("name")
        constraints = [
            models.CheckConstraint(
                condition=~Q(level=Level.REGIONAL) | Q(region__isnull=False), name="regional_organisation_has_a_region"
            ),
            models.UniqueConstraint(
                fields=["name", "kind"], condition=~Q(kind__in=["company", "buyer"]), name="partner_named_once"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_partner(self):
        return self.kind in PARTNER_KINDS


class MembershipQuerySet(DatedQuerySet):
    def seen_by(self, user):
        if user.role in ALL_PEOPLE_ROLES:
            return self
        own = Q(user=user)
        if user.is_team or user.is_company:
            own |= Q(organisation=user.organisation)
        return self.filter(own)

    def current(self, day=None):
        """Memberships of a day (today) in organisations that still work."""
        return self.on(day or timezone.localdate()).filter(organisation__is_active=True)

    def in_branch(self, unit):
        """Memberships placed in a unit or anywhere below it."""
        return self.filter(Q(unit=unit) | Q(unit__path__startswith=f"{unit.path}."))


class Membership(Dated):
    """A person's role in one organisation over a period."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit")
    )
    network = models.CharField(_("adviser network"), max_length=4, choices=Network, blank=True)
    # A national organisation sends people to regional teams; this does not narrow what they may see.
    covers = models.ForeignKey(
        "reference.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("region covered"),
    )  # fmt: skip
    is_default = models.BooleanField(_("used at sign-in"), default=False)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    # False for who entered a company by its public number: until he is known to belong there, he sees what he did
    # himself and nothing of the company's past.
    is_confirmed = models.BooleanField(default=True, db_default=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        ordering = ["organisation__name", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="one_membership_used_at_sign_in"
            ),
            ExclusionConstraint(
                name="one_membership_per_role_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.organisation}"

    @property
    def role_in_words(self):
        """The role with the adviser network, where there is one."""
        network = f", {self.get_network_display()}" if self.network else ""
        return f"{self.get_role_display()}{network}"

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)
