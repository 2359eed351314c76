"""Legal units of the register by their name, for who has no number at hand."""

from django.db.models import Q

from pavillon.directory.models import RegisterName, RegisterUnit
from pavillon.directory.names import begins, match_name, plain
from pavillon.directory.queries.register import put_head_offices
from pavillon.reference.models import Commune

SHORTEST = 3
# As many are looked at for the town, whatever the name: the cost of an answer does not grow with the register.
LOOKED_AT = 200


def units_named(name: str, *, town: str = "", limit: int = 6) -> list[RegisterUnit]:
    """Active legal persons whose name or trade name begins so, the same name first, in that town when it is told.

    `town` is a name or a postal code. Seven short statements at most. Names are not corrected here as in the shared
    base: over thirty million rows only the beginning of a name is found at once.
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
    units = RegisterUnit.objects.in_bulk([f"{number:09d}" for number in numbers])
    found = [units[siren] for number in numbers if (siren := f"{number:09d}") in units]
    near = [unit for unit in found if unit.is_active and unit.shows_its_name]
    put_head_offices(near)
    return _in_town(near, town.strip())[:limit] if town.strip() else near[:limit]


def _in_town(units: list[RegisterUnit], town: str) -> list[RegisterUnit]:
    communes = Commune.objects.in_bulk({unit.commune_code for unit in units})
    named = plain(town.partition("(")[0])

    def is_there(unit: RegisterUnit) -> bool:
        place = communes.get(unit.commune_code)
        if town.isdecimal():
            return unit.postal_code.startswith(town) or (place is not None and town in place.postal_codes)
        return place is not None and plain(place.name) == named

    return [unit for unit in units if is_there(unit)]
