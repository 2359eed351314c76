"""The trail (what happened), the inbox (who is told), and nothing that can be edited."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.security.models import ChainedLog, Line


class EntryQuerySet(VisibleQuerySet):
    def about(self, subject):
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(threads__content_type=kind, threads__object_id=str(subject.pk))

    def about_any(self, model, keys):
        """The trail of several rows of one table as one: each entry once, whichever of them it is about."""
        kind = ContentType.objects.get_for_model(model)
        threads = Thread.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
        return self.filter(pk__in=threads.values("entry"))

    def seen_by(self, user):
        """Oneself's acts; auditors see all. A room shows its own record's entries through `about`."""
        if user.has_role("security_officer", "data_protection_officer"):
            return self
        return self.filter(actor=user)


class ChangedFields(models.Func):
    """The names of the fields that an entry changed, as the index of `Entry` holds them."""

    template = "jsonb_path_query_array(%(expressions)s, '$.keyvalue().key')"
    output_field = models.JSONField()


class Entry(ChainedLog):
    """One thing that happened, written once and never changed.

    `changes` is {field: [old, new]}; what is personal is sealed (`sealing`). `facts` is what the verb needs
    to be told in a sentence.
    """

    verb = models.CharField(max_length=80)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    happened_at = models.DateTimeField()
    channel = models.CharField(max_length=10, blank=True)
    address = models.GenericIPAddressField(null=True)
    # What every entry is about, as text, so that the digest covers it: ["crm.lead:12", "directory.company:7"]
    subjects = models.JSONField(default=list)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("trail entry")
        indexes = [
            models.Index(fields=["-happened_at"], name="entry_by_time"),
            models.Index(fields=["actor", "-happened_at"], name="entry_by_actor"),
            models.Index(
                fields=["verb", "-happened_at"],
                name="entry_by_verb",
                opclasses=["varchar_pattern_ops", "timestamptz_ops"],
            ),
            GinIndex(ChangedFields("changes"), name="entry_by_changed_fields"),
            models.Index(fields=["id"], condition=models.Q(sequence__isnull=True), name="entry_unsealed"),
        ]
        constraints = [models.UniqueConstraint(fields=["sequence"], name="one_entry_per_place")]

    def __str__(self):
        return f"{self.verb} {', '.join(self.subjects)}"

    def sealed_content(self):
        return {
            "verb": self.verb,
            "actor": self.actor_id,
            "organisation": self.organisation_id,
            "changes": self.changes,
            "facts": self.facts,
            "happened_at": self.happened_at,
            "channel": self.channel,
            "address": self.address or "",
            "subjects": self.subjects,
        }

    def as_line(self):
        return Line(
            happened_at=self.happened_at,
            user_id=self.actor_id,
            organisation_id=self.organisation_id,
            kind=self.verb,
            how=self.channel,
            subjects=self.subjects,
            address=self.address,
            changes=self.changes,
            facts=self.facts,
            log=self._meta.label_lower,
            pk=self.pk,
        )

    @classmethod
    def newest(cls, most, *, model="", pk="", people=None, since=None, until=None, field="", verb=""):
        lines: Any = cls.objects.all()
        if model:
            kind = ContentType.objects.get_by_natural_key(*model.split("."))
            lines = lines.filter(threads__content_type=kind, threads__object_id=str(pk))
        if people is not None:
            lines = lines.filter(actor__in=people)
        if field:
            lines = lines.alias(changed=ChangedFields("changes")).filter(changed__contains=[field])
        if verb:
            lines = lines.filter(verb__startswith=verb)
        if since:
            lines = lines.filter(happened_at__gte=since)
        if until:
            lines = lines.filter(happened_at__lt=until)
        return list(lines.order_by("-happened_at", "-pk")[:most])

    @classmethod
    def faults_beyond_the_line(cls, lines):
        """A timeline that shows an entry where it does not belong, or no longer shows it where it does."""
        tied: dict[int, set[str]] = {}
        for thread in Thread.objects.filter(entry__in=[line.pk for line in lines]).select_related("content_type"):
            kind = thread.content_type
            tied.setdefault(thread.entry_id, set()).add(f"{kind.app_label}.{kind.model}:{thread.object_id}")
        return [
            (line, f"its threads say {sorted(tied.get(line.pk, set()))}, it was signed for {sorted(line.subjects)}")
            for line in lines
            if tied.get(line.pk, set()) != set(line.subjects)
        ]


class Thread(models.Model):
    """Ties an entry to each object whose timeline shows it."""

    entry = models.ForeignKey(Entry, related_name="threads", on_delete=models.CASCADE)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.CharField(max_length=40)
    subject = GenericForeignKey()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id", "-entry"], name="thread_by_subject")]


class NotificationQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(recipient=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One person is told one thing, in the inbox and, by preference, by e-mail.

    `kind` names the event ("showroom.enquiry_received"); text is stored in the recipient's language.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    email_state = models.CharField(max_length=10, default="none")
    email_sent_at = models.DateTimeField(null=True)
    email_error = models.CharField(max_length=300, blank=True)
    email_attempts = models.PositiveSmallIntegerField(default=0)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        indexes = [models.Index(fields=["recipient", "-id"], name="notification_by_recipient")]


class Preference(models.Model):
    """Per person and kind of event: by e-mail or not. The inbox always receives."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=80)
    by_email = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_kind")]
