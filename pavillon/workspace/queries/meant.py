"""Words as they were probably meant: the nearest ones of the vocabulary of names."""

from collections.abc import Mapping, Sequence

from django.db import connection

# A word that the vocabulary has, or begins one of it, stands as it is; for others the nearest by its trigrams.
_MEANT = """
SELECT asked.kind, CASE WHEN known.word IS NULL THEN near.word ELSE asked.word END
FROM unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS asked (kind, word, beyond, place)
LEFT JOIN LATERAL (
    SELECT word FROM workspace_searchword
    WHERE kind = asked.kind AND word >= asked.word AND word < asked.beyond LIMIT 1
) AS known ON true
LEFT JOIN LATERAL (
    SELECT word FROM workspace_searchword WHERE known.word IS NULL AND kind = asked.kind AND word %% asked.word
    ORDER BY similarity(word, asked.word) DESC, word LIMIT 1
) AS near ON true
ORDER BY asked.place
"""
# Words after the fourth are not corrected, and not looked for.
MOST_WORDS = 4


def meant(asked: Mapping[str, Sequence[str]]) -> dict[str, list[str | None]]:
    """{kind of the vocabulary: words as typed} -> the words as they were meant; None for one that is like nothing.

    One statement, whatever is asked.
    """
    flat = [(kind, word) for kind, words in asked.items() for word in words[:MOST_WORDS]]
    found: dict[str, list[str | None]] = {kind: [] for kind in asked}
    kinds, words = [kind for kind, _word in flat], [word for _kind, word in flat]
    with connection.cursor() as cursor:
        cursor.execute(_MEANT, [kinds, words, [word[:-1] + chr(ord(word[-1]) + 1) for word in words]])
        for kind, word in cursor.fetchall():
            found[kind].append(word)
    return found
