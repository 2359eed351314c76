"""How available the platform was, where its copies are, whether they come back, what its hosts are certified for."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.continuity.enums import CheckKind, EventKind, Kind, Reason, Standard
from pavillon.continuity.words import in_words
from pavillon.core.models import Dated, VisibleQuerySet

OFFICERS = frozenset({Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN})
WATCHERS = OFFICERS | {Role.DATA_PROTECTION_OFFICER, Role.KEY_HOLDER}


class WatchersQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in WATCHERS else self.none()


class Probe(models.Model):
    """Who asks the platform from outside whether it answers, and how far its journal was taken in."""

    name = models.CharField(max_length=40, unique=True)
    last_at = models.DateTimeField(null=True)
    every = models.PositiveSmallIntegerField(default=0)
    is_up = models.BooleanField(default=True)
    # Since when it is as it is, and how many answers in a row said so.
    since = models.DateTimeField(null=True)
    answers = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)

    class Meta:
        verbose_name = _("probe")

    def __str__(self):
        return self.name


class Day(models.Model):
    """What one probe saw on one day, in milliseconds. What it did not see is in none of them."""

    probe = models.ForeignKey(Probe, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    observed_ms = models.PositiveBigIntegerField(default=0)
    down_ms = models.PositiveBigIntegerField(default=0)
    # The part of `down_ms` that lay in announced work: shown, never taken off.
    planned_ms = models.PositiveBigIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("day of the probe")
        constraints = [
            models.UniqueConstraint(fields=["probe", "on"], name="one_row_per_probe_and_day"),
            models.CheckConstraint(
                condition=Q(planned_ms__lte=F("down_ms"), down_ms__lte=F("observed_ms")), name="down_is_observed"
            ),
        ]


class PlatformIncidentQuerySet(WatchersQuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)


class PlatformIncident(models.Model):
    """Something is not as promised: opened and closed by what was measured, never by hand."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # What it is about where there are several: the number of a certificate.
    subject = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(pgettext_lazy("platform", "closed"), null=True)
    # Plain values: {"reason": "database"}, {"down_ms": 2600000}, {"hours": 31}
    facts = models.JSONField(default=dict)
    is_planned = models.BooleanField(_("announced work"), default=False)
    is_demo = models.BooleanField(default=False)

    objects = PlatformIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident of the platform")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(closed_at__isnull=True), name="one_open_incident_per_subject"
            )
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def lasted(self):
        return (self.closed_at or timezone.now()) - self.opened_at

    @property
    def lasted_in_words(self):
        return in_words(self.lasted // timedelta(milliseconds=1))

    @property
    def reason(self):
        """Why, or about what, in the reader's words."""
        code = self.facts.get("reason", "")
        return str(Reason(code).label) if code in Reason.values else self.facts.get("what", "")


class MaintenanceQuerySet(WatchersQuerySet):
    def standing(self):
        return self.filter(cancelled_at__isnull=True)

    def ahead(self):
        return self.standing().filter(ends_at__gt=timezone.now()).order_by("starts_at")


class Maintenance(models.Model):
    """Work that is announced on the status page. An outage in it counts as one; it only says that it was announced."""

    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    what_fr = models.CharField(_("what is done, in French"), max_length=300)
    what_en = models.CharField(_("what is done, in English"), max_length=300)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("announced work")
        ordering = ["-starts_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="work_has_an_end")]

    def __str__(self):
        return self.what

    @property
    def what(self):
        return self.what_fr if (get_language() or "fr").startswith("fr") else self.what_en


class BackupQuerySet(WatchersQuerySet):
    def newest(self):
        return self.order_by("-finished_at").first()


class Backup(models.Model):
    """A backup that was made, with the digest of its manifest, so that a forged one is told apart."""

    name = models.CharField(_("backup"), max_length=60, unique=True)
    finished_at = models.DateTimeField(_("finished"))
    seconds = models.DecimalField(_("duration"), max_digits=10, decimal_places=2)
    size = models.PositiveBigIntegerField(_("size"))
    digest = models.CharField(_("digest of the manifest"), max_length=64)
    key_number = models.CharField(_("sealed for"), max_length=16)
    keep_until = models.DateTimeField(_("kept until"))
    is_demo = models.BooleanField(default=False)

    objects = BackupQuerySet.as_manager()

    class Meta:
        verbose_name = _("backup")
        ordering = ["-finished_at", "-pk"]

    def __str__(self):
        return self.name


class BackupCopy(models.Model):
    """Where a backup lies; `retired_at` once it was taken away there."""

    backup = models.ForeignKey(Backup, on_delete=models.CASCADE, related_name="copies")
    site = models.CharField(max_length=40)
    town = models.CharField(_("town"), max_length=80)
    country = models.CharField(_("country"), max_length=2)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("copy of a backup")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["backup", "site"], name="one_copy_per_site")]


class RestoreTestQuerySet(WatchersQuerySet):
    def newest(self):
        return self.order_by("-at").first()


class RestoreTest(models.Model):
    """A backup was put back in a throw-away place and looked at: how long it took, and what was found."""

    reference = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(_("when"))
    backup = models.CharField(_("backup"), max_length=60)
    site = models.CharField(_("site"), max_length=40)
    seconds = models.DecimalField(_("duration"), max_digits=10, decimal_places=2)
    passed = models.BooleanField(_("passed"))
    problem = models.CharField(max_length=300, blank=True)
    # [{"code": "rows", "is_good": true, "value": "81234"}]
    checks = models.JSONField(default=list)
    is_demo = models.BooleanField(default=False)

    objects = RestoreTestQuerySet.as_manager()

    class Meta:
        verbose_name = _("restore test")
        ordering = ["-at", "-pk"]


class Event(models.Model):
    """What else the journal told: a restore, a fail-over, a new version."""

    reference = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=20, choices=EventKind)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    objects = WatchersQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of the platform")
        ordering = ["-at", "-pk"]


class CheckQuerySet(WatchersQuerySet):
    def newest(self, kind):
        return self.filter(kind=kind).order_by("-at", "-pk").first()


class Check(models.Model):
    """What the installation found when it tested itself: each test with its outcome."""

    kind = models.CharField(max_length=10, choices=CheckKind)
    at = models.DateTimeField(default=timezone.now)
    seconds = models.DecimalField(max_digits=10, decimal_places=2)
    # [{"code": "strangers", "is_good": true, "value": "214"}]
    results = models.JSONField(default=list)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-test")
        ordering = ["-at", "-pk"]

    @property
    def passed(self):
        return sum(bool(one["is_good"]) for one in self.results)

    @property
    def is_good(self):
        return self.passed == len(self.results)


class CertificateQuerySet(WatchersQuerySet):
    def in_register(self):
        return self.filter(removed_at__isnull=True)


class Certificate(Dated):
    """A certificate of a host, a supplier or a server: what it covers, until when, and the document that shows it."""

    standard = models.CharField(_("standard"), max_length=20, choices=Standard)
    name = models.CharField(_("name of the standard or of the server"), max_length=120, blank=True)
    holder = models.CharField(_("holder"), max_length=200)
    issuer = models.CharField(_("issued by"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=100, blank=True)
    scope = models.TextField(_("what it covers"))
    site = models.CharField(_("site"), max_length=40, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    alert_days = models.PositiveSmallIntegerField(_("days of warning before the end"), default=90)
    document = models.URLField(_("address of the document"), max_length=400, blank=True)
    removed_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        ordering = ["valid_until", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__lt=F("valid_until")),
                name="certificate_has_an_end",
                violation_error_message=_("The end comes before the beginning: correct one of the two days."),
            )
        ]

    def __str__(self):
        return self.name or str(self.get_standard_display())

    def get_absolute_url(self):
        return reverse("continuity:change_certificate", args=[self.pk])

    @property
    def days_left(self):
        return (self.valid_until - timezone.localdate()).days

    @property
    def ends_soon(self):
        return self.days_left <= self.alert_days

    @property
    def alert_on(self):
        return self.valid_until - timedelta(days=self.alert_days)
