"""What guards the entrance: identity providers as data, and the count of failed sign-ins."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import ClientProof, Side
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
    client_proof = models.CharField(
        _("proof of who asks"), max_length=20, choices=ClientProof, default=ClientProof.SECRET
    )
    # Made by us when it is asked for, never shown; its public half stands at a page of ours for the provider to fetch.
    private_key = EncryptedTextField(_("private key"), blank=True, editable=False)
    # Asked of the provider, and demanded: who comes back with none of these levels stays out.
    acr_values = models.CharField(_("levels of assurance"), max_length=200, blank=True)
    vouches_for_address = models.BooleanField(_("its addresses are proven"), default=False)
    siret_claim = models.CharField(_("claim with the SIRET or SIREN"), max_length=60, blank=True)
    ends_its_session = models.BooleanField(_("signing out here signs out there"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=False)

    objects = IdentityProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        ordering = ["name"]

    def __str__(self):
        return self.name


class ProviderSession(models.Model):
    """Which session of ours stands on which session at a provider: signing out there ends it here."""

    session_key = models.CharField(primary_key=True, max_length=40)
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    # Keyed digests: what the provider calls the person and his session is needed for comparing only.
    subject = models.CharField(max_length=64, db_index=True)
    sid = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("session at a provider")

    def __str__(self):
        return f"{self.provider}"


def provider_key(provider, what, value):
    """The digest under which a provider's name of a person or session is kept; "" for none."""
    told = f"{provider.slug}|{what}|{value}"
    return salted_hmac("pavillon.accounts.provider_session", told, algorithm="sha256").hexdigest() if value else ""


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
    # When passwords failed within the last day, tries during a lock included; seconds since 1970, the oldest first.
    recent = ArrayField(models.FloatField(), default=list)

    class Meta:
        verbose_name = _("failed sign-ins")

    @property
    def is_suspended(self):
        return self.suspended_until is not None and self.suspended_until > timezone.now()


class FactorRule(models.Model):
    """Since when this installation demands a second factor of the whole team: one row, made by the first sign-in."""

    begun_at = models.DateTimeField(default=timezone.now)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("demand of a second factor")
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_factor_rule")]

    def __str__(self):
        return f"{self.begun_at}"


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
