"""Counting, and moving counts into their totals."""

from datetime import datetime

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
WITH gone AS (DELETE FROM metrics_{table} WHERE company_id = %s RETURNING *)
INSERT INTO metrics_{table} AS total ({columns}, company_id, count)
SELECT {columns}, %s, sum(count) FROM gone GROUP BY {columns}
ON CONFLICT ({columns}, company_id) DO UPDATE SET count = total.count + excluded.count
"""


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
def move_company(*, kept_id: int, removed_id: int) -> None:
    """Follow a company that was merged: its counts join those of the kept one."""
    tables = {
        "daycount": "day, kind, subject_type, subject_id, region_id, vertical, country",
        "monthcount": "month, kind, region_id, vertical, country",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('metrics.roll_up'))")
        cursor.execute("UPDATE metrics_waiting SET company_id = %s WHERE company_id = %s", [kept_id, removed_id])
        for table, columns in tables.items():
            cursor.execute(_MOVE_COMPANY.format(table=table, columns=columns), [removed_id, kept_id])
