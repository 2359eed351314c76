"""Classes and scores of companies, computed from facts in one statement, for one company or for a million."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.crm.actions.referents import set_referent
from pavillon.crm.models import Detection, ProfileSettings
from pavillon.crm.queries.profiles import deliveries, settings_in_force
from pavillon.directory.models import Company

# Points of the export potential, 100 together. Each is a fact that an adviser can check on the card.
POINTS = {
    "industry": 15,  # manufacturing, or a sector of the agency
    "size": 20,  # 20 to 499 people: strong enough to export, small enough to need help
    "turnover": 15,  # two million euros or more
    "market": 20,  # a country is considered or being prospected
    "first_sales": 10,  # something was sold abroad already, not yet regularly
    "asked": 15,  # asked the team within two years
    "reachable": 5,  # somebody who decides is known, or a website
}

_PROFILES = """
INSERT INTO crm_companyprofile (company_id, export_class, export_rule, lifecycle, value, relationship, services,
    last_service_at, attested_sales, treated_requests, last_treated_at, exchanges, last_exchange_at, score, factors,
    call_score, call_factors, computed_at)
SELECT id,
    CASE WHEN rule = 'card' THEN given_class WHEN rule IN ('share', 'market', 'attested') THEN 'regular'
         WHEN rule IN ('turnover', 'sold', 'first_sales') THEN 'occasional' WHEN rule = 'none' THEN 'not_exporter'
         ELSE 'potential' END,
    rule, lifecycle, value, relationship, services, last_service_at, sales, treated, last_treated_at, exchanges,
    last_exchange_at, score, factors,
    least(100, greatest(0, score / 2 + 25 + answers + silence + waiting)),
    jsonb_strip_nulls(jsonb_build_object('score', score / 2, 'base', 25, 'answers', nullif(answers, 0),
        'silence', nullif(silence, 0), 'waiting', nullif(waiting, 0))),
    %(now)s
FROM (
    SELECT scored.*,
        CASE WHEN given_class <> '' THEN 'card'
             WHEN turnover > 0 AND export_turnover >= turnover * %(regular)s / 100.0 THEN 'share'
             WHEN is_settled THEN 'market' WHEN sales >= %(regular_sales)s THEN 'attested'
             WHEN export_turnover > 0 THEN 'turnover' WHEN sales > 0 THEN 'sold'
             WHEN has_first_sales THEN 'first_sales' WHEN is_prospecting THEN 'prospected'
             WHEN has_asked THEN 'asked' WHEN score >= %(potential)s THEN 'score' ELSE 'none' END AS rule
    FROM (
        SELECT facts.*, f.score, f.factors,
            CASE WHEN services = 0 THEN 'prospect'
                 WHEN last_service_at < %(now)s - make_interval(months => %(inactive)s) THEN 'inactive'
                 WHEN services >= %(valuable)s THEN 'valuable' ELSE 'new' END AS lifecycle,
            CASE WHEN coalesce(potential_turnover, turnover, 0) >= %(high)s THEN 'high' ELSE 'low' END AS value,
            CASE WHEN recent_exchanges >= %(loyal)s THEN 'loyal' ELSE 'occasional' END AS relationship
        FROM (
            SELECT c.id, coalesce(c.export_class, '') AS given_class, c.turnover, c.export_turnover,
                c.potential_turnover,
                coalesce(d.services, 0) AS services, d.last_service_at, coalesce(d.sales, 0) AS sales,
                coalesce(l.treated, 0) AS treated, l.last_treated_at,
                coalesce(i.exchanges, 0) AS exchanges, i.last_exchange_at,
                coalesce(i.recent, 0) AS recent_exchanges,
                least(25, 10 * coalesce(i.positive, 0)) - least(20, 8 * coalesce(i.unanswered, 0))
                    - least(25, 12 * coalesce(i.negative, 0)) AS answers,
                CASE WHEN i.last_exchange_at IS NULL OR i.last_exchange_at < %(now)s - interval '180 days' THEN 5
                     WHEN i.last_exchange_at > %(now)s - interval '14 days' THEN -15 ELSE 0 END AS silence,
                CASE WHEN l.is_waiting THEN 10 ELSE 0 END AS waiting,
                coalesce(l.has_asked, false) AS has_asked,
                coalesce(m.is_settled, false) AS is_settled, coalesce(m.has_first_sales, false) AS has_first_sales,
                coalesce(m.is_prospecting, false) AS is_prospecting,
                (a.code ~ '^(1[0-9]|2[0-9]|3[0-3])' OR c.sector_id IS NOT NULL) AS is_industry,
                coalesce(c.headcount BETWEEN 20 AND 499, w.minimum >= 20 AND w.minimum < 500, false) AS is_sized,
                (c.website <> '' OR p.decides) AS is_reachable
            FROM directory_company c
            LEFT JOIN reference_activity a ON a.id = c.activity_id
            LEFT JOIN reference_workforceband w ON w.code = c.workforce_band_id
            LEFT JOIN (
                SELECT company_id, count(*) FILTER (WHERE state IN ('treated', 'closed')) AS treated,
                    max(coalesce(closed_at, treated_at)) FILTER (WHERE state IN ('treated', 'closed'))
                        AS last_treated_at,
                    bool_or(received_at > %(now)s - interval '2 years') AS has_asked,
                    bool_or(state IN ('received', 'assigned', 'taken')) AS is_waiting
                FROM crm_lead WHERE company_id IS NOT NULL
                    AND (%(some)s::bigint[] IS NULL OR company_id = ANY(%(some)s))
                GROUP BY company_id
            ) l ON l.company_id = c.id
            LEFT JOIN ({deliveries}) d ON d.company_id = c.id
            LEFT JOIN (
                SELECT company_id, count(*) AS exchanges, max(happened_at) AS last_exchange_at,
                    count(*) FILTER (WHERE happened_at > %(now)s - interval '2 years') AS recent,
                    count(*) FILTER (WHERE outcome IN ('positive', 'to_follow')) AS positive,
                    count(*) FILTER (WHERE outcome = 'no_answer') AS unanswered,
                    count(*) FILTER (WHERE outcome = 'negative') AS negative
                FROM crm_interaction WHERE kind <> 'note' AND visibility = 'team'
                    AND (%(some)s::bigint[] IS NULL OR company_id = ANY(%(some)s))
                GROUP BY company_id
            ) i ON i.company_id = c.id
            LEFT JOIN (
                SELECT company_id, bool_or(maturity IN ('established', 'settled')) AS is_settled,
                    bool_or(maturity = 'first_sales') AS has_first_sales,
                    bool_or(maturity IN ('considered', 'prospected')) AS is_prospecting
                FROM directory_market WHERE %(some)s::bigint[] IS NULL OR company_id = ANY(%(some)s) GROUP BY company_id
            ) m ON m.company_id = c.id
            LEFT JOIN (
                SELECT company_id, true AS decides FROM directory_contact
                WHERE is_decision_maker
                    AND (%(some)s::bigint[] IS NULL OR company_id = ANY(%(some)s)) GROUP BY company_id
            ) p ON p.company_id = c.id
            WHERE c.merged_into_id IS NULL AND c.closed_on IS NULL
                AND (%(some)s::bigint[] IS NULL OR c.id = ANY(%(some)s))
        ) facts
        CROSS JOIN LATERAL (
            SELECT sum(points)::int AS score, jsonb_object_agg(factor, points) AS factors
            FROM (VALUES
                ('industry', CASE WHEN is_industry THEN %(industry)s ELSE 0 END),
                ('size', CASE WHEN is_sized THEN %(size)s ELSE 0 END),
                ('turnover', CASE WHEN turnover >= 2000000 THEN %(turnover)s ELSE 0 END),
                ('market', CASE WHEN is_prospecting THEN %(market)s ELSE 0 END),
                ('first_sales', CASE WHEN has_first_sales OR export_turnover > 0 OR sales > 0 THEN %(first_sales)s
                    ELSE 0 END),
                ('asked', CASE WHEN has_asked THEN %(asked)s ELSE 0 END),
                ('reachable', CASE WHEN is_reachable THEN %(reachable)s ELSE 0 END)
            ) AS each (factor, points)
        ) f
    ) scored
) ruled
ON CONFLICT (company_id) DO UPDATE SET export_class = EXCLUDED.export_class, export_rule = EXCLUDED.export_rule,
    lifecycle = EXCLUDED.lifecycle, value = EXCLUDED.value, relationship = EXCLUDED.relationship,
    services = EXCLUDED.services, last_service_at = EXCLUDED.last_service_at,
    attested_sales = EXCLUDED.attested_sales, treated_requests = EXCLUDED.treated_requests,
    last_treated_at = EXCLUDED.last_treated_at, exchanges = EXCLUDED.exchanges,
    last_exchange_at = EXCLUDED.last_exchange_at, score = EXCLUDED.score, factors = EXCLUDED.factors,
    call_score = EXCLUDED.call_score, call_factors = EXCLUDED.call_factors, computed_at = EXCLUDED.computed_at
WHERE (crm_companyprofile.export_class, crm_companyprofile.export_rule, crm_companyprofile.lifecycle,
    crm_companyprofile.value, crm_companyprofile.relationship, crm_companyprofile.services,
    crm_companyprofile.last_service_at, crm_companyprofile.attested_sales, crm_companyprofile.treated_requests,
    crm_companyprofile.last_treated_at, crm_companyprofile.exchanges, crm_companyprofile.last_exchange_at,
    crm_companyprofile.factors, crm_companyprofile.call_factors)
    IS DISTINCT FROM (EXCLUDED.export_class, EXCLUDED.export_rule, EXCLUDED.lifecycle, EXCLUDED.value,
    EXCLUDED.relationship, EXCLUDED.services, EXCLUDED.last_service_at, EXCLUDED.attested_sales,
    EXCLUDED.treated_requests, EXCLUDED.last_treated_at, EXCLUDED.exchanges, EXCLUDED.last_exchange_at,
    EXCLUDED.factors, EXCLUDED.call_factors)
"""
_GONE = """
DELETE FROM crm_companyprofile p USING directory_company c
WHERE c.id = p.company_id AND (c.merged_into_id IS NOT NULL OR c.closed_on IS NOT NULL)
    AND (%(some)s::bigint[] IS NULL OR c.id = ANY(%(some)s))
"""


@transaction.atomic
def compute_profiles(*, company: Company | None = None, companies: Sequence[int] | None = None) -> int:
    """Compute classes and scores of one company, of some by number, or of all. How many changed; two statements.

    Only exchanges shared with the whole team count: a private note must not be guessed from a score.
    """
    chosen = settings_in_force()
    values: dict[str, Any] = {
        "now": timezone.now(),
        "some": [company.pk] if company else list(companies) if companies is not None else None,
        "inactive": chosen.inactive_months,
        "valuable": chosen.valuable_services,
        "high": chosen.high_value,
        "loyal": chosen.loyal_exchanges,
        "regular": chosen.regular_percent,
        "regular_sales": chosen.regular_sales,
        "potential": chosen.potential_score,
        "zone": settings.TIME_ZONE,
        **POINTS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GONE, values)
        cursor.execute(_PROFILES.replace("{deliveries}", deliveries()), values)
        return int(cursor.rowcount)


@transaction.atomic
def change_profile_settings(*, reason: str, by: User, **thresholds: Any) -> ProfileSettings:
    """Decide the thresholds of classes and axes, and why; a job lets all profiles follow at once."""
    made = ProfileSettings.objects.create(reason=reason, decided_by=by, **thresholds)
    told: dict[str, Any] = {name: str(value) for name, value in thresholds.items()}
    record("crm.profile_settings_changed", made, by=by, reason=reason, **told)
    app.configure_task("crm.follow_thresholds").defer()
    return made


@transaction.atomic
def take_potential(
    *, company: Company, adviser: User, organisation: Organisation, by: User, opened_at: datetime
) -> Detection:
    """Name the referent of a company from the list of potentials. Raises ReferentExists.

    `opened_at` is when the list was opened: what it took is kept beside what it took by hand.
    """
    set_referent(company=company, adviser=adviser, organisation=organisation, by=by, reason="")
    detection = Detection.objects.create(
        company=company,
        taken_by=by,
        score=company.profile.score,
        seconds=max(1, int((timezone.now() - opened_at).total_seconds())),
        manual_minutes=settings_in_force().manual_minutes,
    )
    record("crm.potential_taken", company, by=by, adviser=adviser.pk, seconds=detection.seconds)
    return detection
