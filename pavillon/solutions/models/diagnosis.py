"""What one company answered, and what came out of it."""

import functools

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models import Company
from pavillon.reference.models import Region
from pavillon.solutions.enums import GAP_BELOW, STRONG_FROM, Level
from pavillon.solutions.models.questionnaire import Choice, Question, Questionnaire, Theme


def new_token():
    return get_random_string(32)


class DiagnosisQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A company sees its own; the export team sees those that a company made its own."""
        if user.is_company:
            return self.filter(company__organisation=user.organisation)
        if user.is_team:
            return self.filter(company__isnull=False)
        return self.none()

    def finished(self):
        return self.filter(finished_at__isnull=False)

    def abandoned(self, before):
        """Anonymous ones that nobody touched since."""
        return self.filter(company__isnull=True, changed_at__lt=before)


class Diagnosis(Dated):
    """One passage through the questionnaire.

    | state | company | finished_at |
    |---|---|---|
    | anonymous, running | empty | empty |
    | anonymous, finished | empty | the moment |
    | of a company | set | empty or the moment |

    While it is anonymous, whoever holds its link (`token`) may go on; once it belongs to a company, only that
    company and the export team may read it.
    """

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="diagnoses")
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("regional site"), related_name="+"
    )
    language = models.CharField(_("language"), max_length=5, default="fr")
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.CASCADE, related_name="diagnoses", verbose_name=_("company")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="diagnoses"
    )
    # The campaign whose link led to it.
    campaign = models.ForeignKey(
        "campaigns.Campaign", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(_("finished on"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True, choices=Level)
    theme_scores = models.JSONField(default=dict, help_text="{theme slug: 0-100}")

    objects = DiagnosisQuerySet.as_manager()

    class Meta:
        verbose_name = _("diagnosis")
        verbose_name_plural = _("diagnoses")
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(score__isnull=False, level__isnull=False),
                name="finished_diagnosis_has_a_result",
            ),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__lte=100), name="score_up_to_100"),
        ]
        indexes = [models.Index(fields=["company", "-finished_at"], name="diagnosis_by_company")]

    def __str__(self):
        return f"{_('Diagnosis')} {self.pk}"

    @property
    def is_finished(self):
        return self.finished_at is not None

    @property
    def level_name(self):
        return Level(self.level).label if self.level else ""

    @functools.cached_property
    def themes(self):
        """[(theme, score)] in the order of the themes."""
        return [
            (theme, self.theme_scores[theme.slug]) for theme in Theme.objects.all() if theme.slug in self.theme_scores
        ]

    @property
    def gaps(self):
        """Themes to work on, the weakest first."""
        return sorted((pair for pair in self.themes if pair[1] < GAP_BELOW), key=lambda pair: pair[1])

    @property
    def strong_points(self):
        """Themes where the company is ready, the strongest first."""
        return sorted((pair for pair in self.themes if pair[1] >= STRONG_FROM), key=lambda pair: -pair[1])


class Answer(models.Model):
    """The choice made on one question; changed as long as the diagnosis runs."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    choice = models.ForeignKey(Choice, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer")
        constraints = [models.UniqueConstraint(fields=["diagnosis", "question"], name="one_answer_per_question")]
