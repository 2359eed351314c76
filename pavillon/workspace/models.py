"""What a face keeps: lists that a person wants to find again, and the words that a search may have meant."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
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


class WordKind(models.TextChoices):
    """Whose word it is."""

    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class SearchWord(models.Model):
    """A word of the names in the base, as they are compared: what a mistyped word is likened to.

    Derived each night. A word says nothing about who bears it, and leads nowhere but through the rights of a search.
    """

    kind = models.CharField(max_length=7, choices=WordKind)
    word = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("word of the search")
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="search_word_once")]
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trgm")]
