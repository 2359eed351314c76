"""What other calendars read here, and what is read of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import KeyKind
from pavillon.core.models import Dated, VisibleQuerySet


class OwnQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(owner=user)


class AgendaKey(models.Model):
    """A secret that opens one person's agenda: an address to subscribe to, or a password for an application.

    Only its digest is kept: the secret is random and long, so that a plain SHA-256 is as good as a slow one.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=KeyKind)
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of an agenda")
        ordering = ["-created_at"]

    def __str__(self):
        return self.name


class Subscription(Dated):
    """Another calendar that is read every hour; its events stand in the agenda and cannot be changed here."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscribed calendar")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "url"], name="calendar_subscribed_once")]

    def __str__(self):
        return self.name
