"""Many invented companies at once, to measure lists and searches with."""

from django.db import connection, transaction

from pavillon.directory.names import plain
from pavillon.directory.synthetic import FAMILIES, TRADES

# Everything random comes from a digest of the row's number: the same size makes the same companies.
_MAKE = """
INSERT INTO directory_company (created_at, changed_at, family, siren, name, legal_name, match_name, domain, activity_id,
    workforce_band_id, size, address, postal_code, commune_id, town, region_id, country_id, website, export_class,
    turnover, export_turnover, is_accompanied, is_demo)
SELECT now(), now() - (n %% 900) * interval '1 hour', 'french', NULL, initcap(named.called), '', named.called,
    '', a.id, b.code,
    CASE WHEN b.code >= '31' AND b.code <> 'NN' THEN 'ETI' ELSE 'PME' END, '', c.postal_codes[1], c.code, c.name,
    c.region_id, 'FR', '', (ARRAY['not_exporter', 'potential', 'occasional', 'regular', ''])[1 + h %% 5],
    (h %% 90000)::bigint * 1000, (h %% 90000)::bigint * (h %% 60) * 10, h %% 40 = 0, true
FROM (
    SELECT n, h, (%(trades)s::text[])[1 + h %% %(trade_count)s] || ' '
        || (%(families)s::text[])[1 + (h / 97) %% %(family_count)s] || ' ' || n AS called,
        (%(codes)s::text[])[1 + h %% %(trade_count)s] AS activity_code
    FROM (SELECT n, abs(hashint8(n)::bigint) AS h FROM generate_series(%(first)s, %(last)s) n) seeds
) named
JOIN reference_activity a ON a.revision = 2 AND a.code = activity_code
JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM reference_workforceband) b
    ON b.place = (h / 7) %% %(band_count)s
JOIN (SELECT *, row_number() OVER (ORDER BY code) - 1 AS place FROM reference_commune
      WHERE population > 0 AND postal_codes <> '{}') c
    ON c.place = (h / 11) %% %(commune_count)s
"""


@transaction.atomic
def make_companies(size: int) -> int:
    """Add invented companies until the base has `size`. Returns how many were added.

    They are written in SQL, without a line of the trail each: only for measuring, never for a base that people use.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(id), 0) FROM directory_company")
        known, last = cursor.fetchone()
        missing = max(0, size - known)
        # Counted beforehand: a join on two computed sides could not be hashed.
        cursor.execute("SELECT count(*) FROM reference_workforceband")
        (bands,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM reference_commune WHERE population > 0 AND postal_codes <> '{}'")
        (communes,) = cursor.fetchone()
        values = {
            "band_count": bands,
            "commune_count": communes,
            "trades": [plain(words[0]) for _weight, words in TRADES.values()],
            "codes": list(TRADES),
            "trade_count": len(TRADES),
            "families": [plain(name) for name in FAMILIES],
            "family_count": len(FAMILIES),
            "first": last + 1,
            "last": last + missing,
        }
        if missing:
            cursor.execute(_MAKE, values)
            cursor.execute("ANALYZE directory_company")
    return missing
