"""`pavillon bench-data`: a country of invented companies in the base, for measuring at full size.

Official files first, taken in by the product's own import; then companies, people, requests and exchanges, poured in
with COPY. The same seed and sizes give the same rows. What stands already is not made again.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from bench._invented import PIECE, Size, Town, make_firms, office_lines, unit_line
from bench._loading import bare_tables, pour
from bench._log_lines import fill
from bench._rows import COLUMNS, Country, Rows, make_rows
from launch.bench import INVENTED_SEED, data_options
from launch.preparation import read_mark, write_mark
from launch.progress import say, step
from pavillon.core.encryption import cipher

SEED = INVENTED_SEED
MARK = "bench data"
ADVISERS = 10


def load(size: Size, *, seed: int = SEED, forms: bool = False) -> None:
    """Bring the base to `size`. `forms`: also write the zipped and the Parquet forms of the register's files."""
    from pavillon.directory.actions.register import import_register
    from pavillon.workspace.actions import refresh_words

    wanted = json.dumps({"seed": seed, **vars(size)})
    if read_mark(MARK) == wanted:
        say("The invented country stands already.")
        return
    if read_mark(MARK):
        raise SystemExit(f"This database holds another invented country ({read_mark(MARK)}): take an empty one.")
    files = write_files(size, seed, forms=forms)
    with step("Taking the register in"):
        import_register(list(files), synthetic=True)
    # The first use of the keys of a base makes them: the processes could not, while the tables are taken apart here.
    cipher().blind_index(b"", "bench")
    with transaction.atomic(), connection.cursor() as cursor:
        country = _country(cursor)
        with step("Companies, people, requests, exchanges"):
            with bare_tables(cursor, list(COLUMNS)):
                for rows in in_pieces(_rows_of, size, seed, country):
                    for table, lines in rows.items():
                        pour(cursor, table, COLUMNS[table], lines)
                say("  indexes")
            for table in COLUMNS:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])
        with step("Words of all names, as every night"):
            refresh_words()
        write_mark(MARK, wanted)
    with step("Statistics"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_files(size: Size, seed: int = SEED, *, forms: bool = False) -> tuple[Path, Path]:
    """The two official files of the country, in the data folder. Returns their paths."""
    folder = Path(settings.DATA) / "bench-data"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{seed}-{size.companies}_synthetic"
    paths = folder / f"StockUniteLegale-{name}.csv", folder / f"StockEtablissement-{name}.csv"
    if not all(path.exists() for path in paths):
        with step(f"Writing the register's files of {size.companies:,} companies"):
            _write_files(paths, size, seed)
    if forms:
        with step("Their zipped and Parquet forms"):
            for path in paths:
                _write_forms(path)
    return paths


def _write_files(paths: tuple[Path, Path], size: Size, seed: int) -> None:
    from pavillon.directory.synthetic import OFFICE_HEADER, UNIT_HEADER

    # Named only when they are whole: an interrupted run writes them again.
    drafts = [path.with_suffix(".part") for path in paths]
    with drafts[0].open("w", encoding="utf-8") as units, drafts[1].open("w", encoding="utf-8") as offices:
        units.write(",".join(UNIT_HEADER) + "\n")
        offices.write(",".join(OFFICE_HEADER) + "\n")
        for unit_text, office_text in in_pieces(_lines_of, size, seed, None):
            units.write(unit_text)
            offices.write(office_text)
    for draft, path in zip(drafts, paths, strict=True):
        draft.rename(path)


def _write_forms(path: Path) -> None:
    import zipfile

    zipped = path.with_name(f"{path.stem}.zip")
    if not zipped.exists():
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(path, path.name)


def in_pieces(make: Callable[..., Any], size: Size, seed: int, country: Country | None) -> Iterator[Any]:
    """The pieces in their order, made by as many processes as there are cores; never more than a few in memory."""
    # A process of its own each, not a copy of this one: connections and threads are not shared.
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=_wake, initargs=(towns(),)
    ) as pool:
        waiting: list[Future[Any]] = []
        for piece in range(-(-size.companies // PIECE)):
            waiting.append(pool.submit(make, piece, size, seed, country))
            if len(waiting) > (os.cpu_count() or 1) + 1:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


_towns: list[Town] = []
_ends: list[int] = []


def _wake(known: list[Town]) -> None:
    import django

    django.setup()
    _towns[:] = known
    _ends[:] = accumulate(town.population for town in known)


def _lines_of(piece: int, size: Size, seed: int, country: None) -> tuple[str, str]:
    firms = list(make_firms(piece, size, _towns, _ends, seed))
    units = "".join(f"{unit_line(firm)}\n" for firm in firms)
    return units, "".join(f"{text}\n" for firm in firms for text in office_lines(firm))


def _rows_of(piece: int, size: Size, seed: int, country: Country) -> Rows:
    return dict(make_rows(list(make_firms(piece, size, _towns, _ends, seed)), size, country, seed))


def towns() -> list[Town]:
    from pavillon.reference.models import Commune

    rows = Commune.objects.filter(population__gt=0).exclude(postal_codes=[]).order_by("code")
    return [Town(row.code, row.name, row.postal_codes[0], row.population or 0, row.region_id) for row in rows]


def _country(cursor: Any) -> Country:
    from pavillon.reference.models import Activity, Sector

    return Country(
        company=_next(cursor, "directory_company"),
        contact=_next(cursor, "directory_contact"),
        lead=_next(cursor, "crm_lead"),
        seats=_seats(),
        activities=dict(Activity.objects.filter(revision=2).values_list("code", "pk")),
        sectors=tuple(Sector.objects.values_list("pk", flat=True)),
    )


def _next(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")
    return int(cursor.fetchone()[0])


def _seats() -> dict[str, list[tuple[int, int]]]:
    """Ten advisers for each region, in two organisations; those of the capital's region stand in elsewhere."""
    from pavillon.accounts.enums import Kind, Level, Role
    from pavillon.accounts.models import Membership, Organisation, User
    from pavillon.reference.models import Country as Land
    from pavillon.reference.models import Region

    seats: dict[str, list[tuple[int, int]]] = {}
    password = make_password(None)
    for region in Region.objects.exclude(zone="com").order_by("code"):
        places = [
            Organisation.objects.create(
                name=f"{title} {region.name_fr} (mesures)", kind=kind, level=Level.REGIONAL, region=region,
                country=Land.objects.get(pk="FR"),
            )
            for title, kind in (("Agence", Kind.AGENCY), ("Chambre", Kind.CHAMBER))
        ]  # fmt: skip
        people = User.objects.bulk_create(
            User(
                email=f"conseil-{region.code}-{n}@mesures.example",
                first_name="Conseil",
                last_name=f"{region.code}-{n:02d}",
                password=password,
            )
            for n in range(ADVISERS)
        )
        Membership.objects.bulk_create(
            Membership(
                user=person, organisation=places[n % 2], role=Role.ADVISER, is_default=True, starts_on="2020-01-01"
            )
            for n, person in enumerate(people)
        )
        seats[region.code] = [(person.pk, places[n % 2].pk) for n, person in enumerate(people)]
    seats[""] = seats["11"]
    return seats


def main(words: list[str]) -> int:
    """What the sub-command runs, inside Django."""
    options = data_options()
    chosen = options.parse_args(words)
    leads = chosen.companies // 5 if chosen.leads is None else chosen.leads
    start = time.monotonic()
    load(Size(chosen.companies, chosen.contacts, chosen.interactions, leads), seed=chosen.seed, forms=chosen.forms)
    if chosen.log_lines:
        fill(chosen.log_lines)
    say(f"Done in {time.monotonic() - start:.0f} s.")
    return 0
