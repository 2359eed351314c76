"""Keeping the base clean: likely duplicates, what was decided of them, batches of merges, quality of records."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.curation.enums import (
    OPEN_STATES,
    BatchState,
    ContactPairState,
    LineState,
    PairState,
    Qualification,
    ScanState,
    Verdict,
)
from pavillon.directory.models import MERGERS, Company, Contact, MergeEvent


class TeamQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """What cleans the shared base is the team's business."""
        return self if user.is_team else self.none()


class BatchQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Who may merge sees what was merged in batches."""
        return self if user.has_role(*MERGERS) else self.none()


class Scan(models.Model):
    """One run of the search for duplicates, whole or over what changed.

    `position` is the number of the last company that was done: a run that was stopped goes on from there.
    """

    is_whole = models.BooleanField(_("whole base"), default=False)
    state = models.CharField(max_length=7, choices=ScanState, default=ScanState.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    # Companies changed up to this moment are looked at; the next run begins there.
    until = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(null=True)
    position = models.BigIntegerField(default=0)
    model_version = models.CharField(max_length=40, blank=True)
    companies = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # The same for people, who are looked at after the companies.
    contact_position = models.BigIntegerField(default=0, db_default=0)
    contacts = models.PositiveIntegerField(default=0, db_default=0)
    contacts_proposed = models.PositiveIntegerField(default=0, db_default=0)
    error = models.CharField(max_length=300, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for duplicates")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_scan_at_a_time")
        ]


class DuplicatePairQuerySet(TeamQuerySet):
    def seen_by(self, user):
        """Pairs of companies that this person may open, both of them."""
        if not user.is_team:
            return self.none()
        seen = Company.objects.visible_to(user).values("pk")
        return self.filter(left__in=seen, right__in=seen)

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def for_reviewer(self, user):
        """Those that this person may still say something about: nobody gives both opinions."""
        mine = Decision.objects.filter(decided_by=user, undone_at__isnull=True).values("pair")
        return self.open().exclude(Q(state=PairState.SECOND) & Q(pk__in=mine))

    def by_priority(self):
        return self.order_by("-priority", "pk")


class DuplicatePair(models.Model):
    """Two companies that may be one; `left` has the smaller number.

    `probability` and `weight` (log odds) are those of the model `model_version`. `is_refused`: joining them would have
    brought two different valid SIREN together. `priority` is doubt times the value of the records.

    waiting → merged | distinct | group | unsure; one in ten → second → the same, or disputed when two opinions differ.
    """

    left = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    weight = models.FloatField()
    model_version = models.CharField(max_length=40, blank=True)
    is_refused = models.BooleanField(default=False)
    priority = models.FloatField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=PairState, default=PairState.WAITING)
    # One pair in ten is decided by two people who do not see each other's opinion.
    is_doubled = models.BooleanField(default=False)
    found_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate")
        verbose_name_plural = _("likely duplicates")
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="pair_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="pair_smaller_number_first"),
        ]
        indexes = [
            models.Index(
                fields=["-priority", "id"],
                name="pair_by_priority",
                condition=Q(state__in=["waiting", "second", "disputed"]),
            )
        ]

    def __str__(self):
        return f"{self.left} / {self.right}"

    def get_absolute_url(self):
        return reverse("curation:review_pair", args=[self.pk])

    @property
    def is_open(self):
        return self.state in OPEN_STATES


class ContactPairQuerySet(TeamQuerySet):
    def seen_by(self, user):
        """Pairs of people that this person may open, both of them."""
        if not user.is_team:
            return self.none()
        seen = Contact.objects.visible_to(user).values("pk")
        return self.filter(left__in=seen, right__in=seen)

    def open(self):
        return self.filter(state=ContactPairState.WAITING)

    def by_priority(self):
        return self.order_by("-probability", "pk")


class ContactPair(models.Model):
    """Two records of people who may be one person; `left` has the smaller number. Never merged without somebody.

    waiting → merged | distinct | unsure, and back when whoever decided takes it back. The trail keeps every decision.
    """

    left = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField()
    weight = models.FloatField()
    model_version = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ContactPairState, default=ContactPairState.WAITING)
    found_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(MergeEvent, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ContactPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("likely duplicate of a person")
        verbose_name_plural = _("likely duplicates of people")
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="contact_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="contact_pair_smaller_number_first"),
        ]
        indexes = [
            models.Index(fields=["-probability", "id"], name="contact_pair_open", condition=Q(state="waiting")),
            models.Index(fields=["decided_by", "-decided_at"], name="contact_pair_by_person"),
        ]

    def __str__(self):
        return f"{self.left} / {self.right}"

    def get_absolute_url(self):
        return reverse("curation:review_contact_pair", args=[self.pk])

    @property
    def is_open(self):
        return self.state == ContactPairState.WAITING


class DecisionQuerySet(TeamQuerySet):
    def standing(self):
        return self.filter(undone_at__isnull=True)


class Decision(models.Model):
    """What one person said of a pair; it can be taken back."""

    pair = models.ForeignKey(DuplicatePair, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(_("decision"), max_length=8, choices=Verdict)
    state_before = models.CharField(max_length=8, choices=PairState)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    event = models.ForeignKey(MergeEvent, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a pair")
        ordering = ["-decided_at", "-pk"]
        indexes = [models.Index(fields=["decided_by", "-decided_at"], name="decision_by_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "decided_by"], condition=Q(undone_at__isnull=True), name="one_opinion_a_person"
            )
        ]


class MergeBatch(models.Model):
    """Merges that are rehearsed together, run as one job and undone together.

    rehearsed → running → done → undone
    """

    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=9, choices=BatchState, default=BatchState.REHEARSED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of merges")
        ordering = ["-made_at"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("curation:merge_batch", args=[self.pk])


class BatchLine(models.Model):
    """One merge of a batch: what it would do (`moves`), or why it is refused (`note`), then what became of it."""

    batch = models.ForeignKey(MergeBatch, on_delete=models.CASCADE, related_name="lines")
    kept = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    removed = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    probability = models.FloatField(null=True)
    state = models.CharField(max_length=7, choices=LineState, default=LineState.READY)
    moves = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    event = models.ForeignKey(MergeEvent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("merge of a batch")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "removed"], name="removed_once_in_a_batch")]


class CompanyQualityQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(company__in=Company.objects.visible_to(user).standing().values("pk"))


class CompanyQuality(models.Model):
    """How well a company is known: `score` from 0 to 100, and what is missing (codes of `queries.quality.GAPS`)."""

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="quality")
    score = models.PositiveSmallIntegerField(_("quality"))
    gaps = ArrayField(models.CharField(max_length=12))
    state = models.CharField(_("qualification"), max_length=9, choices=Qualification)
    computed_at = models.DateTimeField()

    objects = CompanyQualityQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality of a record")
        verbose_name_plural = _("quality of records")
        indexes = [models.Index(fields=["score", "company"], name="quality_by_score")]
        constraints = [models.CheckConstraint(condition=Q(score__lte=100), name="quality_up_to_100")]
