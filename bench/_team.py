"""1,800 named people for the invented country, with agendas of five weeks; one of them with a large portfolio.

Poured in beside what `pavillon bench-data` made; what stands already is not made again.
"""

import datetime

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from launch.bench import NothingPoured

PEOPLE = 1_800
PORTFOLIO = 3_000
_PLACES = (
    "SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM accounts_organisation WHERE name LIKE '%% (mesures)'"
)
_PEOPLE = """
INSERT INTO accounts_user (password, email, first_name, last_name, language, time_zone, phone, is_superuser, is_active,
    is_staff, joined_at, is_held)
SELECT %(password)s, 'equipe-' || n || '@mesures.example', 'Conseil', 'Équipe ' || n, 'fr', 'Europe/Paris', '', false,
    true, false, now(), false
FROM generate_series(1, %(people)s) n ON CONFLICT DO NOTHING
"""
# The first person of each organisation leads it.
_ROLES = f"""
INSERT INTO accounts_membership (created_at, changed_at, role, network, is_default, starts_on, user_id, organisation_id)
SELECT now(), now(), CASE WHEN nth < (SELECT count(*) FROM ({_PLACES}) places) THEN 'team_manager' ELSE 'adviser' END,
    '', true, '2020-01-01', person.id, place.id
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS nth FROM accounts_user WHERE email LIKE 'equipe-%%') person
JOIN ({_PLACES}) place ON place.place = nth %% (SELECT count(*) FROM ({_PLACES}) places)
WHERE NOT EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = person.id)
"""
# Four things a working day: an appointment with a company, a call, a meeting, time set aside.
_ENTRIES = """
INSERT INTO agenda_entry (created_at, changed_at, kind, activity, reason, title, place, notes, starts_at, ends_at,
    all_day, is_busy, sight, video_url, origin, url, uid, sequence, organisation_id, owner_id, company_id)
SELECT now(), now(), (ARRAY['appointment', 'call', 'meeting', 'slot'])[n],
    (ARRAY['meeting', 'phone', 'planning', 'proposals'])[n], '', 'Mesure ' || n, '', '',
    day + make_interval(hours => 7 + 2 * n), day + make_interval(hours => 8 + 2 * n), false, true, 'team', '', '', '',
    'mesure-' || m.user_id || '-' || day::date || '-' || n, 0, m.organisation_id, m.user_id, first.company_id
FROM accounts_membership m
CROSS JOIN generate_series(%(monday)s::timestamptz - interval '14 days', %(monday)s::timestamptz + interval '18 days',
    interval '1 day') day
CROSS JOIN generate_series(1, 4) n
LEFT JOIN LATERAL (SELECT company_id FROM crm_referent r WHERE n = 1 AND r.adviser_id = m.user_id LIMIT 1) first ON true
WHERE m.is_default AND extract(isodow FROM day) < 6
"""
_PORTFOLIO = """
INSERT INTO crm_referent (created_at, changed_at, starts_on, reason, adviser_id, company_id, organisation_id)
SELECT now(), now(), '2024-01-01', '', %(adviser)s, c.id, %(organisation)s FROM directory_company c
WHERE c.region_id = %(region)s AND c.merged_into_id IS NULL AND c.closed_on IS NULL AND NOT c.is_sensitive
    AND NOT EXISTS (SELECT 1 FROM crm_referent r WHERE r.company_id = c.id)
ORDER BY c.id DESC LIMIT %(missing)s
"""


@transaction.atomic
def gather(adviser: int, organisation: int, region: str) -> None:
    """Bring the country to this team; `adviser`, of that organisation and region, gets the large portfolio."""
    monday = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= datetime.timedelta(days=monday.weekday())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_user")
        missing = PEOPLE - _one(cursor)
        if missing > 0:
            cursor.execute(_PEOPLE, {"password": make_password(None), "people": missing})
            cursor.execute(_ROLES, {})
        cursor.execute("SELECT count(*) FROM agenda_entry WHERE starts_at >= %s", [monday])
        if not _one(cursor):
            cursor.execute("DELETE FROM agenda_entry WHERE uid LIKE 'mesure-%%'", [])
            cursor.execute(_ENTRIES, {"monday": monday})
        cursor.execute("SELECT count(*) FROM crm_referent WHERE adviser_id = %s AND ends_on IS NULL", [adviser])
        given = {"adviser": adviser, "organisation": organisation, "region": region}
        cursor.execute(_PORTFOLIO, {**given, "missing": max(0, PORTFOLIO - _one(cursor))})
        for table in ("accounts_user", "accounts_membership", "agenda_entry", "crm_referent"):
            cursor.execute(f"ANALYZE {table}")


def _one(cursor: object) -> int:
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


def manager_of(organisation: int) -> int:
    """Who leads an organisation of the measures."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id FROM accounts_membership WHERE organisation_id = %s AND role = 'team_manager' ORDER BY id",
            [organisation],
        )
        found = cursor.fetchone()
    if found is None:
        raise NothingPoured
    return int(found[0])
