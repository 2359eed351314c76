"""Availability in figures. The unit is the millisecond; a share is cut, never rounded up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django.conf import settings
from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Sum
from django.utils import timezone

from pavillon.continuity.models import Day, Probe
from pavillon.continuity.words import in_words

DAY_MS = 86_400_000


def target() -> Fraction:
    """The promised share of time, between 0 and 1: 99.9 % by default."""
    return Fraction(settings.AVAILABILITY_TARGET) / 100


def allowed_ms(period: timedelta) -> int:
    """How long the platform may be down in a period: (1 - target) of it. In 30 days at 99.9 %: 43 min 12 s."""
    return int((1 - target()) * (period // timedelta(milliseconds=1)))


@dataclass(frozen=True)
class Rate:
    """What was seen in a period of `period_ms`."""

    period_ms: int
    observed_ms: int
    down_ms: int
    planned_ms: int
    is_demo: bool = False
    # The part of the period that has not come yet: nobody could observe it.
    ahead_ms: int = 0

    @property
    def share(self) -> Fraction | None:
        """Up divided by observed; None where nothing was observed."""
        return Fraction(self.observed_ms - self.down_ms, self.observed_ms) if self.observed_ms else None

    @property
    def percent(self) -> Decimal | None:
        """With three decimals, cut: 99.8999 % is 99.899, never 99.9."""
        if self.share is None:
            return None
        exact = Decimal(self.share.numerator * 100) / Decimal(self.share.denominator)
        return exact.quantize(Decimal("0.001"), rounding=ROUND_DOWN)

    @property
    def keeps_target(self) -> bool | None:
        """Whether more than the target was up. Compared exactly, before any cutting."""
        return None if self.share is None else self.share > target()

    @property
    def allowed_ms(self) -> int:
        return allowed_ms(timedelta(milliseconds=self.period_ms))

    @property
    def left_ms(self) -> int:
        return max(self.allowed_ms - self.down_ms, 0)

    @property
    def unobserved_ms(self) -> int:
        return max(self.period_ms - self.ahead_ms - self.observed_ms, 0)

    @property
    def down_in_words(self) -> str:
        return in_words(self.down_ms)

    @property
    def allowed_in_words(self) -> str:
        return in_words(self.allowed_ms)

    @property
    def planned_in_words(self) -> str:
        return in_words(self.planned_ms)

    @property
    def unobserved_in_words(self) -> str:
        return in_words(self.unobserved_ms)


def official_probe() -> Probe | None:
    """The probe whose figures count: one outside of the machine when there is one (AVAILABILITY_PROBE)."""
    return Probe.objects.filter(name=settings.AVAILABILITY_PROBE).first()


def _beginning(on: date) -> datetime:
    """The first moment of a day, as clocks here tell it."""
    return timezone.make_aware(datetime.combine(on, datetime.min.time())).astimezone(UTC)


def _days_ms(first: date, last: date) -> int:
    """How long the days from the first to the last are, both included: 23 or 25 h on a day that changes the hour."""
    return (_beginning(last + timedelta(days=1)) - _beginning(first)) // timedelta(milliseconds=1)


def _ahead_ms(last: date, now: datetime) -> int:
    """From now to the end of the day `last`; 0 for a day that is over."""
    return max((_beginning(last + timedelta(days=1)) - now) // timedelta(milliseconds=1), 0)


def rate_between(first: date, last: date, *, now: datetime | None = None) -> Rate:
    """The rate of whole days, both included. One statement."""
    days = Day.objects.filter(probe__name=settings.AVAILABILITY_PROBE, on__range=(first, last))
    sums = days.aggregate(
        observed=Sum("observed_ms"), down=Sum("down_ms"), planned=Sum("planned_ms"), demo=BoolOr("is_demo")
    )
    return Rate(
        period_ms=_days_ms(first, last),
        observed_ms=sums["observed"] or 0,
        down_ms=sums["down"] or 0,
        planned_ms=sums["planned"] or 0,
        is_demo=bool(sums["demo"]),
        ahead_ms=_ahead_ms(last, now or timezone.now()),
    )


def rate_of_days(days: int, *, now: datetime | None = None) -> Rate:
    """Today and the days before it, `days` in all."""
    today = timezone.localdate(now)
    return rate_between(today - timedelta(days=days - 1), today, now=now)


def months(count: int = 12, *, today: date | None = None) -> list[tuple[date, Rate]]:
    """The last calendar months that were observed, the current one first: (first day, rate)."""
    first = (today or timezone.localdate()).replace(day=1)
    found = []
    for _number in range(count):
        following = (first + timedelta(days=32)).replace(day=1)
        rate = rate_between(first, following - timedelta(days=1))
        if rate.observed_ms:
            found.append((first, rate))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def days_of(count: int = 90, *, today: date | None = None) -> list[tuple[date, Rate | None, bool]]:
    """The last days, the oldest first: (day, rate or None when unobserved, whether it is of the demonstration)."""
    last = today or timezone.localdate()
    rows = {
        row.on: row
        for row in Day.objects.filter(
            probe__name=settings.AVAILABILITY_PROBE, on__range=(last - timedelta(days=count - 1), last)
        )
    }
    found = []
    for back in range(count - 1, -1, -1):
        on = last - timedelta(days=back)
        row = rows.get(on)
        rate = (
            Rate(_days_ms(on, on), row.observed_ms, row.down_ms, row.planned_ms, row.is_demo)
            if row and row.observed_ms
            else None
        )
        found.append((on, rate, bool(row and row.is_demo)))
    return found
