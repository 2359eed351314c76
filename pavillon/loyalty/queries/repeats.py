"""How many companies come back: the enrolled, the others of the segment, those alike, and the enrolled before."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.directory.models import Company
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.loyalty.queries.enrolments import meeting_the_rule
from pavillon.segments.queries import members
from pavillon.services.enums import OrderState
from pavillon.services.models import ServiceOrder

# Below, one company more or less moves the rate by more than three points: the page says so.
SMALL = 30
# Of a normal distribution, for an interval that holds the true rate nineteen times of twenty.
Z = 1.959964


@dataclass(frozen=True)
class Group:
    """Companies with at least one order in a period (`once`), and those of them with two or more (`again`)."""

    label: str
    companies: int
    once: int
    again: int
    since: datetime.date
    until: datetime.date

    @property
    def rate(self) -> Decimal | None:
        """Repeat rate in percent: again / once."""
        return (Decimal(100 * self.again) / self.once).quantize(Decimal("0.1")) if self.once else None

    @property
    def bounds(self) -> tuple[Decimal, Decimal] | None:
        """The interval of Wilson around the rate, 95 %, in percent.

        Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927): unlike the
        usual interval it holds for small groups and for rates near 0 or 100.
        """
        if not self.once:
            return None
        n, p = self.once, self.again / self.once
        middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
        half = Z / (1 + Z * Z / n) * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        low, high = max(0.0, middle - half), min(1.0, middle + half)
        return Decimal(100 * low).quantize(Decimal("0.1")), Decimal(100 * high).quantize(Decimal("0.1"))

    @property
    def is_small(self) -> bool:
        return self.once < SMALL


@dataclass(frozen=True)
class Repeats:
    """The groups beside each other; `enrolled` first."""

    enrolled: Group
    others: Group
    alike: Group
    before: Group

    @property
    def groups(self) -> list[Group]:
        return [self.enrolled, self.others, self.alike, self.before]

    @property
    def is_small(self) -> bool:
        return self.enrolled.is_small or self.others.is_small

    @property
    def is_told_apart(self) -> bool:
        """Whether the intervals of the enrolled and of the others do not overlap."""
        mine, theirs = self.enrolled.bounds, self.others.bounds
        return bool(mine and theirs and (mine[0] > theirs[1] or theirs[0] > mine[1]))


def repeats_of(programme: Programme, user: User, since: datetime.date, until: datetime.date) -> Repeats:
    """The repeat rate of each group between two days (both included), of orders that one may see; eight statements.

    The enrolled are those that were in the programme on at least one day of the period. The others are in its segment
    now and were not; those alike fulfilled its rule on the first day. "Before" is the time of equal length that ends
    the day before.
    """
    seen = Company.objects.visible_to(user).order_by()
    present = Enrolment.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__date__gte=since), programme=programme, enrolled_at__date__lte=until
    )
    enrolled = seen.filter(pk__in=present.values("company"))
    others = seen.filter(pk__in=members(programme.segment, user).order_by().values("pk"))
    others = others.exclude(pk__in=Enrolment.objects.filter(programme=programme).values("company"))
    alike = meeting_the_rule(others, programme, user, since - datetime.timedelta(days=1))
    length = until - since
    last = since - datetime.timedelta(days=1)

    def group(label: str, rows: QuerySet[Any], first: datetime.date, end: datetime.date) -> Group:
        return _group(label, rows, user, first, end)

    return Repeats(
        group(_("Enrolled"), enrolled, since, until),
        group(_("Others of the segment"), others, since, until),
        group(_("Of these, those that fulfilled the rule"), alike, since, until),
        group(_("The enrolled, in the time before"), enrolled, last - length, last),
    )


def _group(label: str, rows: QuerySet[Any], user: User, since: datetime.date, until: datetime.date) -> Group:
    orders = (
        ServiceOrder.objects.visible_to(user)
        .exclude(state=OrderState.CANCELLED)
        .filter(company__in=rows.values("pk"), ordered_at__date__range=(since, until))
        .order_by()
        .values("company")
        .annotate(n=Count("pk"))
    )
    counted = orders.aggregate(once=Count("company"), again=Count("company", filter=Q(n__gte=2)))
    return Group(label, rows.count(), counted["once"], counted["again"], since, until)
