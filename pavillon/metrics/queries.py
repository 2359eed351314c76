"""Totals: the rollups plus what still waits, in one statement, hence one snapshot."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection

GROUPS = {
    "kind": "kind",
    "company": "company_id",
    "country": "country",
    "vertical": "vertical",
    "region": "region_id",
    "month": "date_trunc('month', day)::date",
    "day": "day",
    "subject": "subject_id",
}


def totals(
    kinds: Sequence[str],
    *,
    since: date | None = None,
    until: date | None = None,
    company_ids: Sequence[int] | None = None,
    region_id: str | None = None,
    by: str | Sequence[str] = "kind",
) -> list[dict[str, Any]]:
    """Events of `kinds` from `since` to `until` (days, both included), grouped by one or several of GROUPS.

    Returns rows such as {"kind": "showroom.product_viewed", "country": "BR", "count": 12}, largest first
    (by time for day and month). `company_ids` empty means no company at all: no row.
    """
    names = [by] if isinstance(by, str) else list(by)
    fine = "day" in names or "subject" in names or not _whole_months(since, until)
    rolled = (
        "SELECT day, kind, subject_id, company_id, region_id, vertical, country, count FROM metrics_daycount"
        if fine
        else "SELECT month AS day, kind, 0 AS subject_id, company_id, region_id, vertical, country, count"
        " FROM metrics_monthcount"
    )
    conditions = {
        "kind = ANY(%s)": list(kinds),
        "{day} >= %s": since,
        "{day} <= %s": until,
        "company_id = ANY(%s)": None if company_ids is None else list(company_ids),
        "region_id = %s": region_id,
    }
    wanted = " AND ".join(clause for clause, value in conditions.items() if value is not None)
    values = [value for value in conditions.values() if value is not None]
    columns = ", ".join(f"{GROUPS[name]} AS {name}" for name in names)
    # Only names of GROUPS reach the statement; every value is a parameter.
    sql = f"""
        SELECT {columns}, sum(count)::bigint AS count FROM (
            {rolled} WHERE {wanted.format(day="day" if fine else "month")}
            UNION ALL
            SELECT * FROM (
                SELECT (at AT TIME ZONE 'Europe/Paris')::date AS day, kind, subject_id, company_id, region_id,
                       vertical, country, 1::bigint AS count
                FROM metrics_waiting
            ) waiting WHERE {wanted.format(day="day")}
        ) events
        GROUP BY {", ".join(str(i + 1) for i in range(len(names)))}
        ORDER BY {"1" if names[0] in ("day", "month") else "count DESC, 1"}
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values + values)
        found = [column.name for column in cursor.description]
        return [dict(zip(found, row, strict=True)) for row in cursor.fetchall()]


def total(kinds: Sequence[str], **scope: Any) -> int:
    """All events of `kinds` in the scope, as one number."""
    return sum(row["count"] for row in totals(kinds, **scope, by="kind"))


def _whole_months(since: date | None, until: date | None) -> bool:
    """Whether month totals answer the period exactly."""
    return (since is None or since.day == 1) and (until is None or (until + timedelta(days=1)).day == 1)
