"""Keys by which another system speaks for one membership, and nothing more."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.interchange.enums import Scope


def digest_of(secret):
    """What is kept of a key. Secrets have 256 random bits: a plain digest cannot be searched backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


class KeyQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.has_role(Role.PLATFORM_ADMIN, Role.SECURITY_OFFICER):
            return self
        if user.has_role(Role.ORGANISATION_ADMIN):
            return self.filter(membership__organisation=user.organisation)
        return self.filter(membership__user=user)

    def in_force(self):
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


class Key(Dated):
    """A partner's key. Its bearer sees what the membership sees, through the same rules, within its scopes."""

    name = models.CharField(_("name"), max_length=80)
    membership = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    start = models.CharField(_("begins with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("may do"))
    hourly_quota = models.PositiveIntegerField(_("calls per hour"), default=1000)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)

    objects = KeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        ordering = ["-pk"]

    def __str__(self):
        return self.name

    @property
    def scope_labels(self):
        """What it may do, in the reader's words."""
        return [str(Scope(scope).label) for scope in self.scopes]

    @property
    def is_in_force(self):
        return self.revoked_at is None and self.expires_at > timezone.now()


class ProvisionedPerson(Dated):
    """Somebody whose account a partner's system looks after: under which number it knows him, and whether it let go."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200, blank=True)
    # The role to come back to: one that was given and taken on the same day leaves no membership.
    role = models.CharField(max_length=30, choices=Role, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("account looked after by a partner’s system")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="provisioned_once"),
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=~models.Q(external_id=""),
                name="external_id_once",
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.organisation}"


class Usage(models.Model):
    """Calls of one key in one hour, for the quota."""

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="usage")
    hour = models.DateTimeField()
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="usage_once_per_hour")]


class KeptAnswer(models.Model):
    """What a writing call was answered, under the name that its sender gave it: asked again, it is not done again."""

    key = models.ForeignKey(Key, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=120)
    # Of method, address and body: another call under the same name is a mistake of its sender.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "name"], name="answer_kept_once")]
