"""Names of the register that can be searched: they follow each import, beside it, a batch and its commit at a time."""

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone

from pavillon.directory.enums import RegisterFileKind, RunState
from pavillon.directory.models import RegisterRun, RegisterUnit
from pavillon.directory.names import match_name

BATCH = 20_000

_KEEP = """
INSERT INTO directory_registername (number, name_key, trade_key)
SELECT * FROM unnest(%s::int[], %s::text[], %s::text[])
ON CONFLICT (number) DO UPDATE SET name_key = EXCLUDED.name_key, trade_key = EXCLUDED.trade_key
WHERE (directory_registername.name_key, directory_registername.trade_key) <> (EXCLUDED.name_key, EXCLUDED.trade_key)
"""
_DROP = "DELETE FROM directory_registername WHERE number = ANY(%s)"


def index_register_names() -> int:
    """Follow the imports of legal units that are done and were not followed; returns how many rows were looked at.

    Only rows that those runs wrote: an unchanged file costs one short question. Killed, it begins again at its runs;
    the same rows give the same names. Not in the trail: it derives from the register, whose runs are.
    """
    runs = list(
        RegisterRun.objects.filter(kind=RegisterFileKind.UNITS, state=RunState.DONE, named_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    looked = 0
    if runs:
        last = ""
        while units := _batch(runs, last):
            _keep_names(units)
            last, looked = units[-1].siren, looked + len(units)
        RegisterRun.objects.filter(pk__in=runs).update(named_at=timezone.now())
    return looked


def _batch(runs: Sequence[int], after: str) -> list[RegisterUnit]:
    columns = ("legal_name", "trade_name", "legal_category_code", "diffusion", "is_active")
    rows = RegisterUnit.objects.filter(run__in=runs, siren__gt=after).order_by("siren").only("siren", *columns)
    return list(rows[:BATCH])


@transaction.atomic
def _keep_names(units: Sequence[RegisterUnit]) -> None:
    found = [unit for unit in units if _is_found_by_name(unit)]
    kept = {int(unit.siren): (match_name(unit.legal_name), match_name(unit.trade_name)) for unit in found}
    kept = {number: names for number, names in kept.items() if any(names)}
    gone = [number for unit in units if (number := int(unit.siren)) not in kept]
    with connection.cursor() as cursor:
        if kept:
            names, trades = zip(*kept.values(), strict=True)
            cursor.execute(_KEEP, [list(kept), list(names), list(trades)])
        if gone:
            cursor.execute(_DROP, [gone])


def _is_found_by_name(unit: RegisterUnit) -> bool:
    """Legal persons that are active. The name of a person in business is personal: who bears it knows the SIREN."""
    return unit.is_active and unit.shows_its_name and unit.legal_category_code[:1] not in ("", "1")
