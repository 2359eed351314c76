"""The search of the showroom, behind one function: `search_products`.

How it works, and why in PostgreSQL: docs/decisions/0011-showroom-search.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from pavillon.showroom.words import telling_words, typing_distance

# Counts are exact up to here; beyond, "10,000+".
CAP = 10_000
# Only the best candidates are ranked by how well their words match.
RANKED = 1_000
EXPANSIONS = 8
KINDS = ("company", "product", "service")
SORTS = {
    "relevance": "rank DESC, tier, quality DESC, subject_id",
    "newest": "published_at DESC, subject_id",
    "price": "price ASC NULLS LAST, tier, quality DESC, subject_id",
}


@dataclass(frozen=True)
class Word:
    """A word of the search as it was understood: what else counts as this word, and the word meant instead."""

    written: str
    alternatives: tuple[str, ...]
    correction: str = ""


@dataclass(frozen=True)
class Hits:
    """One page of answers.

    `found` holds (kind, number) of products, services or shops in order; `total` how many there are, at most CAP
    (`is_capped` says that there are more). `facets` is {facet: {value: how many}}, each counted as if its own
    choices were not made; "kind" gives the three tabs.
    """

    found: list[tuple[str, int]]
    total: int
    is_capped: bool
    facets: dict[str, dict[str, int]]
    words: list[Word] = field(default_factory=list)

    @property
    def corrected(self) -> list[Word]:
        return [word for word in self.words if word.correction]


def search_products(
    text: str = "",
    *,
    kind: str = "product",
    verticals: Sequence[str] = (),
    sectors: Sequence[str] = (),
    regions: Sequence[str] = (),
    conditions: Sequence[str] = (),
    certifications: Sequence[str] = (),
    shop_id: int | None = None,
    sort: str = "relevance",
    page: int = 1,
    per_page: int = 24,
) -> Hits:
    """What is on show and matches: words in French or English, accents or not, typing errors, beginnings of words.

    `kind` is product, service or company. Lists are alternatives within a facet; facets narrow each other.
    Costs one SQL statement without words, three with, four when one is misspelt.
    """
    words = understand(text)
    query, query_values = _tsquery(words)
    filters: dict[str, tuple[str, list[Any]]] = {"kind": ("kind = %s", [kind])}
    if query:
        filters["text"] = (f"document @@ ({query})", query_values)
    if shop_id is not None:
        filters["shop"] = ("shop_id = %s", [shop_id])
    if verticals:
        filters["vertical"] = ("verticals && %s::varchar[]", [list(verticals)])
    if sectors:
        filters["sector"] = (
            "verticals && ARRAY(SELECT vertical_id FROM reference_vertical_sectors"
            " WHERE sector_id = ANY(%s))::varchar[]",
            [list(sectors)],
        )
    if regions:
        filters["region"] = ("region_id = ANY(%s)", [list(regions)])
    if conditions:
        filters["condition"] = ("conditions && %s::varchar[]", [list(conditions)])
    if certifications:
        filters["certification"] = ("certifications && %s::varchar[]", [list(certifications)])
    return _answer(filters, query, query_values, words, SORTS.get(sort, SORTS["relevance"]), page, per_page)


_COUNTS = {
    "kind": "SELECT kind AS value FROM {source}",
    "vertical": "SELECT unnest(verticals) AS value FROM {source}",
    "sector": "SELECT DISTINCT ON (place, sector_id) sector_id AS value FROM {source}, unnest(verticals) AS v"
    " JOIN reference_vertical_sectors ON vertical_id = v",
    "region": "SELECT region_id AS value FROM {source}",
    "condition": "SELECT unnest(conditions) AS value FROM {source}",
    "certification": "SELECT unnest(certifications) AS value FROM {source}",
}


# For a frequent word the planner prefers to read every document, and does not reckon what unpacking them costs: the
# index of words answers three times faster.
_BY_WORDS = "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off"


def _answer(
    filters: dict[str, tuple[str, list[Any]]],
    query: str,
    query_values: list[Any],
    words: list[Word],
    order: str,
    page: int,
    per_page: int,
) -> Hits:
    """One statement: candidates, the same without each facet's own choices, counts, and one page of the best."""
    parts, values = [], []
    rank = (
        f"CASE WHEN row_number() OVER () <= {RANKED} THEN ts_rank(document, {query}) * (1 + quality / 200.0) ELSE 0 END"
    )

    def candidates(name: str, besides: str = "", *, ranked: bool = False) -> None:
        kept = [clause for facet, clause in filters.items() if facet != besides]
        where = " AND ".join(clause for clause, _ in kept) or "TRUE"
        if ranked and query:
            values.extend(query_values)
        values.extend(value for _, given in kept for value in given)
        parts.append(
            f"{name} AS MATERIALIZED (SELECT tier, kind, subject_id, quality, verticals, conditions, certifications,"  # noqa: S608
            f" region_id, price, published_at, row_number() OVER () AS place,"
            f" {rank if ranked and query else '0'} AS rank"
            f" FROM (SELECT * FROM showroom_searchentry WHERE {where} LIMIT {CAP + 1}) best)"
        )

    candidates("base", ranked=True)
    sources = {}
    for facet in _COUNTS:
        sources[facet] = "base"
        if facet in filters:
            sources[facet] = f"without_{facet}"
            candidates(sources[facet], besides=facet)
    counts = " UNION ALL ".join(
        f"SELECT '{facet}', value, count(*) FROM ({select.format(source=sources[facet])}) AS counted GROUP BY value"  # noqa: S608
        for facet, select in _COUNTS.items()
    )
    # Every name that is put into the statement is one of this file's; what people write are parameters.
    sql = (
        f"WITH {', '.join(parts)}, page AS (SELECT kind, subject_id FROM base ORDER BY {order} LIMIT %s OFFSET %s)"  # noqa: S608
        f" SELECT 'total', '', (SELECT count(*) FROM base) UNION ALL {counts}"
        " UNION ALL SELECT 'hit', kind, subject_id FROM page"
    )
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if query:
            cursor.execute(_BY_WORDS)
        cursor.execute(sql, [*values, per_page, max(0, min(page - 1, CAP // per_page)) * per_page])
        rows = cursor.fetchall()
    facets: dict[str, dict[str, int]] = {facet: {} for facet in _COUNTS}
    found: list[tuple[str, int]] = []
    total = 0
    for what, value, number in rows:
        if what == "total":
            total = number
        elif what == "hit":
            found.append((value, number))
        elif value:
            facets[what][value] = number
    return Hits(found, min(total, CAP), total > CAP, facets, words)


def understand(text: str) -> list[Word]:
    """The telling words of a search: each with itself and the eight most frequent words that it begins.

    A word that begins none is replaced by the words meant. People shorten any word, not only the one being typed.
    """
    written = telling_words(text)
    if not written:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT asked, EXISTS (SELECT 1 FROM showroom_searchword WHERE word = asked),
                ARRAY(SELECT word FROM showroom_searchword WHERE word ~>=~ asked AND word ~<~ (asked || chr(1114111))
                      ORDER BY entries DESC, word LIMIT {EXPANSIONS})
            FROM unnest(%s::text[]) AS asked
            """,  # noqa: S608 - a constant of this file
            [written],
        )
        known = {asked: (exact, begun) for asked, exact, begun in cursor.fetchall()}
    words = []
    for word in written:
        exact, begun = known[word]
        if exact or begun:
            words.append(Word(word, tuple(dict.fromkeys([*([word] if exact else []), *begun]))))
        else:
            meant = _meant(word)
            words.append(Word(word, tuple(meant) or (word,), meant[0] if meant else ""))
    return words


def _meant(word: str) -> list[str]:
    """Up to three known words within reach of a typing error, nearest and most frequent first."""
    if len(word) < 3 or word.isdigit():
        return []
    reach = 1 if len(word) < 5 else 2
    with connection.cursor() as cursor:
        # Likeness by trigrams misses short words with two letters swapped: same first letter and length help.
        cursor.execute(
            """
            (SELECT word, entries FROM showroom_searchword ORDER BY word <-> %(word)s LIMIT 40)
            UNION
            (SELECT word, entries FROM showroom_searchword
             WHERE word ~>=~ %(first)s AND word ~<~ (%(first)s || chr(1114111))
               AND length(word) BETWEEN %(length)s - 1 AND %(length)s + 1
               AND levenshtein_less_equal(word, %(word)s, 2) <= 2
             ORDER BY entries DESC LIMIT 40)
            """,
            {"word": word, "first": word[0], "length": len(word)},
        )
        near = [(typing_distance(word, known), -entries, known) for known, entries in cursor.fetchall()]
    near = sorted(candidate for candidate in near if candidate[0] <= reach)
    return [known for distance, _entries, known in near if distance == near[0][0]][:3]


def _tsquery(words: list[Word]) -> tuple[str, list[Any]]:
    """The text search query: every word in one of its forms, by itself or by its stem in either language."""
    clauses, values = [], []
    for word in words:
        # Words are letters and digits only (`words.plain`), so they cannot carry operators of the query language.
        either = " | ".join(word.alternatives)
        clauses.append("(to_tsquery('simple', %s) || to_tsquery('english', %s) || to_tsquery('french', %s))")
        values += [either] * 3
    return " && ".join(clauses), values
