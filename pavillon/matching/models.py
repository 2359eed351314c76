"""What the engine knows: versions of its weights, and the judged pairs that they learn from and are tried on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.matching.engine.model import Model as Weights
from pavillon.matching.enums import Origin, RecordKind


class MatchModel(models.Model):
    """One version of the weights and thresholds for a kind of record. Never changed, only followed by another.

    `content` is the model as the engine writes it (weights in thousandths of log odds); `metrics` what it scored on the
    frozen pairs when it was added: pairs, precision and recall at its automatic threshold, F1 at one half, log loss.
    """

    kind = models.CharField(_("kind of records"), max_length=10, choices=RecordKind)
    version = models.PositiveIntegerField(_("version"))
    content = models.JSONField()
    trained_at = models.DateTimeField(_("trained at"), default=timezone.now)
    learnt_from = models.CharField(_("learnt from"), max_length=200)
    metrics = models.JSONField(default=dict)
    is_live = models.BooleanField(_("live version"), default=False)

    class Meta:
        verbose_name = _("matching model")
        verbose_name_plural = _("matching models")
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="match_model_version_once"),
            models.UniqueConstraint(fields=["kind"], condition=Q(is_live=True), name="one_live_match_model_a_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.version}"

    @property
    def weights(self) -> Weights:
        """The engine's model, with this version's number."""
        return Weights.from_content({**self.content, "version": str(self.version)})


class LabelledPair(models.Model):
    """Two records that somebody, or their numbers, said to be one thing or not.

    Only the levels on which their fields agree are kept, and where the records are ("directory.company:12"): enough to
    learn from, and nothing about anybody. Frozen pairs are never learnt from: versions are tried on them.
    """

    kind = models.CharField(_("kind of records"), max_length=10, choices=RecordKind)
    left = models.CharField(max_length=80)
    right = models.CharField(max_length=80)
    levels = models.JSONField(help_text="Field: level, the missing ones left out.")
    is_match = models.BooleanField(_("one and the same"))
    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    is_frozen = models.BooleanField(_("kept for trials"), default=False)
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("labelled pair")
        verbose_name_plural = _("labelled pairs")
        constraints = [
            models.UniqueConstraint(fields=["kind", "left", "right", "origin"], name="labelled_pair_once_an_origin")
        ]
        indexes = [models.Index(fields=["kind", "is_frozen"], name="labelled_pair_by_use")]
