"""How well records are known, and who is reminded to keep them fresh."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import notify, record
from pavillon.curation.queries import GAPS, people_to_remind

STALE_MONTHS = 12
_MISSING = {
    "siren": "c.family = 'french' AND c.siren IS NULL",
    "contact": "NOT p.has_contact",
    "reach": "p.has_contact AND NOT p.has_reach",
    "town": "c.commune_id IS NULL AND c.town = ''",
    "activity": "c.family = 'french' AND c.activity_id IS NULL",
    "stale": f"c.changed_at < %s - interval '{STALE_MONTHS} months'",
    "sector": "c.sector_id IS NULL",
    "workforce": "c.workforce_band_id IS NULL AND c.headcount IS NULL",
    "website": "c.website = ''",
    "export": "c.export_class = ''",
    "turnover": "c.turnover IS NULL",
}
_QUALIFY = """
INSERT INTO curation_companyquality AS known (company_id, score, gaps, state, computed_at)
SELECT id, 100 - lost, gaps,
       CASE WHEN 'stale' = ANY(gaps) THEN 'stale' WHEN lost <= 20 THEN 'qualified' WHEN lost <= 50 THEN 'partial'
            ELSE 'raw' END, %s
FROM (
    SELECT c.id, array_remove(ARRAY[{gaps}], NULL)::varchar[] AS gaps, {lost} AS lost
    FROM directory_company c
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS has_contact,
               coalesce(bool_or(x.email_index <> '' OR x.phone_index <> ''), false) AS has_reach
        FROM directory_contact x WHERE x.company_id = c.id AND x.merged_into_id IS NULL
    ) AS p
    WHERE c.merged_into_id IS NULL {only}
) AS judged
ON CONFLICT (company_id) DO UPDATE SET
    score = excluded.score, gaps = excluded.gaps, state = excluded.state, computed_at = excluded.computed_at
WHERE known.score <> excluded.score OR known.gaps <> excluded.gaps OR known.state <> excluded.state
"""


def qualify_companies(companies: Sequence[int] | None = None) -> int:
    """Judge companies anew (all of them without `companies`) in one statement. Returns how many rows changed."""
    now = timezone.now()
    gaps = ", ".join(f"CASE WHEN {condition} THEN '{gap}' END" for gap, condition in _MISSING.items())
    lost = " + ".join(f"CASE WHEN {condition} THEN {GAPS[gap][0]} ELSE 0 END" for gap, condition in _MISSING.items())
    only = "" if companies is None else "AND c.id = ANY(%s)"
    values: list[Any] = [now, now, now]
    with connection.cursor() as cursor:
        cursor.execute(
            _QUALIFY.format(gaps=gaps, lost=lost, only=only),
            values if companies is None else [*values, list(companies)],
        )
        return int(cursor.rowcount)


def remind_people() -> int:
    """Remind, at the end of the day, those who worked and updated no record. Returns how many."""
    people = people_to_remind()
    notify(
        people,
        "curation.nothing_updated",
        title=_("You have updated no record today"),
        body=_("What you learnt today is worth a minute: contacts, phones, markets, outcomes."),
        url="/quality/",
    )
    for person in people:
        record("curation.people_reminded", person, by=None)
    return len(people)
