"""The words of requests in pieces: what finds a request behind its wall (decision 0045)."""

from collections.abc import Sequence
from itertools import accumulate

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from pavillon.core.postgresql.kept import Kept

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
            Kept(
                "SELECT coalesce(array_agg(number), '{}') FROM (SELECT number FROM crm_leadwords"
                " WHERE pieces @> crm_pieces(%s) LIMIT %s) AS found"
            ),
            [" ".join(words), NEAR_AT_MOST + 1],
        )
        found: list[int] = cursor.fetchone()[0]
    return found if len(found) <= NEAR_AT_MOST else None


def newest_near(words: Sequence[str], *many: int) -> list[str] | None:
    """As `near`, in parts, the highest numbers first: as many as each part says, and then the others. Each is an array
    as `ui.keyset.among` takes it; those that hold none are left out."""
    if not any(len(word) >= PIECE for word in words):
        return None
    ends = list(accumulate(many))
    parts = [f"numbers[{begin + 1}:{end}]::text" for begin, end in zip([0, *ends], [*ends, ""], strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            Kept(
                f"SELECT coalesce(cardinality(numbers), 0), {', '.join(parts)} FROM ("  # noqa: S608  whole numbers
                "SELECT array_agg(number ORDER BY number DESC) AS numbers FROM (SELECT number FROM crm_leadwords"
                " WHERE pieces @> crm_pieces(%s) LIMIT %s) AS held) AS found"
            ),
            [" ".join(words), NEAR_AT_MOST + 1],
        )
        total, *found = cursor.fetchone()
    return [part for part in found if part not in (None, "{}")] if total <= NEAR_AT_MOST else None
