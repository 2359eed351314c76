"""Questions that come again are prepared by the database, and answered as if they had not been."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import DataError, NotSupportedError
from psycopg import ClientCursor

from pavillon.core.postgresql import kept
from pavillon.core.postgresql.kept import Kept, Walked, like
from pavillon.core.wall import HOUSE, Sight, standing_as

MOMENT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
VALUES = [7, "it's 100%", MOMENT, date(1801, 2, 3), UUID(int=5), Decimal("1.50"), [1, -2], ["a'b", "é"]]
COLUMNS = "%s + 1, %s::text, %s, %s, %s, %s, %s::bigint[], %s::text[], '%%' || 'x', {}"
EACH = Kept(f"SELECT {COLUMNS.format('1')}")


@pytest.fixture
def alone(db):
    """A connection outside the transaction of the test."""
    other = connection.copy()
    yield other
    other.close()


def ask(alone, question, params=()):
    with alone.cursor() as cursor:
        cursor.execute(question, params)
        return cursor.fetchall()


def change(alone, statements):
    with alone.cursor() as cursor:
        cursor.execute(statements)


def prepared(alone):
    return [name for (name,) in ask(alone, "SELECT name FROM pg_prepared_statements ORDER BY prepare_time")]


def test_prepared_the_second_time_and_answered_alike(alone, monkeypatch):
    answers = [ask(alone, EACH, VALUES)]
    assert prepared(alone) == []
    answers += [ask(alone, EACH, VALUES) for _again in range(2)]
    assert prepared(alone) == ["kept_1"]
    assert answers == [[(8, *VALUES[1:], "%x", 1)]] * 3
    assert ask(alone, EACH, [8, "other", *VALUES[2:]])[0][:2] == (9, "other")
    # It is asked in a transaction as well, where nothing new is prepared.
    other = like([EACH, EACH], f"{EACH} UNION ALL {EACH}")
    alone.set_autocommit(False)
    assert all(ask(alone, other, VALUES * 2) == answers[0] * 2 for _thrice in range(3))
    assert ask(alone, EACH, VALUES) == answers[0]
    alone.rollback()
    alone.set_autocommit(True)
    assert prepared(alone) == ["kept_1"]
    # The one that was not asked for longest makes room.
    monkeypatch.setattr(kept, "MOST_KEPT", 2)
    for number in (2, 3, 3):
        for _twice in range(2):
            assert ask(alone, Kept(f"SELECT {COLUMNS.format(number)}"), VALUES)[0][-1] == number
    assert prepared(alone) == ["kept_2", "kept_3"]
    assert type(like([EACH, "SELECT 1"], "")) is str


def test_blanks_with_names_booleans_and_what_is_not_known_yet(alone):
    question = Kept("SELECT %(day)s, %(day)s + 1, %(yes)s, %(some)s::bigint[], %(who)s::bigint")
    day = date(2026, 1, 1)
    for yes, some, who in ((True, [], None), (False, None, 5), (True, [1, 2], None), (False, [], 7)):
        told = ask(alone, question, {"who": who, "some": some, "yes": yes, "day": day, "other": 1})
        assert told == [(day, date(2026, 1, 2), yes, some, who)]
    assert prepared(alone) == ["kept_1"]


def test_what_may_go_wrong_blindly_or_cannot_be_prepared_is_asked_as_it_stands(alone):
    much = Kept("SELECT count(*) FROM generate_series(1, 1000) a, generate_series(1, 1000) b WHERE a < %s AND b < %s")
    wrong = Kept("SELECT date '2026-01-01' + %s")
    for _thrice in range(3):
        assert ask(alone, much, [3, 3]) == [(4,)]
        assert ask(alone, wrong, [1]) == [(date(2026, 1, 2),)]
    assert prepared(alone) == []
    assert {hash(much), hash(wrong)} <= kept._unfit


def test_a_walk_that_soon_meets_enough_is_judged_as_a_whole(alone):
    """To its end it would cost too much, so that it must be said to be one; what costs much anyway is none."""
    walk = "SELECT number FROM generate_series(1, 250000) number WHERE number > %s{} LIMIT 2"
    for _thrice in range(3):
        assert ask(alone, Kept(walk.format(" + 0")), [3]) == ask(alone, Walked(walk.format("")), [3]) == [(4,), (5,)]
        assert ask(alone, Walked(f"SELECT count(*) FROM ({walk.format('')} OFFSET 249000) far"), [3]) == [(2,)]
    assert prepared(alone) == ["kept_2"]


def test_what_goes_wrong_once_says_nothing_against_a_question(alone, monkeypatch):
    """A text with a NUL, which whoever asks may send; a value of another kind; a plan that is gone already."""
    monkeypatch.setattr(kept, "MOST_KEPT", 1)
    for question, good, bad in ((Kept("SELECT %s::text"), "a", "a\0"), (Kept("SELECT %s::smallint"), "1", "x")):
        ask(alone, question, [good])
        with pytest.raises(DataError):
            ask(alone, question, [bad])
        assert prepared(alone) == []
        told = [ask(alone, question, [good]) for _twice in range(2)]
        assert told[0] == told[1]
        assert len(prepared(alone)) == 1
        change(alone, "DEALLOCATE ALL")
    # As the first statement of a transaction it would be the end of it.
    wrong = Kept("SELECT date '2026-01-01' + %s, 1")
    ask(alone, wrong, [1])
    alone.set_autocommit(False)
    assert ask(alone, wrong, [1]) == [(date(2026, 1, 2), 1)]
    alone.rollback()
    alone.set_autocommit(True)


def test_tables_that_changed_and_plans_that_are_gone_are_prepared_anew(alone):
    change(alone, "CREATE TEMPORARY TABLE shelf (number integer); INSERT INTO shelf VALUES (1), (2)")
    question = Kept("SELECT number FROM shelf WHERE number = %s")
    assert [ask(alone, question, [1]) for _twice in range(2)] == [[(1,)]] * 2
    change(alone, "ALTER TABLE shelf ALTER number TYPE text")
    question_of_text = Kept("SELECT number FROM shelf WHERE number = '2' AND true = %s::bool")
    assert [ask(alone, question_of_text, ["t"]) for _twice in range(2)] == [[("2",)]] * 2
    change(alone, "ALTER TABLE shelf ALTER number TYPE integer USING number::integer")
    every = Kept("SELECT number FROM shelf ORDER BY number")
    assert [ask(alone, every) for _twice in range(2)] == [[(1,), (2,)]] * 2
    change(alone, "ALTER TABLE shelf ALTER number TYPE text")
    assert ask(alone, every) == [("1",), ("2",)]
    assert [ask(alone, every) for _twice in range(2)] == [[("1",), ("2",)]] * 2
    change(alone, "DEALLOCATE ALL")
    assert ask(alone, every) == [("1",), ("2",)]
    ask(alone, every)
    # What is of no use any more does not stay in PostgreSQL's memory.
    assert len(prepared(alone)) == 1
    change(alone, "ALTER TABLE shelf ALTER number TYPE varchar(9)")
    alone.set_autocommit(False)
    with pytest.raises(NotSupportedError):
        ask(alone, every)
    alone.rollback()
    alone.set_autocommit(True)
    assert ask(alone, every) == [("1",), ("2",)]
    assert len(prepared(alone)) == 1
    # That a question is refused for another reason says nothing about its plan.
    change(
        alone,
        """CREATE FUNCTION pg_temp.refused(int) RETURNS int LANGUAGE plpgsql
        AS $$ BEGIN IF $1 > 0 THEN RAISE EXCEPTION 'no' USING ERRCODE = '0A000'; END IF; RETURN $1; END $$""",
    )
    refused = Kept("SELECT pg_temp.refused(%s::int)")
    assert [ask(alone, refused, [0]) for _twice in range(2)] == [[(0,)]] * 2
    with pytest.raises(NotSupportedError):
        ask(alone, refused, [1])
    assert len(prepared(alone)) == len(alone.connection.shelf.known) == 2


def test_a_plan_is_kept_and_whoever_asks_sees_his_own(alone):
    """What the wall compares is looked up whenever the question is asked."""
    question = Kept("SELECT wall_person(), wall_is_house(), %s::int")
    for _twice in range(3):
        for person in ("5", "6"):
            with standing_as(Sight("person", person=person)):
                assert ask(alone, question, [1]) == [(int(person), False, 1)]
        with standing_as(HOUSE):
            assert ask(alone, question, [1]) == [(None, True, 1)]
    assert prepared(alone) == ["kept_1"]


def test_what_never_differs_stands_in_the_text_as_psycopg_puts_it(db):
    connection.ensure_connection()
    params = [*VALUES, "100%", None]
    sql = f"SELECT {COLUMNS.format('%s')}, %s"
    words = ClientCursor(connection.connection)
    for blanks in (set(), {0, 1}, set(range(10)), {8, 9}):
        found = kept.kept(sql, params, blanks, connection.connection)
        assert words.mogrify(found, [params[place] for place in sorted(blanks)]) == words.mogrify(sql, params)
