"""People of several organisations work on one company: they discuss, follow it and give each other tasks."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Level
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import FollowTopic, Visibility
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.models.records import about_open_records
from pavillon.directory.models import Contact


class DiscussionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As an exchange is found (see `Interaction`); besides, whoever was named in it reads all of it.

        Whoever may not open the person or the record that it is about finds it by no way.
        """
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        named = Mention.objects.filter(discussion=OuterRef("pk"), person=user.pk)
        mine: Any = Q(visibility=Visibility.TEAM) | Q(organisation=place) | Exists(named)
        if place.level == Level.NATIONAL:
            mine |= Q(visibility=Visibility.REGION)
        elif place.level == Level.REGIONAL and place.region_id:
            mine |= Q(visibility=Visibility.REGION, region=place.region_id)
        people = Contact.objects.visible_to(user).filter(pk=OuterRef("contact"))
        return self.filter(mine, Q(contact__isnull=True) | Exists(people), about_open_records(user))


class Discussion(Dated):
    """Comments on one company, or on one of its requests, by whoever may find them."""

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="discussions")
    lead = models.ForeignKey(
        "crm.Lead", null=True, blank=True, on_delete=models.SET_NULL, related_name="discussions", editable=False
    )
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    # The region whose team shares it: that of the author's organisation, else that of the company.
    region = models.ForeignKey("reference.Region", null=True, on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(
        _("who may read it"), max_length=12, choices=Visibility, default=Visibility.ORGANISATION
    )
    # A person of the company, or a record of a room above (`models.records`), that it is about.
    contact = models.ForeignKey(
        "directory.Contact", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    record_kind = models.CharField(max_length=60, blank=True, editable=False)
    record_id = models.BigIntegerField(null=True, editable=False)
    record_label = models.CharField(max_length=250, blank=True, editable=False)
    record_url = models.CharField(max_length=300, blank=True, editable=False)
    last_said_at = models.DateTimeField(default=timezone.now)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = _("discussion")
        ordering = ["-last_said_at", "-pk"]
        indexes = [
            models.Index(fields=["company", "-last_said_at"], name="discussion_by_company"),
            models.Index(
                fields=["record_kind", "record_id"], name="discussion_by_record", condition=Q(record_id__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.company} – {self.created_at:%Y-%m-%d}"

    @property
    def about(self):
        """What it is about besides the company: (name, address), or None."""
        if self.contact is not None:
            return str(self.contact), self.contact.get_absolute_url()
        return (self.record_label, self.record_url) if self.record_id else None

    @property
    def back_url(self):
        """The page where it stands."""
        return self.about[1] if self.about else self.company.get_absolute_url()

    def get_absolute_url(self):
        return reverse("crm:discussion", args=[self.pk])


class CommentQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(discussion__in=Discussion.objects.visible_to(user))


class Comment(models.Model):
    """One person's words in a discussion. `changed_at` is empty until they are corrected."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["discussion", "written_at"], name="comment_by_discussion")]

    def __str__(self):
        return f"{self.author} {self.written_at:%Y-%m-%d}"


class Mention(models.Model):
    """Somebody was named in a discussion, and so reads it: told once, at the first naming."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("mention")
        constraints = [models.UniqueConstraint(fields=["discussion", "person"], name="named_once_in_a_discussion")]
        indexes = [models.Index(fields=["person", "discussion"], name="mention_by_person")]


class FollowQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who follows a company is no secret among those who work on companies."""
        return self if user.role in LEAD_READERS else self.none()

    def interested_in(self, company, topic):
        return self.filter(company=company, topics__contains=[topic]).select_related("person")


class Follow(models.Model):
    """A person wants to be told of what happens with a company, by subject."""

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    topics = ArrayField(models.CharField(max_length=12, choices=FollowTopic), verbose_name=_("tell me of"))
    followed_at = models.DateTimeField(default=timezone.now)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed company")
        constraints = [
            models.UniqueConstraint(fields=["company", "person"], name="company_followed_once"),
            models.CheckConstraint(condition=~Q(topics=[]), name="follows_something"),
        ]
        indexes = [models.Index(fields=["person", "-followed_at"], name="follow_by_person")]

    def __str__(self):
        return f"{self.person} – {self.company}"


class RecordFollowQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As who follows a company."""
        return self if user.role in LEAD_READERS else self.none()

    def of(self, contact=None, record=None):
        """Those of a person of a company, or of a record of a room above."""
        if contact is not None:
            return self.filter(contact=contact)
        return self.filter(record_kind=record.kind, record_id=record.number)


class RecordFollow(models.Model):
    """Somebody wants to be told of what happens with one person of a company, or with one product."""

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey("directory.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    record_kind = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    followed_at = models.DateTimeField(default=timezone.now)

    objects = RecordFollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed person or product")
        constraints = [
            models.UniqueConstraint(fields=["person", "contact"], name="contact_followed_once"),
            models.UniqueConstraint(fields=["person", "record_kind", "record_id"], name="record_followed_once"),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, record_kind="", record_id__isnull=True)
                | (Q(contact__isnull=True, record_id__isnull=False) & ~Q(record_kind="")),
                name="follows_one_record",
            ),
        ]
        indexes = [models.Index(fields=["record_kind", "record_id"], name="follow_by_record")]

    def __str__(self):
        return f"{self.person} – {self.company}"


class SharedTaskQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The two people, and the colleagues of each."""
        if user.role not in LEAD_READERS:
            return self.none()
        place = user.organisation
        return self.filter(
            Q(given_to=user.pk) | Q(given_by=user.pk) | Q(organisation=place) | Q(asking_organisation=place)
        )

    def waiting(self):
        return self.filter(done_at__isnull=True)

    def with_people(self):
        return self.select_related("company", "given_to", "given_by", "organisation", "asking_organisation", "done_by")


class SharedTask(Dated):
    """Something to be done about a company by one person, in whatever organisation, before the end of a day.

    to do (done_at empty) → done; it can be taken up again.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.PROTECT, related_name="shared_tasks")
    what = models.CharField(_("what is to be done"), max_length=200)
    due_on = models.DateField(_("for"))
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("given to")
    )
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asking_organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # The day for which the person was reminded, and for which both were told that it is late.
    reminded_for = models.DateField(null=True)
    told_late_for = models.DateField(null=True)

    objects = SharedTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared task")
        verbose_name_plural = _("shared tasks")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["company", "-due_on"], name="task_by_company"),
            models.Index(fields=["given_to", "due_on"], name="task_to_do", condition=Q(done_at__isnull=True)),
            models.Index(fields=["given_by", "due_on"], name="task_asked", condition=Q(done_at__isnull=True)),
            models.Index(fields=["due_on"], name="task_due", condition=Q(done_at__isnull=True)),
        ]

    def __str__(self):
        return self.what

    @property
    def is_late(self):
        return self.done_at is None and self.due_on < timezone.localdate()
