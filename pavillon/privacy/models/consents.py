"""What people agreed to: purposes in their successive wordings, and each answer with its proof."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.privacy.enums import Answer, Kind, LegalBasis
from pavillon.reference.models import Named


class PurposeQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What is asked of people is no secret; how many said what is for the data-protection officer."""
        return self if user.has_role("data_protection_officer") else self.none()

    def optional(self, kind):
        """What people are asked (what needs a yes, for no recipient by name), with its wording in force."""
        asked = self.filter(kind=kind, is_essential=False, legal_basis=LegalBasis.CONSENT, is_per_recipient=False)
        return asked.filter(current__isnull=False).select_related("current")


class Purpose(Named):
    """One reason for processing personal data. Its wording lives in versions: changing it asks people again.

    `is_per_recipient`: asked each time for one recipient by name. `valid_months`: how long a yes serves, for ever when
    empty.
    """

    code = models.SlugField(primary_key=True)
    kind = models.CharField(_("asked"), max_length=10, choices=Kind)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    is_essential = models.BooleanField(_("needed for the service"), default=False)
    is_per_recipient = models.BooleanField(_("asked for each recipient"), default=False)
    valid_months = models.PositiveSmallIntegerField(_("a yes serves (months)"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    current = models.ForeignKey(
        "PurposeVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = PurposeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purpose")
        ordering = ["order", "code"]


class PurposeVersion(models.Model):
    """A wording of a purpose. Never changed once published: proofs point at it."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text_fr = models.TextField(_("text in French"))
    text_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(default=timezone.now)
    # Whoever wrote it; empty for the texts that the product ships, which follow the product.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("wording of a purpose")
        ordering = ["purpose", "-number"]
        constraints = [models.UniqueConstraint(fields=["purpose", "number"], name="purpose_version_once")]

    def __str__(self):
        return f"{self.purpose_id} v{self.number}"

    @property
    def text(self):
        return self.text_fr if (get_language() or "fr").startswith("fr") else self.text_en


class ConsentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own answers; the data-protection officer sees all."""
        if user.has_role("data_protection_officer"):
            return self
        return self.filter(user=user)

    def standing(self):
        """Answers neither withdrawn nor replaced."""
        return self.filter(ended_at__isnull=True)

    def given(self):
        return self.filter(answer=Answer.GIVEN)


class Consent(models.Model):
    """One answer of one person to one wording, with the proof of what was shown.

    | state | answer | ended_at |
    |---|---|---|
    | stands | given or refused | empty |
    | withdrawn or replaced by a newer answer | unchanged | the moment |

    `person_key` is "user:12" for an account, "browser:<random>" for a visitor who chose about cookies, what a room
    above calls its people ("contact:5"), or "address:<digest>" for an objection that follows an e-mail address.
    `scope` names the recipient of what is asked for one ("organisation:12").
    """

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents")
    version = models.ForeignKey(PurposeVersion, on_delete=models.PROTECT, related_name="consents")
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis)
    person_key = models.CharField(max_length=64)
    scope = models.CharField(max_length=80, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="consents"
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer)
    answered_at = models.DateTimeField(_("answered on"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True)
    proof = models.JSONField(_("proof"), default=dict)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "person_key", "scope"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_answer",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("answered_at")),
                name="consent_ends_after_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "purpose"], name="consent_by_user"),
            models.Index(fields=["person_key", "purpose"], name="consent_by_person"),
        ]

    def __str__(self):
        return f"{self.version} {self.answer}"

    @property
    def is_standing(self):
        return self.ended_at is None

    @property
    def is_given(self):
        return self.answer == Answer.GIVEN and self.is_standing
