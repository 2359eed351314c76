"""A line of the trail is authentic when it is read again, whatever kinds of values it was written with."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.tests import factories
from pavillon.activity.actions import record
from pavillon.activity.models import Entry
from pavillon.security.verification import faults_of

VALUES = [
    Decimal("9800000"),
    Decimal("4200000.00"),
    Decimal("0.10"),
    Decimal("1E+3"),
    9800000,
    0,
    -3,
    1.5,
    1e22,
    True,
    None,
    "",
    "9800000",
    "1.50",
    "É\u2028 “x”",
    date(2026, 11, 22),
    datetime(2026, 11, 22, 8, 1, 2, 163456, tzinfo=UTC),
    datetime(2026, 11, 22, 8, 1, 2, 0, tzinfo=UTC),
    datetime(2026, 11, 22, 9, 1, 2, 163456, tzinfo=timezone(timedelta(hours=1))),
    timedelta(minutes=90, microseconds=5),
    _("Yes"),
    [Decimal("1.10"), date(2026, 1, 1), {"a": Decimal("2.0")}],
    {"b": 1, "a": [2.50, None]},
]


@pytest.mark.django_db
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_line_with_any_value_is_authentic_when_read_again(value):
    factories.places()
    person = factories.cast().nour
    record("activity.example_changed", person, by=person, changes={"field": [None, value]}, fact=value, other=[value])
    line = Entry.objects.latest("pk")
    assert line.is_authentic()
    assert not [fault for fault in faults_of(Entry) if fault.line == line.pk]
