"""People who sign in, the organisations that they work for, and in which role."""

import functools

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import COMPANY_ROLES, TEAM_ROLES, Kind, Level, Network, Role
from pavillon.core.models import Dated, VisibleQuerySet


class UserManager(BaseUserManager):
    """Makes people; e-mail addresses are compared without case."""

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class UserQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """An administrator manages his own organisation's people; the platform's and security see everyone."""
        if user.role in {Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER, Role.DATA_PROTECTION_OFFICER}:
            return self
        if user.is_team and user.organisation:
            return self.filter(memberships__organisation=user.organisation).distinct()
        return self.filter(pk=user.pk)

    def working(self):
        return self.filter(is_active=True)


class User(AbstractBaseUser, PermissionsMixin):
    """One record per person, whatever the number of organisations (ledger IDN-13).

    What the person is at this moment comes from `acting`, the membership chosen at sign-in or by the role
    switch; middleware puts it on the user of the request. Elsewhere it is the first current membership.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    language = models.CharField(_("language"), max_length=5, default="fr")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    phone = models.CharField(_("phone"), max_length=24, blank=True)
    office = models.ForeignKey("Office", null=True, blank=True, on_delete=models.SET_NULL, verbose_name=_("office"))
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("editor of the sites"), default=False, help_text=_("May open the content editor."))
    joined_at = models.DateTimeField(auto_now_add=True)
    suspended_until = models.DateTimeField(null=True, blank=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["last_name", "first_name"]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_full_name(self):
        return self.full_name

    @functools.cached_property
    def acting(self):
        """The current membership, or None for a person who belongs nowhere yet."""
        return self.memberships.current().select_related("organisation").order_by("-is_default", "pk").first()

    @property
    def role(self):
        return self.acting.role if self.acting else ""

    @property
    def organisation(self):
        return self.acting.organisation if self.acting else None

    @property
    def region_id(self):
        """INSEE code of the region of the organisation that one acts for, "" when national or abroad."""
        return (self.organisation.region_id or "") if self.organisation else ""

    @property
    def is_team(self):
        return self.role in TEAM_ROLES

    @property
    def is_company(self):
        return self.role in COMPANY_ROLES

    def has_role(self, *roles):
        return self.role in roles


class Office(models.Model):
    """A place where the team works (ledger IDN-04)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    country = models.ForeignKey("reference.Country", on_delete=models.PROTECT, verbose_name=_("country"))
    city = models.CharField(_("town"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=40)

    class Meta:
        verbose_name = _("office")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Unit(models.Model):
    """A node of the agency's tree of units (ledger IDN-05)."""

    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    is_attached_to_top = models.BooleanField(_("attached to the top"), default=False)
    # Materialised path ("agency.reseau-france.ci"), so that a branch is one indexed prefix.
    path = models.CharField(max_length=255, unique=True)

    class Meta:
        verbose_name = _("unit")
        ordering = ["path"]

    def __str__(self):
        return self.name


class OrganisationQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.is_team:
            return self.exclude(kind__in=[Kind.COMPANY, Kind.BUYER]) | self.filter(pk=user.acting.organisation_id)
        return self.filter(memberships__user=user)

    def partners(self):
        """Members of the export team, without companies and buyers."""
        return self.exclude(kind__in=[Kind.COMPANY, Kind.BUYER])


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
        ordering = ["name"]
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


class MembershipQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.role in {Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER}:
            return self
        if user.is_team:
            return self.filter(organisation=user.organisation)
        return self.filter(user=user)

    def current(self):
        today = timezone.localdate()
        return self.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))


class Membership(Dated):
    """A person's role in one organisation over a period."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("unit"))
    network = models.CharField(_("adviser network"), max_length=4, choices=Network, blank=True)
    is_default = models.BooleanField(_("used at sign-in"), default=False)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        ordering = ["organisation__name", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
            ExclusionConstraint(
                name="one_membership_per_role_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}, {self.organisation}"
