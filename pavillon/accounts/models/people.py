"""A person who signs in."""

import functools
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import ALL_PEOPLE_ROLES, COMPANY_ROLES, SECOND_FACTOR_ROLES, TEAM_ROLES
from pavillon.accounts.models.organisations import Membership, Office, Unit
from pavillon.core.models import VisibleQuerySet
from pavillon.reference.models import alphabetical
from pavillon.ui.steady import Form


@functools.cache
def known_zones():
    """Names of time zones: to list them, Python walks through all files of the system's."""
    return frozenset(available_timezones())


def check_time_zone(name):
    if name not in known_zones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write for example Europe/Paris."), params={"name": name}
        )


def roles_on(user, day):
    """What a person is on a day: the role used at sign-in first."""
    return (
        Membership.objects.filter(user=user).current(day).select_related("organisation").order_by("-is_default", "pk")
    )


# Asked often: put into SQL once a process.
_roles_on = Form(roles_on, (7_770_001, date(1901, 1, 7)), (7_770_002, date(1902, 2, 8)))
_by_number = Form(lambda number: User._base_manager.filter(pk=number), (7_770_001,), (7_770_002,))
# The session whose person is asked for by the number that stands in it (`accounts.entering`).
session_of_request: ContextVar[Any] = ContextVar("session_of_request", default=None)


class UserManager(BaseUserManager):
    """Makes people; e-mail addresses are compared without case."""

    def get(self, *conditions, **named):
        """By his number: as the session of the request brought him, else by SQL that is put together once a process."""
        number = named.get("pk")
        if self is not User._default_manager or conditions or len(named) != 1 or type(number) is not int:
            return super().get(*conditions, **named)
        session = session_of_request.get()
        if session is not None and (person := session.give_person(number)) is not None:
            return person
        found = _by_number(number)
        return found[0] if found else super().get(**named)

    def create_user(self, email, password=None, hashed="", **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        if hashed:
            user.password = hashed
        else:
            user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class UserQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """People of one's own organisation, past members included; a few roles see everyone."""
        if user.role in ALL_PEOPLE_ROLES:
            return self
        if (user.is_team or user.is_company) and user.organisation:
            return self.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), organisation=user.organisation)))
        return self.filter(pk=user.pk)

    def working(self):
        return self.filter(is_active=True)

    def of_the_team(self):
        """People who work for the export team, without companies' people and buyers."""
        return self.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), role__in=TEAM_ROLES)))

    def acting_in(self, **conditions):
        """People with a current membership that meets all `conditions` (fields of Membership)."""
        return self.filter(Exists(Membership.objects.current().filter(user=OuterRef("pk"), **conditions)))

    def in_branch(self, unit: Unit):
        """People placed in a unit or anywhere below it."""
        return self.filter(Exists(Membership.objects.current().in_branch(unit).filter(user=OuterRef("pk"))))

    def matching(self, text):
        """Each word begins a first name, a last name or an e-mail, or stands inside one."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
            )
        return found

    def with_current_memberships(self, user):
        """Each person's current roles that `user` may see, as `current`."""
        visible = Membership.objects.visible_to(user).current().select_related("organisation")
        return self.select_related("office", "country").prefetch_related(
            Prefetch("memberships", queryset=visible, to_attr="current")
        )

    def not_held(self):
        """Without those whom security suspended: they can answer nothing now."""
        return self.exclude(is_held=True, suspended_until__gt=timezone.now())

    def suspended(self):
        return self.filter(is_active=True, suspended_until__gt=timezone.now())

    def invited(self):
        """Accounts that wait for their owner's first visit."""
        return self.filter(is_active=True, last_login__isnull=True)


class User(AbstractBaseUser, PermissionsMixin):
    """One record per person, whatever the number of organisations (ledger IDN-13).

    What the person is at this moment comes from `acting`, the membership chosen at sign-in or by the role
    switch; middleware puts it on the user of the request. Elsewhere it is the first current membership.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    language = models.CharField(_("language"), max_length=5, default="fr")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris", validators=[check_time_zone])
    phone = models.CharField(_("phone"), max_length=24, blank=True)
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.SET_NULL, related_name="people", verbose_name=_("office")
    )
    country = models.ForeignKey(
        "reference.Country", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("country of work"),
    )  # fmt: skip
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("editor of the sites"), default=False, help_text=_("May open the content editor."))
    joined_at = models.DateTimeField(auto_now_add=True)
    suspended_until = models.DateTimeField(null=True, blank=True)
    # A suspension that only security lifts: open sessions and keys end too, and a new password does not help.
    is_held = models.BooleanField(default=False, editable=False)
    # The first sign-in: from then on counts the time to set up a second factor (`queries.factor_due`).
    first_entered_at = models.DateTimeField(null=True, editable=False)
    # Whoever proved his identity before this moment is asked again, in each of his sessions.
    prove_after = models.DateTimeField(null=True, editable=False)

    # Whether he has a second factor, as his request found him; None where nobody looked.
    has_factor: bool | None = None
    # Until when the person may go on without a second factor; put there by the middleware.
    factor_due: datetime | None = None
    # Nothing is opened in this session before a second factor is set up or a proof given; set by the same middleware.
    is_at_door: bool = False
    # What somebody without a role yet says he works for, while an account is being opened: no password of his either.
    works_for: str = ""

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = alphabetical("last_name", "first_name")
        indexes = [models.Index(fields=["last_name", "first_name", "id"], name="user_by_name")]

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
        return next(iter(self.roles_today), None)

    @functools.cached_property
    def roles_today(self):
        """The memberships that the person can switch between, the one used at sign-in first."""
        roles = _roles_on(self.pk, timezone.localdate())
        for role in roles:
            role.user = self
        return roles

    @property
    def is_only_invited(self):
        """Nobody stands behind the account yet: no password was chosen, and nobody has ever signed in."""
        return self.last_login is None and not self.has_usable_password()

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

    @property
    def is_newcomer(self):
        """Acts for a company by its public number alone: nobody has confirmed yet that he belongs to it."""
        return self.is_company and not self.acting.is_confirmed

    @property
    def needs_second_factor(self):
        return self.role in SECOND_FACTOR_ROLES

    @property
    def is_suspended(self):
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def is_shut_out(self):
        """Suspended by security: not even a session or a key that is open goes on."""
        return self.is_held and self.is_suspended

    @property
    def is_invited(self):
        """Has an account, has never come."""
        return self.is_active and self.last_login is None

    def has_role(self, *roles):
        return self.role in roles
