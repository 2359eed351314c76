"""The only table of a face: lists that a person wants to find again."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet


class SavedViewQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Everybody his own."""
        return self.filter(owner=user)

    def pinned(self):
        return self.filter(is_pinned=True)


class SavedView(Dated):
    """A name for the address of a list with its filters; it opens the list under today's rights and rows."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=80)
    # An address of this site: path and query, never a scheme or a host.
    url = models.CharField(_("address"), max_length=1000)
    is_pinned = models.BooleanField(_("pinned in the side bar"), default=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_named_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="view_stays_on_this_site"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.url
