"""The second wall: the same questions with row-level security and without, in turns (make bench-data)"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from bench._figures import milliseconds
from bench.lists import reader, shown, timed
from launch.bench import NothingPoured, Row

ROUNDS = 40
_WALLED = "SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname"
_BYPASSED = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"


def _without(act: Callable[[], Any], rounds: int) -> list[float]:
    """The same while no table has a wall: in a transaction that is rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WALLED)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        found = timed(act, rounds)
        transaction.set_rollback(True)
    return found


def _with(act: Callable[[], Any], rounds: int) -> list[float]:
    with transaction.atomic():
        return timed(act, rounds)


def run() -> list[Row]:
    from pavillon.accounts.queries import sight_of
    from pavillon.core import wall
    from pavillon.crm.models import Interaction, Lead
    from pavillon.crm.queries.timeline import timeline_of
    from pavillon.directory.models import Company

    with connection.cursor() as cursor:
        cursor.execute(_BYPASSED)
        if cursor.fetchone()[0] or not Interaction.objects.exists():
            # A role that bypasses row security has no wall to measure.
            raise NothingPoured
    user = reader()
    place = sight_of(user)
    company = Interaction.objects.filter(organisation=user.organisation).order_by("pk")[1000:1001].get().company
    seen = Interaction.objects.visible_to(user)
    requests = Lead.objects.visible_to(user)
    acts: dict[str, Callable[[], Any]] = {
        "Exchanges of a company": lambda: timeline_of(company, user),
        "All exchanges that one sees, counted": lambda: seen.count(),
        "The newest 50 exchanges that one sees": lambda: list(seen.order_by("-happened_at", "-pk")[:50]),
        "All requests that one sees, counted": lambda: requests.count(),
        "The newest 50 requests that one sees": lambda: list(requests.order_by("-received_at", "-pk")[:50]),
        "Requests by a word": lambda: list(requests.with_words(["DISTRIBUTEUR"]).order_by()[:50]),
        "Companies, no filter, first page": lambda: shown(user, ""),
        "Companies, two exchanges within ninety days": lambda: shown(user, "exchanges.did=least:2;days:90"),
    }
    rows = []
    for what, act in acts.items():
        after: list[float] = []
        before: list[float] = []
        with wall.standing_as(place):
            for _turn in range(4):
                after += _with(act, ROUNDS // 4)
                before += _without(act, ROUNDS // 4)
        note = f"{Company.objects.count():,} companies, {Interaction.objects.count():,} exchanges"
        rows.append(milliseconds(what, after, before, note=f"limit: without the wall; {note}"))
    return rows
