"""A full shelf: invented products made of the demonstration's sheets, each with a name of its own, and their index.

A sheet is copied with its words; two invented words make it different: one of 5,000 that are as unevenly frequent as
the words of a language, and a number. The index entry is the one of the copied sheet, with these words added.
"""

from itertools import product as combined

from django.db import connection, transaction

PER_SHOP = 20
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"][::3][:20]
WORDS = ["".join(parts) for parts in combined(SYLLABLES, repeat=3)][:5000]

_SHOPS = """
INSERT INTO showroom_shop (created_at, changed_at, company_id, slug, state, is_referenced, tagline_fr, tagline_en,
    presentation_fr, presentation_en, logo_text, export_countries, motivation, applied_at, opened_at, online_at,
    is_demo)
SELECT now(), now(), id, 'measured-' || id, 'online', true, 'Mesures', 'Measures', '', '', '', '{}', '', now(), now(),
    now(), true
FROM directory_company c WHERE NOT EXISTS (SELECT 1 FROM showroom_shop WHERE company_id = c.id)
ORDER BY id DESC LIMIT %(shops)s
"""
_MADE = """
WITH made AS (
    SELECT %(last)s + n AS id, h,
        (%(words)s::text[])[1 + floor(5000 * power((h %% 100003) / 100003.0, 3))::int] AS word,
        CASE WHEN h %% 20 = 0 THEN 92 WHEN h %% 20 < 6 THEN 75 ELSE 40 + h %% 30 END AS quality,
        now() - n * interval '2 minutes' AS at
    FROM (SELECT n, abs(hashint8(n)::bigint) AS h FROM generate_series(1, %(missing)s) n) numbered
), sheet AS (
    SELECT p.*, row_number() OVER (ORDER BY p.id) - 1 AS place FROM showroom_product p
    JOIN showroom_shop s ON s.id = shop_id WHERE p.state = 'published' AND s.state = 'online'
        AND slug NOT LIKE 'measured-%%'
), shelf AS (
    SELECT s.id, region_id, row_number() OVER (ORDER BY s.id) - 1 AS place FROM showroom_shop s
    JOIN directory_company c ON c.id = company_id WHERE slug LIKE 'measured-%%'
), twin AS (
    SELECT made.*, shelf.id AS on_shelf, coalesce(region_id, '') AS region, sheet.id AS copied
    FROM made JOIN sheet ON sheet.place = h / 31 %% (SELECT count(*) FROM sheet)
    JOIN shelf ON shelf.place = made.id %% (SELECT count(*) FROM shelf)
)
"""
_PRODUCTS = """
INSERT INTO showroom_product (id, created_at, changed_at, kind, state, name_fr, name_en, summary_fr, summary_en,
    description_fr, description_en, translation_fr, translation_en, attributes, condition, manufacture_year,
    operating_hours, price, sale_unit, minimum_order, incoterm, lead_time_days, available_in, quality, submitted_at,
    published_at, is_demo, customs_code_id, vertical_id, shop_id)
SELECT twin.id, at, at, kind, 'published', left(name_fr, 90) || ' ' || initcap(word) || ' ' || twin.id,
    left(name_en, 90) || ' ' || initcap(word) || ' ' || twin.id, summary_fr, summary_en, description_fr, description_en,
    translation_fr, translation_en, attributes, condition, manufacture_year, operating_hours, 100 + h %% 90000,
    sale_unit, minimum_order, incoterm, lead_time_days, available_in, twin.quality, at, at, true, customs_code_id,
    vertical_id, on_shelf
FROM twin JOIN sheet ON sheet.id = copied
"""
_PICTURES = """
INSERT INTO showroom_picture (product_id, file, thumbnail, alt_fr, alt_en, width, height, position)
SELECT twin.id, file, thumbnail, alt_fr, alt_en, width, height, position
FROM twin JOIN showroom_picture p ON p.product_id = copied
"""
_ENTRIES = """
INSERT INTO showroom_searchentry (tier, kind, subject_id, shop_id, quality, verticals, conditions, certifications,
    region_id, price, published_at, document, words)
SELECT CASE WHEN twin.quality >= 90 THEN 1 WHEN twin.quality >= 70 THEN 2 ELSE 3 END, kind, twin.id, on_shelf,
    twin.quality, verticals, conditions, certifications, region, 100 + h %% 90000, at,
    document || setweight(to_tsvector('simple', word || ' ' || twin.id), 'A'), words || word || twin.id::text
FROM twin JOIN showroom_searchentry e ON e.subject_id = copied AND e.kind <> 'company'
"""
_VOCABULARY = """
INSERT INTO showroom_searchword (word, entries)
SELECT word, count(*) FROM showroom_searchentry, unnest(words) AS word GROUP BY word
"""


@transaction.atomic
def make_products(size: int) -> None:
    """Add shops and products on show until there are `size` products. Needs the demonstration's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM showroom_product")
        known, last = cursor.fetchone()
        missing = size - known
        if missing <= 0:
            return
        values = {"missing": missing, "last": last, "words": WORDS, "shops": -(-missing // PER_SHOP)}
        cursor.execute(_SHOPS, values)
        for statement in (_PRODUCTS, _PICTURES, _ENTRIES):
            cursor.execute(_MADE + statement, values)
        cursor.execute("TRUNCATE showroom_searchword")
        cursor.execute(_VOCABULARY)
        cursor.execute("SELECT setval(pg_get_serial_sequence('showroom_product', 'id'), max(id)) FROM showroom_product")
