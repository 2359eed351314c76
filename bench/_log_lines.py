"""Invented lines of the logs, poured in by the database itself: millions a minute.

They stand outside of the chain on purpose: signature and link are one zero byte each, so `verify_trail` names every
one of them, and none can be taken for a line that the product wrote. Two years end today; busy months and quiet ones
hold as much. A tenth are changes, the rest readings; one reading in ten is a list. Records and people are drawn so
that a few are met everywhere (the first record in one line of a hundred) and most hardly ever.
"""

from itertools import pairwise
from typing import Any

from django.db import connection, transaction

from bench._loading import bare_tables
from launch.progress import say, step

MONTHS = 24
RECORDS = 1_000_000
PEOPLE = 500
CHUNK = 1_000_000

_MONTHS = "SELECT date_trunc('month', now()) - make_interval(months => %s - n) FROM generate_series(1, %s) n"
_PEOPLE = """
INSERT INTO accounts_user (email, first_name, last_name, password, language, time_zone, phone, is_active, is_staff,
    is_superuser, joined_at, is_held)
SELECT 'lecteur-' || n || '@mesures.example', 'Lecteur', to_char(n, 'FM0000'), '!', 'fr', 'Europe/Paris', '', true,
    false, false, now(), false
FROM generate_series(1, %(people)s) n ON CONFLICT DO NOTHING
"""
_DRAWN = """
WITH known AS (
    SELECT array_agg(id ORDER BY id) AS people FROM accounts_user WHERE email LIKE 'lecteur-%%@mesures.example'
), drawn AS MATERIALIZED (
    SELECT n, %(start)s::timestamptz + (%(end)s::timestamptz - %(start)s::timestamptz) * ((n - 1.0) / %(lines)s) AS at,
        random() AS kind, random() AS way, 1 + floor(%(records)s * random() ^ 3)::bigint AS record,
        1 + floor(%(people)s * random() ^ 2)::int AS person
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
)
"""
_READINGS = (
    _DRAWN
    + """
INSERT INTO security_reading (mac, sequence, chain, user_id, model, object_id, how, rows, ids, read_at, address, path)
SELECT '\\x00', %(before)s + n, '\\x00', people[person],
    CASE WHEN kind < .6 THEN 'directory.company' WHEN kind < .8 THEN 'directory.contact'
         WHEN kind < .9 THEN 'crm.lead' ELSE 'showroom.product' END,
    CASE WHEN way < .9 THEN record::text ELSE '' END, CASE WHEN way < .9 THEN 'page' ELSE 'list' END,
    CASE WHEN way < .9 THEN 1 ELSE 10 END,
    CASE WHEN way < .9 THEN '{}' ELSE ARRAY(SELECT 1 + floor(%(records)s * random() ^ 3)::bigint + n * 0
        FROM generate_series(1, 10)) END,
    at, '192.0.2.1', ''
FROM drawn, known
"""
)
_ENTRIES = (
    _DRAWN
    + """
, written AS (
    INSERT INTO activity_entry (mac, sequence, chain, verb, actor_id, changes, facts, happened_at, channel, subjects)
    SELECT '\\x00', %(before)s + n, '\\x00',
        CASE WHEN kind < .6 THEN 'directory.company_changed' WHEN kind < .99999 THEN 'crm.lead_assigned'
             ELSE 'security.data_key_rotated' END,
        people[person],
        CASE WHEN way < .5 THEN '{"turnover": [1000, 2000]}'::jsonb WHEN way < .9 THEN '{"headcount": [10, 12]}'::jsonb
             WHEN way < .9999 THEN '{"website": ["", "https://a.example"]}'::jsonb
             ELSE '{"legal_name": ["A", "B"]}'::jsonb END,
        '{}', at, 'page', to_jsonb(ARRAY['directory.company:' || record])
    FROM drawn, known RETURNING id, subjects ->> 0 AS subject
)
INSERT INTO activity_thread (entry_id, content_type_id, object_id)
SELECT id, %(company)s, split_part(subject, ':', 2) FROM written
"""
)


def fill(lines: int) -> None:
    """Bring the logs to `lines` invented lines; does nothing when there are as many."""
    from django.contrib.contenttypes.models import ContentType

    from pavillon.directory.models import Company

    if line_count() >= lines:
        say("The invented lines stand already.")
        return
    tables = ["security_reading", "activity_entry", "activity_thread"]
    company = ContentType.objects.get_for_model(Company).pk
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": PEOPLE})
        cursor.execute(_MONTHS, [MONTHS, MONTHS + 1])
        months = [first for (first,) in cursor.fetchall()]
        for first in months[:-1]:
            cursor.execute("SELECT open_reading_month(%s::date)", [first])
        cursor.execute("SELECT least(now(), %s)", [months[-1]])
        months[-1] = cursor.fetchone()[0]
        with step(f"Pouring {lines:,} lines"), bare_tables(cursor, tables):
            entries = lines // 10
            _pour(cursor, _ENTRIES, [months[0], months[-1]], entries, {"company": company})
            for number, span in enumerate(pairwise(months)):
                say(f"  month {number + 1} of {MONTHS}")
                _pour(cursor, _READINGS, list(span), (lines - entries) // MONTHS, {}, number)
            say("  indexes")
    with step("Statistics"), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE {table}")


def _pour(cursor: Any, statement: str, span: list[Any], lines: int, more: dict[str, Any], number: int = 0) -> None:
    values = {"start": span[0], "end": span[1], "lines": lines, "before": number * lines, "records": RECORDS,
              "people": PEOPLE} | more  # fmt: skip
    for first in range(1, lines + 1, CHUNK):
        cursor.execute(statement, values | {"first": first, "last": min(first + CHUNK - 1, lines)})


def line_count() -> int:
    """How many lines both logs hold, as the statistics say."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(reltuples), 0)::bigint FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid "
            "WHERE c.relkind = 'r' AND (c.relname = 'activity_entry' OR i.inhparent = 'security_reading'::regclass)"
        )
        return max(0, int(cursor.fetchone()[0]))
