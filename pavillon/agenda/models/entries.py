"""What stands in an agenda."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import ACTIVITY_OF_KIND, BOOKED_KINDS, AbsenceReason, Activity, Answer, EntryKind, Sight
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.models import NotClosedTo
from pavillon.ui.keyset import among
from pavillon.ui.words import moment


def new_uid():
    """The name of an event for every calendar in the world (RFC 5545, 3.8.4.7)."""
    return f"{uuid.uuid4()}@pavillon"


def time_range():
    """The moments of a row, the end left out: what ends at ten does not touch what begins at ten."""
    return Func("starts_at", "ends_at", Value("[)"), function="tstzrange")


class SeriesQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(owner=user)


class Series(Dated):
    """A rule by which an entry comes again; its days are rows of `Entry` up to `laid_until`.

    `rule` is an RRULE of RFC 5545; `left_out` are the beginnings that were moved or deleted alone.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=255, default=new_uid)
    rule = models.CharField(max_length=400)
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    time_zone = models.CharField(max_length=40)
    left_out = ArrayField(models.DateTimeField(), default=list)
    laid_until = models.DateField()

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("repeated entry")
        constraints = [
            models.UniqueConstraint(fields=["owner", "uid"], name="series_named_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="series_lasts_a_minute"),
        ]

    def __str__(self):
        return f"{self.rule} {self.starts_at:%Y-%m-%d}"


class EntryQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, those that one takes part in, and what one's colleagues share with their organisation.

        What names a company that is closed to the person is left out; its time still shows as taken.
        """
        if not user.is_team:
            return self.none()
        shared = Q(organisation=user.organisation, sight=Sight.TEAM) if user.organisation else Q(pk=None)
        own = Q(owner=user) | Exists(_part_of(user))
        return self.filter(own | shared).filter(NotClosedTo("company", user))

    def of(self, person):
        """What stands in one person's agenda: his own, and the meetings of others that he did not decline."""
        # As keys: with a question for each entry, PostgreSQL would read everybody's and use no index.
        joined = _meetings_of(person).exclude(answer=Answer.DECLINED).order_by().values("entry")
        return self.filter(Q(owner=person) | Q(among(joined)))

    def between(self, start, end):
        """What touches the time from `start` to `end`."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def taking_time(self):
        """What makes a person busy: not the time that he set aside for work of his own."""
        return self.filter(is_busy=True)

    def with_names(self):
        return self.select_related("owner", "company", "series", "subscription")


def _part_of(person):
    return _meetings_of(person).filter(entry=OuterRef("pk"))


def _meetings_of(person):
    from pavillon.agenda.models.meetings import Participant

    return Participant.objects.filter(person=person)


class Entry(Dated):
    """One line of one person's agenda.

    An absence lasts whole days, from midnight to midnight where the person is; `all_day` says that days are meant.
    What another room put here (`origin`, such as "crm.lead:12") is changed there. `sequence` counts its changes for
    other calendars.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agenda_entries")
    organisation = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind, default=EntryKind.APPOINTMENT)
    activity = models.CharField(_("activity"), max_length=12, choices=Activity, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=AbsenceReason, blank=True)
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    all_day = models.BooleanField(default=False)
    is_busy = models.BooleanField(default=True)
    sight = models.CharField(_("who reads it"), max_length=6, choices=Sight, default=Sight.TEAM)
    company = models.ForeignKey(
        "directory.Company",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("company"),
    )
    video_url = models.URLField(_("video link"), blank=True)
    done_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=200, blank=True)
    uid = models.CharField(max_length=255, default=new_uid)
    sequence = models.PositiveIntegerField(default=0)
    series = models.ForeignKey(Series, null=True, on_delete=models.CASCADE, related_name="entries")
    subscription = models.ForeignKey("agenda.Subscription", null=True, on_delete=models.CASCADE, related_name="entries")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of an agenda")
        ordering = ["starts_at", "ends_at", "pk"]
        indexes = [
            models.Index(fields=["owner", "starts_at"], name="entry_by_owner"),
            models.Index(fields=["organisation", "starts_at"], name="entry_by_organisation"),
            models.Index(fields=["origin"], name="entry_by_origin", condition=~Q(origin="")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="entry_ends_after_it_starts"),
            models.CheckConstraint(
                condition=(Q(kind=EntryKind.ABSENCE) & ~Q(reason="")) | (~Q(kind=EntryKind.ABSENCE) & Q(reason="")),
                name="absence_has_a_reason",
            ),
            models.UniqueConstraint(
                fields=["owner", "uid"],
                condition=Q(series__isnull=True, subscription__isnull=True),
                name="entry_named_once",
            ),
            models.UniqueConstraint(
                fields=["owner", "origin"], condition=~Q(origin=""), name="entry_of_an_origin_once"
            ),
            models.UniqueConstraint(
                fields=["series", "starts_at"], condition=Q(series__isnull=False), name="one_entry_a_day_of_a_series"
            ),
            # Ledger AGD-08: whoever is away has no appointment, and who has one is not away.
            ExclusionConstraint(
                name="no_appointment_during_an_absence",
                expressions=[
                    ("owner", RangeOperators.EQUAL),
                    (time_range(), RangeOperators.OVERLAPS),
                    (
                        Case(
                            When(kind=EntryKind.ABSENCE, then=Value(1)),
                            default=Value(0),
                            output_field=IntegerField(),
                        ),
                        RangeOperators.NOT_EQUAL,
                    ),
                ],
                condition=Q(kind__in=[EntryKind.ABSENCE, *BOOKED_KINDS]),
            ),
            ExclusionConstraint(
                name="absences_of_the_agenda_do_not_overlap",
                expressions=[("owner", RangeOperators.EQUAL), (time_range(), RangeOperators.OVERLAPS)],
                condition=Q(kind=EntryKind.ABSENCE),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({moment(self.starts_at)})"

    def get_absolute_url(self):
        return reverse("agenda:entry", args=[self.pk])

    @property
    def minutes(self):
        """How long it is planned to last."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def activity_meant(self):
        """The activity that was said, else the one that goes with its kind, else ""."""
        return self.activity or ACTIVITY_OF_KIND.get(EntryKind(self.kind), "")

    @property
    def is_own_writing(self):
        """Whether its owner changes it here: not what another room or another calendar put in."""
        return not self.origin and self.subscription_id is None

    @property
    def is_past(self):
        return self.ends_at <= timezone.now()

    @property
    def first_day(self):
        return timezone.localtime(self.starts_at).date()

    @property
    def last_day(self):
        """The last day that it touches."""
        return timezone.localtime(self.ends_at - timezone.timedelta(microseconds=1)).date()
