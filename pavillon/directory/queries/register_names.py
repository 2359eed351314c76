"""Legal units of the register by their name, for who has no number at hand."""

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import QueryCanceled

from pavillon.directory.models import RegisterName, RegisterUnit
from pavillon.directory.names import begins, match_name, plain
from pavillon.directory.queries.register import put_head_offices
from pavillon.reference.models import Commune

SHORTEST = 3
# As many are looked at for the town, whatever the name: the cost of an answer does not grow with the register.
LOOKED_AT = 200
# How alike a misspelt name must be, and how long its search may take (milliseconds): over the whole of France common
# words could take longer, and then nothing is proposed.
ALIKE, PATIENCE = 0.45, 500


def units_named(name: str, *, town: str = "", limit: int = 6) -> list[RegisterUnit]:
    """Active legal persons whose name or trade name begins so, the same name first, in that town when it is told.

    When none does there, the names that are spelt nearly so, the nearest first. `town` is a name or a postal code.
    Thirteen short statements at most.
    """
    wanted = match_name(name)
    if len(wanted) < SHORTEST:
        return []
    numbers: list[int] = []
    same = (Q(name_key=wanted), Q(trade_key=wanted))
    for rule in (*same, begins("name_key", wanted), begins("trade_key", wanted)):
        room = LOOKED_AT - len(numbers)
        if room > 0:
            rows = RegisterName.objects.filter(rule).exclude(pk__in=numbers).order_by()
            numbers += rows.values_list("number", flat=True)[:room]
    return _shown(numbers, town)[:limit] or _shown(_spelt_nearly(wanted), town)[:limit]


def _spelt_nearly(wanted: str) -> list[int]:
    """Numbers of the units whose names are alike, the nearest first; none when there is no time to look."""
    told = ("pg_trgm.similarity_threshold", str(ALIKE)), ("statement_timeout", str(PATIENCE))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join("current_setting(%s)" for _pair in told), [name for name, _value in told]
            )
            before = cursor.fetchone()
            for name, value in told:
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            cursor.execute(
                "SELECT number FROM directory_registername WHERE name_key %% %s"
                " ORDER BY similarity(name_key, %s) DESC, number LIMIT %s",
                [wanted, wanted, LOOKED_AT],
            )
            found = [number for (number,) in cursor.fetchall()]
            for (name, _value), value in zip(told, before, strict=True):
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return []
    return found


def _shown(numbers: list[int], town: str) -> list[RegisterUnit]:
    """Those that are active and show their name, with their head offices, in that town when it is told."""
    units = RegisterUnit.objects.in_bulk([f"{number:09d}" for number in numbers])
    found = [units[siren] for number in numbers if (siren := f"{number:09d}") in units]
    near = [unit for unit in found if unit.is_active and unit.shows_its_name]
    put_head_offices(near)
    return _in_town(near, town.strip()) if town.strip() else near


def _in_town(units: list[RegisterUnit], town: str) -> list[RegisterUnit]:
    communes = Commune.objects.in_bulk({unit.commune_code for unit in units})
    named = plain(town.partition("(")[0])

    def is_there(unit: RegisterUnit) -> bool:
        place = communes.get(unit.commune_code)
        if town.isdecimal():
            return unit.postal_code.startswith(town) or (place is not None and town in place.postal_codes)
        return place is not None and plain(place.name) == named

    return [unit for unit in units if is_there(unit)]
