"""Saved rules that stay live, and who entered and left them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.models import alphabetical
from pavillon.segments.enums import Sharing, Subject


class SegmentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, those of one's organisation, and those for the whole team."""
        if not user.is_team:
            return self.none()
        return self.filter(
            Q(owner=user) | Q(sharing=Sharing.NETWORK) | Q(sharing=Sharing.ORGANISATION, organisation=user.organisation)
        )


class Segment(Dated):
    """A rule of the criteria language under a name (ledger BASE-06).

    Its rows are computed when it is used, with the rights of whoever uses it. `SegmentMember` remembers who was in it
    at the last pass, with the rights of its owner, so that `SegmentMove` can tell who entered and left since a day.
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what for"), max_length=300, blank=True)
    subject = models.CharField(_("made of"), max_length=10, choices=Subject, default=Subject.COMPANIES)
    # {"all": [...]}, as `directory.criteria` writes it.
    rule = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="segments")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    sharing = models.CharField(_("who finds it"), max_length=12, choices=Sharing, default=Sharing.PERSONAL)
    # At the last pass: how many, and when.
    size = models.PositiveIntegerField(null=True, editable=False)
    refreshed_at = models.DateTimeField(null=True, editable=False)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        ordering = alphabetical("name")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="segment_named_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("segments:segment", args=[self.pk])


class SegmentMember(models.Model):
    """A company or a contact that was in a segment at its last pass."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    # The number of the company or contact: a segment may be of either, and outlives both.
    member = models.BigIntegerField()

    class Meta:
        verbose_name = _("member of a segment")
        constraints = [models.UniqueConstraint(fields=["segment", "member"], name="segment_member_once")]


class SegmentMove(models.Model):
    """Somebody entered (`entered`) or left a segment."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="moves", db_index=False)
    member = models.BigIntegerField()
    entered = models.BooleanField()
    moved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("move in a segment")
        indexes = [models.Index(fields=["segment", "-moved_at"], name="segment_move_by_time")]
