"""What a company does next: bricks chosen from its gaps, ticked one by one."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.reference.models import Named
from pavillon.solutions.enums import BrickFamily, Need
from pavillon.solutions.models.diagnosis import Diagnosis
from pavillon.solutions.models.questionnaire import Theme
from pavillon.solutions.words import in_language


class Brick(Named):
    """A training step, an assessment or a piece of advice that closes a gap of one theme.

    It is proposed when the theme's score is under `below` and the level lies between `from_level` and `to_level`;
    with `profiles`, only to those who gave one of these answers ("question:choice").
    """

    code = models.SlugField(primary_key=True)
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="bricks")
    family = models.CharField(_("family"), max_length=12, choices=BrickFamily)
    about_fr = models.TextField()
    about_en = models.TextField()
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30)
    below = models.PositiveSmallIntegerField(default=55)
    from_level = models.PositiveSmallIntegerField(default=1)
    to_level = models.PositiveSmallIntegerField(default=5)
    profiles = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    need = models.CharField(_("need"), max_length=12, choices=Need, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("brick")
        ordering = ["theme", "order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_level__gte=1, to_level__lte=5, from_level__lte=F("to_level")),
                name="brick_levels_in_order",
            )
        ]

    @property
    def about(self):
        return in_language(self, "about")


class PathStepQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(diagnosis__in=Diagnosis.objects.visible_to(user))


class PathStep(models.Model):
    """One line of a company's path. It stays when the account is opened and when a newer diagnosis is made."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="steps")
    brick = models.ForeignKey(Brick, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(help_text="Score of the theme when the path was built.")
    done_at = models.DateTimeField(_("done on"), null=True, blank=True)

    objects = PathStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a path")
        ordering = ["diagnosis", "order"]
        constraints = [models.UniqueConstraint(fields=["diagnosis", "brick"], name="brick_once_in_a_path")]

    def __str__(self):
        return str(self.brick)

    @property
    def is_done(self):
        return self.done_at is not None
