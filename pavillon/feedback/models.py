"""What people say about the platform's screens, what was decided, and who wants the same."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.feedback.enums import Rating, State, Theme

# Those who run the platform: they read every remark, and answer.
RUNNERS = (Role.OPERATOR, Role.PLATFORM_ADMIN)


class FeedbackQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own; all of them for those who run the platform."""
        return self if user.role in RUNNERS else self.filter(author=user)

    def new(self):
        return self.filter(state=State.NEW)

    def with_names(self):
        return self.select_related("author", "organisation", "joined_to", "decision")

    def with_weight(self):
        """How many say the same: other remarks joined to it, and people who support what was published of it."""
        return self.annotate(
            joined=Count("duplicates", distinct=True), votes=Count("decision__supports", distinct=True)
        ).annotate(weight=F("joined") + F("votes"))


class Feedback(Dated):
    """A rating and words about one screen (ledger METH-01).

    Of the address only the screen is kept: neither its query nor secrets in it. A duplicate points at the remark that
    it was joined to, and follows its state.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=30, choices=Role, blank=True)
    # "crm:leads": the name of the page; "" for one that has none here.
    screen = models.CharField(_("screen"), max_length=100, blank=True)
    path = models.CharField(_("page"), max_length=300, blank=True)
    rating = models.PositiveSmallIntegerField(_("how well does this screen serve you?"), choices=Rating)
    text = models.TextField(_("what would you change, or keep?"), max_length=4000, blank=True)
    wants_answer = models.BooleanField(_("I would like an answer"), default=False)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, blank=True)
    state = models.CharField(_("step"), max_length=10, choices=State, default=State.NEW)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    joined_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="duplicates", verbose_name=_("joined to")
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="feedback_newest"),
            models.Index(fields=["author", "-created_at"], name="feedback_of_author"),
            models.Index(fields=["state", "-created_at"], name="feedback_by_state"),
            models.Index(fields=["screen", "created_at"], name="feedback_by_screen"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="feedback_is_rated"),
            models.CheckConstraint(
                condition=Q(joined_to=None) | ~Q(joined_to=F("id")), name="feedback_is_not_joined_to_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["planned", "done", "declined"]) | ~Q(answer="") | Q(author=None),
                name="decided_feedback_has_an_answer",
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("feedback:view_feedback", args=[self.pk])

    @property
    def reference(self):
        return f"F-{self.pk:06d}"

    @property
    def kind(self):
        """What sort of organisation speaks; "" for somebody without any."""
        return self.organisation.kind if self.organisation else ""


class FeedbackStep(models.Model):
    """One line of a remark's history, written once."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("step of a feedback")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["feedback", "at"], name="feedback_step_at")]

    def __str__(self):
        return self.get_state_display()


class DecisionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Everybody who has an account: what was said is told without names."""
        return self

    def supported_by(self, user):
        """With how many want the same, and whether this person does."""
        own = Support.objects.filter(decision=models.OuterRef("pk"), user=user)
        return self.annotate(count=Count("supports"), is_mine=models.Exists(own))


class Decision(Dated):
    """You said, we did: what was decided about a remark, published in other words, for one kind of team."""

    feedback = models.OneToOneField(Feedback, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(_("whose wish"), max_length=10, choices=Kind, blank=True)
    said = models.CharField(_("you said"), max_length=300)
    done = models.CharField(_("we did"), max_length=600, blank=True)
    state = models.CharField(_("step"), max_length=10, choices=State)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("published decision")
        verbose_name_plural = _("published decisions")
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="decision_newest")]
        constraints = [models.CheckConstraint(condition=~Q(said=""), name="decision_says_what_was_said")]

    def __str__(self):
        return self.said


class Support(models.Model):
    """Somebody wants the same."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("support of a decision")
        constraints = [models.UniqueConstraint(fields=["user", "decision"], name="supported_once")]
