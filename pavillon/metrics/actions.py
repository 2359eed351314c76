"""Counting, and moving counts into their totals."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from pavillon.activity.actions import wake
from pavillon.metrics.models import Waiting

_MOVE = """
WITH moved AS (
    DELETE FROM metrics_waiting WHERE id IN (SELECT id FROM metrics_waiting ORDER BY id LIMIT %s)
    RETURNING kind, subject_type, subject_id, company_id, region_id, vertical, country,
              (at AT TIME ZONE 'Europe/Paris')::date AS day
), by_day AS (
    INSERT INTO metrics_daycount AS total
        (day, kind, subject_type, subject_id, company_id, region_id, vertical, country, count)
    SELECT day, kind, subject_type, subject_id, company_id, region_id, vertical, country, count(*)
    FROM moved GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ON CONFLICT (day, kind, subject_type, subject_id, company_id, region_id, vertical, country)
    DO UPDATE SET count = total.count + excluded.count
), by_month AS (
    INSERT INTO metrics_monthcount AS total (month, kind, company_id, region_id, vertical, country, count)
    SELECT date_trunc('month', day)::date, kind, company_id, region_id, vertical, country, count(*)
    FROM moved GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (month, kind, company_id, region_id, vertical, country)
    DO UPDATE SET count = total.count + excluded.count
)
SELECT count(*) FROM moved
"""

_MOVE_COMPANY = """
WITH gone AS (DELETE FROM metrics_{table} WHERE company_id = %s RETURNING {columns}, count), moved AS (
    INSERT INTO metrics_{table} AS total ({columns}, company_id, count)
    SELECT {columns}, %s, sum(count) FROM gone GROUP BY {columns}
    ON CONFLICT ({columns}, company_id) DO UPDATE SET count = total.count + excluded.count
)
SELECT coalesce(jsonb_agg(jsonb_build_array({columns}, count)), '[]')::text FROM gone
"""

# A total that was taken away meanwhile (retention) has nothing to give back.
_PART_COMPANY = """
WITH back AS (
    SELECT {read} FROM jsonb_array_elements(%s::jsonb) AS row
), taken AS (
    UPDATE metrics_{table} AS total SET count = total.count - back.count FROM back
    WHERE total.company_id = %s AND {same} RETURNING {back_columns}, back.count
)
INSERT INTO metrics_{table} AS total ({columns}, company_id, count)
SELECT {columns}, %s, count FROM taken
ON CONFLICT ({columns}, company_id) DO UPDATE SET count = total.count + excluded.count
"""
_BY_COMPANY = {
    "daycount": {"day": "date", "kind": "text", "subject_type": "text", "subject_id": "bigint", "region_id": "text",
                 "vertical": "text", "country": "text"},
    "monthcount": {"month": "date", "kind": "text", "region_id": "text", "vertical": "text", "country": "text"},
}  # fmt: skip


def count(
    kind: str,
    *,
    subject_type: str = "",
    subject_id: int = 0,
    company_id: int | None = None,
    region_id: str = "",
    vertical: str = "",
    country: str = "",
    at: datetime | None = None,
) -> None:
    """Count one event of `kind` ("room.noun_participle").

    Nothing about the visitor is kept but `country` (alpha-2, "" when not known). Not recorded in the trail:
    a count names nobody.
    """
    Waiting.objects.create(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        company_id=company_id or 0,
        region_id=region_id or "",
        vertical=vertical or "",
        country=country or "",
        at=at or timezone.now(),
    )
    wake("reporting.figures", audience="team")


@transaction.atomic
def roll_up(batch: int = 50_000) -> int:
    """Move waiting counts into day and month totals. Returns how many were moved; 0 when another worker does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('metrics.roll_up'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_MOVE, [batch])
        return int(cursor.fetchone()[0])


@transaction.atomic
def move_company(*, kept_id: int, removed_id: int) -> dict[str, list[Any]]:
    """Follow a company that was merged: its counts join those of the kept one.

    Returns what moved, {"daycount": [[columns…, count]], "monthcount": […]}, for `part_company`.
    """
    moved = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metrics.roll_up'))")
        cursor.execute(_MOVE.replace("ORDER BY id LIMIT %s", "WHERE company_id = %s"), [removed_id])
        for table, types in _BY_COMPANY.items():
            cursor.execute(_MOVE_COMPANY.format(table=table, columns=", ".join(types)), [removed_id, kept_id])
            rows = json.loads(cursor.fetchone()[0])
            if rows:
                moved[table] = rows
    return moved


@transaction.atomic
def part_company(*, kept_id: int, removed_id: int, moved: dict[str, list[Any]]) -> None:
    """Undo `move_company`: the counts that came along go back; what was counted since stays with the kept company."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metrics.roll_up'))")
        for table, rows in moved.items():
            types = _BY_COMPANY[table] | {"count": "bigint"}
            columns = [name for name in types if name != "count"]
            sql = _PART_COMPANY.format(
                table=table,
                columns=", ".join(columns),
                read=", ".join(f"(row ->> {n})::{kind} AS {name}" for n, (name, kind) in enumerate(types.items())),
                same=" AND ".join(f"total.{name} = back.{name}" for name in columns),
                back_columns=", ".join(f"back.{name}" for name in columns),
            )
            cursor.execute(sql, [json.dumps(rows), kept_id, removed_id])
            cursor.execute(f"DELETE FROM metrics_{table} WHERE company_id = %s AND count = 0", [kept_id])  # noqa: S608
