"""What people put on companies: tags and target lists; and what was done to many rows at once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models import CARD_EDITORS, Company
from pavillon.reference.models import alphabetical
from pavillon.segments.enums import Gesture, ListOrigin


class TagQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Tags belong to an organisation: what one calls its companies is nobody else's business."""
        return self.filter(organisation=user.organisation) if user.is_team else self.none()


class Tag(Dated):
    """A word that an organisation puts on companies."""

    name = models.CharField(_("name"), max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        ordering = alphabetical("name")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="tag_once_per_organisation")]

    def __str__(self):
        return self.name


class TaggingQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(tag__organisation=user.organisation) if user.is_team else self.none()


class Tagging(models.Model):
    """A tag on a company, and who put it there."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="taggings")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tagged_at = models.DateTimeField(auto_now_add=True)

    objects = TaggingQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag of a company")
        constraints = [models.UniqueConstraint(fields=["tag", "company"], name="company_tagged_once")]


class TargetListQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Its author, his organisation, and those to whom it was given."""
        if not user.has_role(*CARD_EDITORS):
            return self.none()
        given = TargetReader.objects.filter(user=user).values("target_list")
        return self.filter(Q(author=user) | Q(organisation=user.organisation) | Q(pk__in=given))

    def with_sizes(self):
        """With `size`, how many companies each holds."""
        return self.annotate(size=models.Count("rows"))


class TargetList(Dated):
    """Companies to work on, recommended by marketing or by the sales management, given to advisers (ledger PLAN-09).

    draft (published_at empty) → published: its readers are told and find it among their targets.
    """

    name = models.CharField(_("name"), max_length=120)
    origin = models.CharField(_("recommended by"), max_length=10, choices=ListOrigin)
    note = models.TextField(_("what to do"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="target_lists")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, editable=False)

    objects = TargetListQuerySet.as_manager()

    class Meta:
        verbose_name = _("target list")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["author", "name"], name="target_list_named_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("segments:target_list", args=[self.pk])


class TargetRow(models.Model):
    """A company of a target list."""

    target_list = models.ForeignKey(TargetList, on_delete=models.CASCADE, related_name="rows", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="target_rows")

    class Meta:
        verbose_name = _("company of a target list")
        constraints = [models.UniqueConstraint(fields=["target_list", "company"], name="company_targeted_once")]


class TargetReader(models.Model):
    """An adviser to whom a target list is given."""

    target_list = models.ForeignKey(TargetList, on_delete=models.CASCADE, related_name="readers", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="targets_given")

    class Meta:
        verbose_name = _("reader of a target list")
        constraints = [models.UniqueConstraint(fields=["target_list", "user"], name="target_list_given_once")]


class TargetSizeQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.is_team else self.none()


class TargetSize(models.Model):
    """The headcount that prospecting aims at: strictly above `above`, strictly below `below` (ledger PLAN-08).

    The last row is in force; each says who changed it and why.
    """

    above = models.PositiveIntegerField(_("more than"), default=50)
    below = models.PositiveIntegerField(_("less than"), default=500)
    reason = models.CharField(_("why"), max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)

    objects = TargetSizeQuerySet.as_manager()

    class Meta:
        verbose_name = _("target size")
        ordering = ["-decided_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(below__gt=F("above") + 1), name="target_size_is_a_range")]


class BulkActQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(done_by=user) if user.is_team and user.role != Role.PRIVATE_PARTNER else self.none()


class BulkAct(models.Model):
    """What one person did to many companies at once; `done` are those that changed, so that just these are undone.

    done → undone (undone_at).
    """

    gesture = models.CharField(max_length=10, choices=Gesture)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    done_at = models.DateTimeField(auto_now_add=True)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.CASCADE, related_name="+")
    target_list = models.ForeignKey(TargetList, null=True, on_delete=models.CASCADE, related_name="+")
    asked = models.PositiveIntegerField()
    # Numbers of companies, as they were on that day.
    done = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    objects = BulkActQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk action")
        constraints = [
            models.CheckConstraint(
                condition=Q(tag__isnull=False, target_list__isnull=True)
                | Q(tag__isnull=True, target_list__isnull=False),
                name="bulk_act_is_one_thing",
            )
        ]
