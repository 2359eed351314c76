"""What a record was: the numbers of those merged into it, names that it bore."""

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from pavillon.directory.models import Company, Contact, FormerName
from pavillon.directory.names import has_words, plain


def former_numbers(record: Company | Contact) -> list[int]:
    """The number of a record and of all that were merged into it, at any remove: for what stays in the logs."""
    table = record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE same(id) AS (SELECT %s::bigint UNION SELECT t.id FROM {table} t"  # noqa: S608
            " JOIN same ON t.merged_into_id = same.id) SELECT id FROM same ORDER BY id",
            [record.pk],
        )
        return [pk for (pk,) in cursor.fetchall()]


def former_companies(text: str, *, limit: int = 20) -> dict[int, str]:
    """{company: why} for whoever remembers what it was: a former name, a name, SIREN or number of a record merged away.

    Keys only: whoever shows them asks `visible_to`. At most five short statements.
    """
    found: dict[int, str] = {}
    merged = Company.objects.filter(merged_into__isnull=False).order_by()
    number = "".join(text.split())
    if number.isdecimal():
        wanted = Q(siren__startswith=number[:9]) if len(number) >= 3 else Q(pk__in=())
        wanted |= Q(pk=int(number)) if len(number) < 12 else Q()
        for row in merged.filter(wanted)[:limit]:
            told = _("merged: SIREN %(siren)s") % {"siren": row.siren} if row.siren else ""
            is_key = str(row.pk) == number
            found[row.pk] = _("merged: number %(number)s") % {"number": row.pk} if is_key else told
    words = plain(text).split()
    if words and not number.isdecimal() and len(number) >= 3:
        for former in FormerName.objects.filter(has_words("match_name", words)).order_by()[:limit]:
            found[former.company_id] = _("formerly “%(name)s”") % {"name": former.name}
        for row in merged.filter(has_words("match_name", words))[:limit]:
            found[row.pk] = _("merged: “%(name)s”") % {"name": row.name}
    return _where_they_stand(found)


def _where_they_stand(told: dict[int, str]) -> dict[int, str]:
    """The same words under the keys of the records that stand, at any remove; a statement a remove, six at most."""
    standing: dict[int, str] = {}
    for _remove in range(6):
        if not told:
            break
        ways = dict(Company.objects.filter(pk__in=told).values_list("pk", "merged_into"))
        standing |= {pk: told[pk] for pk, into in ways.items() if into is None}
        told = {into: told[pk] for pk, into in ways.items() if into is not None}
    return standing
