"""What a face keeps: lists that a person wants to find again, and the words that a search may have meant."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.models import alphabetical
from pavillon.segments.enums import Sharing


class SavedViewQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, those shared with one's organisation, and those for the whole team."""
        if not user.is_team:
            return self.filter(owner=user)
        return self.filter(
            Q(owner=user) | Q(sharing=Sharing.NETWORK) | Q(sharing=Sharing.ORGANISATION, organisation=user.organisation)
        )

    def used_by(self, user):
        """With `is_pinned` and `is_default`, as this person chose them."""
        uses = ViewUse.objects.filter(view=OuterRef("pk"), user=user)
        return self.annotate(is_pinned=Exists(uses.filter(is_pinned=True)), is_default=Exists(uses.exclude(opens="")))

    def pinned_by(self, user):
        return self.filter(uses__user=user, uses__is_pinned=True)

    def of_list(self, path):
        """Those of one list, whatever its filters."""
        return self.filter(Q(url=path) | Q(url__startswith=f"{path}?"))


class SavedView(Dated):
    """A name for the address of a list: its filters, order and columns.

    Only this definition is shared. Whoever opens it sees the list under his own rights: rows, columns and questions
    that he may not read are left out as if he had typed the address.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    # An address of this site: path and query, never a scheme or a host.
    url = models.CharField(_("address"), max_length=1000)
    sharing = models.CharField(_("who finds it"), max_length=12, choices=Sharing, default=Sharing.PERSONAL)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = alphabetical("name")
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

    @property
    def path(self):
        """The list that it narrows."""
        return self.url.partition("?")[0]

    @property
    def is_shared(self):
        return self.sharing != Sharing.PERSONAL


class ViewUse(models.Model):
    """What one person does with a view, one's own or a shared one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="uses")
    is_pinned = models.BooleanField(default=False)
    # The list that this view stands for when it is opened from the menu; "" when for none.
    opens = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("use of a saved view")
        constraints = [
            models.UniqueConstraint(fields=["user", "view"], name="view_used_once"),
            models.UniqueConstraint(fields=["user", "opens"], condition=~Q(opens=""), name="one_default_view_a_list"),
        ]


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
