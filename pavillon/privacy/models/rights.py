"""Requests of people about their data, and what was erased."""

import calendar
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.privacy.enums import PENDING, ErasedFor, Identity, RequestState, Right
from pavillon.reference.queries import holidays

# Article 12(3): one month, which may be extended by two for complex or many requests.
MONTHS_TO_ANSWER = 1
MONTHS_MORE = 2
# How long the answer with the data can be fetched.
DAYS_TO_FETCH = 30


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last one, moved on to a working day (Regulation 1182/71, article 3)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    found = date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    while found.weekday() >= 5 or found in holidays(found.year):
        found += timedelta(days=1)
    return found


class RightsRequestQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, when it was asked from the account; the data-protection officer sees all."""
        if user.has_role("data_protection_officer"):
            return self
        return self.filter(user=user)

    def pending(self):
        return self.filter(state__in=PENDING)

    def late(self, on=None):
        return self.pending().filter(due_on__lt=on or timezone.localdate())


class RightsRequest(Dated):
    """A person asks what is held about her, or that it be corrected, erased, left alone or handed out.

    ============  ========================================  =====================================================
    state         meaning                                   leaves by
    ============  ========================================  =====================================================
    unconfirmed   written without an account: the letter    confirm_request, lapse_requests after thirty days
                  with the link has not been answered
    open          identity shown: the officer answers       answer_request, refuse_request, ask_document
    doubt         a document was asked for                  accept_identity, refuse_request
    answered      done, the person was told                 –
    refused       not done, the person was told why         –
    lapsed        the address was never confirmed           –
    ============  ========================================  =====================================================

    The clock runs from the day of the request, whatever the state. `identities` are the keys of the records that the
    officer found to be this person's.
    """

    right = models.CharField(_("what is asked"), max_length=15, choices=Right)
    state = models.CharField(_("state"), max_length=12, choices=RequestState, default=RequestState.UNCONFIRMED)
    name = models.CharField(_("name"), max_length=160)
    email = EncryptedTextField(_("e-mail"))
    email_index = BlindIndexField(of="email")
    language = models.CharField(_("language"), max_length=5, default="fr")
    message = EncryptedTextField(_("message"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    received_on = models.DateField(_("received on"), default=timezone.localdate)
    due_on = models.DateField(_("to be answered before"))
    extended_on = models.DateField(null=True)
    extension_reason = models.TextField(_("reason of the extension"), blank=True)
    identity = models.CharField(_("identity"), max_length=10, choices=Identity, default=Identity.NONE)
    identity_note = models.CharField(_("what was looked at"), max_length=300, blank=True)
    identities = models.JSONField(default=list)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(_("answer"), blank=True)
    closed_at = models.DateTimeField(_("closed on"), null=True)
    fetch_until = models.DateField(null=True)
    warned_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = RightsRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a person")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="right_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("received_on")), name="right_due_after_receipt"),
            models.CheckConstraint(
                condition=Q(extended_on__isnull=True) | ~Q(extension_reason=""), name="right_extension_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "refused"]) | (Q(closed_at__isnull=False) & ~Q(answer="")),
                name="right_closed_says_what",
            ),
            models.CheckConstraint(condition=~Q(state="open") | ~Q(identity="none"), name="right_open_knows_whose"),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("privacy_team:rights_request", args=[self.pk])

    @property
    def reference(self):
        """What the person quotes."""
        return f"DP-{self.pk:05d}"

    @property
    def is_pending(self):
        return self.state in PENDING

    @property
    def days_left(self):
        """Days until the deadline, negative when it is over."""
        return (self.due_on - timezone.localdate()).days

    @property
    def is_late(self):
        return self.is_pending and self.days_left < 0

    @property
    def gives_data(self):
        """Whether the answer is the data themselves."""
        return self.right in (Right.ACCESS, Right.PORTABILITY)

    @property
    def can_be_fetched(self):
        return (
            self.gives_data and self.state == RequestState.ANSWERED
            and self.fetch_until is not None and self.fetch_until >= timezone.localdate()
        )  # fmt: skip


class ErasureQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role("data_protection_officer") else self.none()


class Erasure(models.Model):
    """What was erased, by numbers only: {"directory.contact": [5], …}. The ledger outside the database says the same.

    A backup that is restored does not know the erasures made since: the ledger does, and they are made again.
    """

    reference = models.CharField(max_length=40, primary_key=True)
    why = models.CharField(_("why"), max_length=20, choices=ErasedFor)
    erased_at = models.DateTimeField(_("erased on"), default=timezone.now)
    replayed_at = models.DateTimeField(_("made again on"), null=True)
    rows = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        ordering = ["-erased_at"]

    def __str__(self):
        return self.reference

    @property
    def count(self):
        return sum(len(numbers) for numbers in self.rows.values())
