"""High-volume counts. This room does not know what they mean.

A count is appended to the inbox at once; a worker moves it into day and month totals. Totals are always the
rollups plus what still waits in the inbox, so figures are right the moment after an event.
"""

from django.db import models
from django.utils import timezone


class Dimensions(models.Model):
    """What a count is told apart by. Numbers of rows of rooms above are plain: this floor does not know them."""

    kind = models.CharField(max_length=60)
    company_id = models.BigIntegerField(default=0)
    region_id = models.CharField(max_length=3, default="", blank=True)
    vertical = models.CharField(max_length=50, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)

    class Meta:
        abstract = True


class Waiting(Dimensions):
    """One event, not yet rolled up. Holds nothing about the visitor but a country."""

    subject_type = models.CharField(max_length=60, default="", blank=True)
    subject_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "waiting count"


class DayCount(Dimensions):
    """Events of one day (Europe/Paris), per subject."""

    day = models.DateField()
    subject_type = models.CharField(max_length=60, default="", blank=True)
    subject_id = models.BigIntegerField(default=0)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "day",
                    "kind",
                    "subject_type",
                    "subject_id",
                    "company_id",
                    "region_id",
                    "vertical",
                    "country",
                ],
                name="day_count_once",
            )
        ]
        indexes = [
            models.Index(fields=["kind", "day"], name="day_count_by_kind"),
            models.Index(fields=["company_id", "kind", "day"], name="day_count_by_company"),
            models.Index(fields=["subject_type", "subject_id", "day"], name="day_count_by_subject"),
        ]


class MonthCount(Dimensions):
    """Events of one month; `month` is its first day. "Since the start" reads these, not years of days."""

    month = models.DateField()
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "company_id", "region_id", "vertical", "country"],
                name="month_count_once",
            )
        ]
        indexes = [models.Index(fields=["company_id", "kind", "month"], name="month_count_by_company")]
