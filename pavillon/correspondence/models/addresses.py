"""The secret addresses to which an adviser copies his mail."""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import VisibleQuerySet


def new_secret():
    """26 letters and digits that no mail server changes: 130 bits."""
    return base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]


def record_token(secret, name):
    """What makes the address of one record ("d-000123") somebody's own: 130 bits of his secret."""
    digest = hmac.digest(secret.encode(), name.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:26]


class CopyAddressQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, in the role that one has now."""
        return self.filter(owner=user, organisation=user.organisation)

    def valid(self):
        return self.filter(revoked_at__isnull=True)


class CopyAddress(models.Model):
    """One adviser's secret address in one organisation; the addresses of records are made of the same secret.

    Whoever learns it can do nothing with it alone: mail is taken from its owner's own confirmed addresses only.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    secret = EncryptedTextField(default=new_secret)
    secret_index = BlindIndexField(of="secret")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    objects = CopyAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address for copies")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "organisation"], condition=Q(revoked_at__isnull=True), name="one_copy_address_a_role"
            )
        ]

    def __str__(self):
        return self.address

    @property
    def address(self):
        return f"copie.{self.secret}@{settings.MAIL_COPY_DOMAIN}"

    def of_record(self, name):
        """The address of a record for this person: `name` is "d-000123" for a request, "e-000045" for a company."""
        return f"{name}.{record_token(self.secret, name)}@{settings.MAIL_COPY_DOMAIN}"
