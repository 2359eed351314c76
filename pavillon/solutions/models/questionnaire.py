"""What is asked, in versions: a finished diagnosis keeps the questionnaire that it answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.reference.models import Named
from pavillon.solutions.words import in_language


class Theme(Named):
    """One side of being ready to export; scored 0 to 100."""

    slug = models.SlugField(primary_key=True)
    order = models.PositiveSmallIntegerField(default=0)
    weight = models.PositiveSmallIntegerField(default=1, help_text=_("Its share in the overall score."))
    about_fr = models.TextField(blank=True)
    about_en = models.TextField(blank=True)

    class Meta:
        verbose_name = _("theme")
        ordering = ["order"]

    @property
    def about(self):
        return in_language(self, "about")


class Questionnaire(Named):
    """A version of a set of questions. Only one is in use; older ones stay for the diagnoses that used them."""

    code = models.SlugField()
    version = models.PositiveSmallIntegerField()
    is_current = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("questionnaire")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(is_current=True), name="one_current_questionnaire"),
        ]


class Question(models.Model):
    """One question on one page.

    `theme` is empty for questions about the company's situation, which are not scored. `show_if` is
    {question code: [choice codes]}: every line must match an answer given before, else the question is skipped.
    """

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="questions")
    theme = models.ForeignKey(Theme, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    code = models.SlugField()
    order = models.PositiveSmallIntegerField()
    text_fr = models.CharField(max_length=300)
    text_en = models.CharField(max_length=300)
    help_fr = models.CharField(max_length=500, blank=True)
    help_en = models.CharField(max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(default=1)
    show_if = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("question")
        ordering = ["questionnaire", "order"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once")]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return in_language(self, "text")

    @property
    def help(self):
        return in_language(self, "help")

    def is_asked(self, given):
        """Whether this question applies, from {question code: choice code} given so far."""
        return all(given.get(code) in wanted for code, wanted in self.show_if.items())


class Choice(models.Model):
    """One answer to a question, worth 0 to 100 points."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    code = models.SlugField()
    order = models.PositiveSmallIntegerField()
    text_fr = models.CharField(max_length=250)
    text_en = models.CharField(max_length=250)
    points = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("choice")
        ordering = ["question", "order"]
        constraints = [
            models.UniqueConstraint(fields=["question", "code"], name="choice_code_once"),
            models.CheckConstraint(condition=Q(points__lte=100), name="points_up_to_100"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return in_language(self, "text")
