"""What guards the entrance: identity providers as data, and the count of failed sign-ins."""

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Side
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet


class IdentityProviderQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role("platform_admin", "security_officer") else self.none()

    def offered(self):
        return self.filter(is_enabled=True)


class IdentityProvider(Dated):
    """An OpenID Connect provider, configured on a screen and effective at once (ledger IDN-07, IDN-09)."""

    slug = models.SlugField(_("short name in addresses"), unique=True, max_length=40)
    name = models.CharField(_("name on the button"), max_length=60)
    # http is let through by the form for a provider on this very machine only.
    issuer = models.CharField(_("issuer"), max_length=200, validators=[URLValidator(schemes=["https", "http"])])
    client_id = models.CharField(_("client id"), max_length=200)
    client_secret = EncryptedTextField(_("client secret"), blank=True)
    side = models.CharField(_("offered to"), max_length=10, choices=Side, default=Side.COMPANY)
    scope = models.CharField(_("scopes"), max_length=120, default="openid email profile")
    is_enabled = models.BooleanField(_("enabled"), default=False)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        ordering = ["name"]

    def __str__(self):
        return self.name


def guard_key(email):
    """The keyed digest under which failures of an address are counted."""
    return salted_hmac("pavillon.accounts.sign_in", email.strip().lower(), algorithm="sha256").hexdigest()


class SignInGuard(models.Model):
    """Failed sign-ins of one address, known or not, so that a suspension never tells which accounts exist.

    The address itself is not kept: `key` is a keyed digest of it.
    """

    key = models.CharField(primary_key=True, max_length=64)
    failures = models.PositiveSmallIntegerField(default=0)
    first_failed_at = models.DateTimeField(default=timezone.now)
    suspended_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("failed sign-ins")

    @property
    def is_suspended(self):
        return self.suspended_until is not None and self.suspended_until > timezone.now()


def attempts_key(what, who):
    """The key under which tries are counted: neither the address nor the person can be read from it."""
    return salted_hmac("pavillon.accounts.attempts", f"{what}|{who}", algorithm="sha256").hexdigest()


class Attempts(models.Model):
    """How often somebody tried something: each try pays a share of the time that its rate allows them to take.

    Beyond now by the whole time of the rate, no try is left. Who it was is not kept: `key` is a keyed digest.
    """

    key = models.CharField(primary_key=True, max_length=64)
    paid_until = models.DateTimeField()

    class Meta:
        verbose_name = _("attempts")

    def __str__(self):
        return f"{self.paid_until}"


class Letter(models.Model):
    """A letter that left, by the number of the job that sent it: a job that is put back sends no second one."""

    job = models.BigIntegerField(primary_key=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.job}"
