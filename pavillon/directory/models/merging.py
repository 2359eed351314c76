"""Merges of two records into one, kept so that each can be undone."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.directory.enums import MergeKind


class MergeEventQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who reads the cards knows which ones were merged; a company does not see the team's cleaning."""
        return self if user.is_team else self.none()

    def standing(self):
        """Without those that were undone."""
        return self.filter(undone_at__isnull=True)

    def of(self, record):
        """Merges that a record took part in, as the kept or as the removed one."""
        kind = MergeKind.of(record)
        return self.filter(Q(kept=record.pk) | Q(removed=record.pk), kind=kind)


class MergeEvent(models.Model):
    """Two records became one, what that moved, and what both said before.

    `kept` and `removed` are numbers of companies or contacts, as `kind` says: the event outlives both.
    `before` holds both rows as the database had them, {"kept": {column: value}, "removed": {…}}; `after` only the
    columns that the merge changed. `moved` says which rows of which table followed (see `actions.moving`):
    {"moved": {"crm.lead.company": [numbers]}, "changed": [[table, number, {column: [before, after]}]],
    "deleted": [[table, row]], "created": [[table, number, row]], "summed": {room: rows}}.
    Encrypted columns stay encrypted in all of these.

    standing (undone_at empty) → undone.
    """

    kind = models.CharField(max_length=7, choices=MergeKind)
    kept = models.BigIntegerField()
    removed = models.BigIntegerField()
    # What they were called on that day.
    kept_name = models.CharField(max_length=250)
    removed_name = models.CharField(max_length=250)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    # What the matcher said of the pair, and which of its versions: empty when a person found it.
    score = models.FloatField(_("score"), null=True, blank=True)
    model_version = models.CharField(max_length=40, blank=True)
    # {field: "removed"} for the fields where the other record's value was taken on purpose.
    choices = models.JSONField(default=dict)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    moved = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    merged_at = models.DateTimeField(default=timezone.now)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = MergeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("removed")), name="merge_of_two_records"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("merged_at")), name="merge_undone_later"
            ),
            models.UniqueConstraint(
                fields=["kind", "removed"], condition=Q(undone_at__isnull=True), name="merged_into_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "kept", "-merged_at"], name="merge_by_kept"),
            models.Index(fields=["-merged_at", "-id"], name="merge_by_time"),
        ]

    def __str__(self):
        return f"{self.removed_name} → {self.kept_name}"

    @property
    def is_undone(self):
        return self.undone_at is not None
