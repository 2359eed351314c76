"""Fills the bench's database to the size of a country: companies, products, requests, exchanges.

Written in SQL, without a line of the trail each: only for measuring. What stands already is not made again.
"""

import io
import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from bench._products import make_products

# A smaller base while a bench is being written; the published figures are of the full size.
SIZE = int(os.environ.get("BENCH_SIZE", "100000"))
LEADS = SIZE // 5
INTERACTIONS = SIZE // 2
# Exchanges with the one company whose page is measured.
LONG_TIMELINE = 300

_LEADS = """
INSERT INTO crm_lead (created_at, changed_at, origin, kind, is_spontaneous, prompted_by, company_id, company_name, town,
    contact_name, contact_email, contact_phone, region_id, country_id, sector_id, subject, subject_code, subject_facts,
    message, legal_basis, attachment_type, state, team_id, adviser_id, routing, received_at, assigned_at, due_at,
    escalations, taken_at,
    take_charge_minutes, treated_at, closed_at, outcome, closing_note, next_action, next_action_on,
    is_sent_to_diagnosis, search_text)
SELECT at, at, 'site', 'request', true, '', company.id, company.name, company.town, '', '', '', seat.region_id, 'DE',
    NULL, 'Exporter vers l’Allemagne ' || n, '', '{}', '', 'public_task', '', state,
    seat.organisation_id, seat.user_id, '[]', at, at, at + interval '2 days', 0,
    CASE WHEN state <> 'assigned' THEN at + interval '3 hours' END,
    CASE WHEN state <> 'assigned' THEN 180 END,
    CASE WHEN state = 'closed' THEN at + interval '5 days' END,
    CASE WHEN state = 'closed' THEN at + interval '9 days' END,
    CASE WHEN state = 'closed' THEN 'informed' ELSE '' END, '',
    CASE WHEN state = 'taken' THEN 'Rappeler' ELSE '' END,
    CASE WHEN state = 'taken' THEN current_date + (n %% 60)::int - 5 END, false,
    'D ' || lpad(n::text, 6, '0') || ' ' || company.match_name || ' EXPORTER VERS L ALLEMAGNE'
FROM (
    SELECT n, now() - n * interval '30 minutes' AS at,
        CASE WHEN n %% 50 = 0 THEN 'assigned' WHEN n %% 12 = 0 THEN 'taken' ELSE 'closed' END AS state
    FROM generate_series(1, %(count)s) n
) made
JOIN (SELECT id, name, town, match_name, row_number() OVER (ORDER BY id) AS place FROM directory_company) company
    ON company.place = 1 + (n::bigint * 7919) %% %(companies)s
JOIN (
    SELECT user_id, organisation_id, region_id, row_number() OVER (ORDER BY seat.id) - 1 AS place
    FROM accounts_membership seat JOIN accounts_organisation organisation ON organisation.id = organisation_id
    WHERE role = 'adviser' AND region_id IS NOT NULL
) seat ON seat.place = n %% %(seats)s
"""

_INTERACTIONS = """
INSERT INTO crm_interaction (created_at, changed_at, company_id, kind, happened_at, duration_minutes, summary, outcome,
    author_id, organisation_id, region_id, visibility, next_action)
SELECT at, at, company.id, 'call', at, 10, 'Point sur le projet export, numéro ' || n, '', seat.user_id,
    seat.organisation_id, seat.region_id, 'team', ''
FROM (SELECT n, now() - n * interval '20 minutes' AS at FROM generate_series(1, %(count)s) n) made
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM directory_company) company
    ON company.place = 1 + (n::bigint * 104729) %% %(companies)s
JOIN (
    SELECT user_id, organisation_id, region_id, row_number() OVER (ORDER BY seat.id) - 1 AS place
    FROM accounts_membership seat JOIN accounts_organisation organisation ON organisation.id = organisation_id
    WHERE role = 'adviser' AND region_id IS NOT NULL
) seat ON seat.place = n %% %(seats)s
UNION ALL
SELECT at, at, %(company)s, 'call', at, 10, 'Suivi du projet export, numéro ' || n, '', seat.user_id,
    seat.organisation_id, seat.region_id, 'team', ''
FROM (SELECT n, now() - n * interval '1 day' AS at FROM generate_series(1, %(long)s) n) made
CROSS JOIN (
    SELECT user_id, organisation_id, region_id
    FROM accounts_membership seat JOIN accounts_organisation organisation ON organisation.id = organisation_id
    WHERE role = 'adviser' AND region_id IS NOT NULL ORDER BY seat.id LIMIT 1
) seat
"""


def plant_demo() -> None:
    """The people, shops and companies of the demonstration, through its own command."""
    if not (Path(settings.DATA) / "demo-accounts.json").exists():
        call_command("seed_demo", stdout=io.StringIO())


def fill() -> None:
    """Companies and products to SIZE, requests and exchanges in proportion; statistics fresh where anything came."""
    before = _standing()
    plant_demo()
    call_command("make_companies", size=SIZE, stdout=io.StringIO())
    make_products(SIZE)
    with transaction.atomic():
        companies, seats = (
            number("SELECT count(*) FROM directory_company"),
            number(
                "SELECT count(*) FROM accounts_membership seat JOIN accounts_organisation o ON o.id = organisation_id"
                " WHERE role = 'adviser' AND region_id IS NOT NULL"
            ),
        )
        known = {"companies": companies, "seats": seats, "company": measured_company(), "long": LONG_TIMELINE}
        with connection.cursor() as cursor:
            if number("SELECT count(*) FROM crm_lead") < LEADS:
                cursor.execute(_LEADS, {**known, "count": LEADS})
            if number("SELECT count(*) FROM crm_interaction") < INTERACTIONS:
                cursor.execute(_INTERACTIONS, {**known, "count": INTERACTIONS})
    if _standing() != before:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _standing() -> list[int]:
    tables = ("directory_company", "showroom_product", "crm_lead", "crm_interaction")
    return [number(f"SELECT count(*) FROM {table}") for table in tables]


def measured_company() -> int:
    """A company of the demonstration with a shop that is online, in the region of the adviser who looks at it."""
    return number(
        "SELECT min(c.id) FROM directory_company c JOIN showroom_shop s ON s.company_id = c.id"
        " WHERE s.state = 'online' AND c.region_id = '53'"
    )


def number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
