"""The words of requests in pieces: what finds a request behind its wall (decision 0045)."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

# So many are named one by one; of more, whoever reads a page meets enough on his way.
NEAR_AT_MOST = 10_000
PIECE = 3


class LeadWords(models.Model):
    """The pieces of three characters of a request's `search_text`, as numbers without order.

    PostgreSQL takes no index for `LIKE` behind a policy. This table stands before the wall: it tells which requests
    may hold some words, and the request itself, behind its wall, whether it does and who may read it. Kept by the
    database (triggers of the migration); emptied with the words. A plain number, not a relation: it is derived.
    """

    number = models.BigIntegerField(primary_key=True)
    pieces = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = _("words of a request, in pieces")
        indexes = [GinIndex(fields=["pieces"], name="lead_words_pieces")]

    def __str__(self):
        return str(self.number)


class Like(Func):
    """text LIKE pattern, the pattern a parameter of its own."""

    template, arg_joiner, output_field = "%(expressions)s", " LIKE ", models.BooleanField()


def patterns_of(words: Sequence[str]) -> list[str]:
    """What is like each text that holds the word."""
    return [f"%{connection.ops.prep_for_like_query(word)}%" for word in words]


def near(words: Sequence[str]) -> list[int] | None:
    """The requests that may hold all these words; None when they are too many, or the words too short, to tell."""
    if not any(len(word) >= PIECE for word in words):
        return None
    # One array instead of a row each.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(array_agg(number), '{}') FROM (SELECT number FROM crm_leadwords"
            " WHERE pieces @> crm_pieces(%s) LIMIT %s) AS found",
            [" ".join(words), NEAR_AT_MOST + 1],
        )
        found: list[int] = cursor.fetchone()[0]
    return found if len(found) <= NEAR_AT_MOST else None
