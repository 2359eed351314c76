"""What is counted is found again, before and after the move, whatever the grouping."""

from datetime import UTC, date, datetime

import pytest

from pavillon.metrics import actions, queries
from pavillon.metrics.models import DayCount, MonthCount, Waiting

pytestmark = pytest.mark.django_db

VIEWED = "showroom.product_viewed"


def seen(times=1, *, company=7, country="BR", at=None, subject=1):
    for _time in range(times):
        actions.count(
            VIEWED,
            subject_type="showroom.product",
            subject_id=subject,
            company_id=company,
            region_id="53",
            vertical="maritime",
            country=country,
            at=at,
        )


def test_a_count_is_in_the_totals_before_any_worker_ran():
    seen(3)
    assert queries.total([VIEWED]) == 3
    assert Waiting.objects.count() == 3


def test_the_totals_stay_equal_while_counts_move():
    seen(3)
    seen(2, country="DE", at=datetime(2026, 3, 5, 10, tzinfo=UTC))
    before = queries.totals([VIEWED], by=["country"])
    assert actions.roll_up(batch=2) == 2
    assert queries.totals([VIEWED], by=["country"]) == before
    assert actions.roll_up() == 3
    assert actions.roll_up() == 0
    assert (
        queries.totals([VIEWED], by=["country"])
        == before
        == [{"country": "BR", "count": 3}, {"country": "DE", "count": 2}]
    )
    seen(1)
    actions.roll_up()
    assert queries.total([VIEWED], company_ids=[7]) == 6
    assert DayCount.objects.get(country="BR").count == 4


def test_a_day_ends_at_midnight_in_paris():
    seen(at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))  # 00:30 on 1 July in Paris
    for _step in ("waiting", "moved"):
        assert queries.total([VIEWED], since=date(2026, 7, 1), until=date(2026, 7, 1)) == 1
        assert queries.total([VIEWED], until=date(2026, 6, 30)) == 0
        actions.roll_up()


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), 2),  # whole months: month totals
        (date(2026, 3, 2), date(2026, 4, 10), 4),  # parts of months: day totals
        (None, None, 5),
        (date(2026, 4, 1), None, 3),
    ],
)
def test_periods_answer_alike_from_days_and_from_months(since, until, expected):
    seen(2, at=datetime(2026, 3, 5, 10, tzinfo=UTC))
    seen(2, at=datetime(2026, 4, 5, 10, tzinfo=UTC))
    seen(1, at=datetime(2026, 4, 25, 10, tzinfo=UTC))
    assert queries.total([VIEWED], since=since, until=until) == expected
    actions.roll_up()
    assert queries.total([VIEWED], since=since, until=until) == expected


def test_no_company_means_no_row():
    seen()
    assert queries.total([VIEWED], company_ids=[]) == 0


def test_merged_companies_add_up():
    seen(2, company=7)
    actions.roll_up()
    seen(3, company=8)
    actions.roll_up()
    seen(1, company=8)
    actions.move_company(kept_id=7, removed_id=8)
    assert queries.totals([VIEWED], by="company") == [{"company": 7, "count": 6}]
    assert MonthCount.objects.get().count == 6


def test_a_dashboard_costs_one_statement(django_assert_num_queries):
    seen(2)
    with django_assert_num_queries(1):
        queries.totals([VIEWED], by=["month", "region"])
