"""Who takes part in an entry, and what they write to each other."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import Answer
from pavillon.core.fields import BlindIndexField, EncryptedTextField
from pavillon.core.models import VisibleQuerySet


def new_secret():
    """Nobody guesses it: 24 random bytes."""
    return secrets.token_urlsafe(24)


class ParticipantQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        from pavillon.agenda.models.entries import Entry

        return self.filter(entry__in=Entry.objects.visible_to(user).values("pk"))


class Participant(models.Model):
    """Somebody invited: a colleague of any organisation, a contact of a company, or an address."""

    entry = models.ForeignKey("agenda.Entry", on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="agenda_invitations"
    )
    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    name = EncryptedTextField(_("name"), blank=True)
    email = EncryptedTextField(_("e-mail"))
    email_index = BlindIndexField(of="email")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True)
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    invited_at = models.DateTimeField(default=timezone.now)
    # Another calendar invited them and writes to them; a copied mail told us.
    invited_elsewhere = models.BooleanField(default=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "email_index"], name="invited_once"),
            models.CheckConstraint(
                condition=Q(answer=Answer.WAITING, answered_at__isnull=True)
                | (~Q(answer=Answer.WAITING) & Q(answered_at__isnull=False)),
                name="answer_has_a_moment",
            ),
        ]
        indexes = [models.Index(fields=["person", "entry"], name="participant_by_person")]

    def __str__(self):
        return self.name or self.email


class MeetingMessageQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        from pavillon.agenda.models.entries import Entry

        return self.filter(entry__in=Entry.objects.visible_to(user).values("pk"))


class MeetingMessage(models.Model):
    """One message of the thread of a meeting."""

    entry = models.ForeignKey("agenda.Entry", on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_("message"))
    written_at = models.DateTimeField(default=timezone.now)

    objects = MeetingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message of a meeting")
        ordering = ["written_at", "pk"]


class InvitationLetter(models.Model):
    """A letter that waits for the worker; sent, it is gone. JSON: to, reply_to, subject, body, calendar."""

    number = models.CharField(max_length=80)
    method = models.CharField(max_length=10)
    content = EncryptedTextField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("letter of an invitation")
