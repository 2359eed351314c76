"""The register taken in, against a bare COPY of the same file in the same run"""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench._data import write_files
from bench._invented import Size, siren_of
from launch.bench import Row
from pavillon.directory.actions import built_in_source
from pavillon.directory.actions.register import import_register
from pavillon.directory.actions.register_following import follow_register
from pavillon.directory.actions.register_progress import Progress, silent
from pavillon.directory.enums import RegisterFileKind, SourceKind
from pavillon.directory.models import Company, RegisterEstablishment, RegisterRun, RegisterUnit
from pavillon.directory.queries import WrongSiren, find_register_unit
from pavillon.directory.sirene import CHUNK, recognise
from pavillon.directory.sirene_columns import TABLES

SIZE = int(os.environ.get("BENCH_SIZE", "1000000"))
ROUNDS = 2
LOOKUPS = 1000
FOLLOWERS = 2000


def run() -> list[Row]:
    """Both official files: first load, unchanged, one per cent changed, the same file; followers; single numbers."""
    paths = write_files(Size(SIZE, 0, 0, 0))
    rows = []
    for path, what in zip(paths, ("Units", "Establishments"), strict=True):
        rows += _of_one(path, what)
    return [*rows, *_following(), *_lookups()]


def _of_one(path: Path, what: str) -> list[Row]:
    kind = recognise(path).kind
    bare = min(_bare_copy(path) for _ in range(ROUNDS))
    first, lines = min(_first_load(path, kind) for _ in range(ROUNDS))
    same, _ = _timed(lambda: _import(path))
    again = min(_timed(lambda: _import(path, force=True))[0] for _ in range(ROUNDS))
    changed = path.with_name(f"Changed-{path.name}")
    _change_one_per_cent(path, changed)
    one, _ = _timed(lambda: _import(changed))
    last = RegisterRun.objects.order_by("-pk").first()
    assert last is not None
    told = f"{last.changed:,} rows changed, {last.unchanged:,} left alone"
    _write_otherwise(path, changed)
    _import(path)
    other, _ = _timed(lambda: _import(changed))
    changed.unlink()
    limit = lines / bare
    return [
        Row(f"{what}: bare COPY of the file, text columns, no index", limit, "rows/s", note=f"{lines:,} rows"),
        Row(f"{what}: first load, every index at its end", lines / first, "rows/s", limit=limit, least=0.25),
        Row(f"{what}: the same rows again", lines / again, "rows/s", limit=limit, least=1.0),
        Row(
            f"{what}: the same rows, every line written otherwise", lines / other, "rows/s", limit=limit,
            note="nothing can be passed over: all is read, checked, compared",
        ),
        Row(f"{what}: one per cent changed", lines / one, "rows/s", limit=limit, note=told),
        Row(
            f"{what}: the very same file", lines / same, "rows/s", limit=limit, least=1.0,
            note=f"{same * 1000:.0f} ms",
        ),
    ]  # fmt: skip


def _first_load(path: Path, kind: RegisterFileKind) -> tuple[float, int]:
    _empty(kind)
    return _timed(lambda: _import(path))


def _import(path: Path, *, force: bool = False) -> int:
    (run,) = import_register([path], synthetic=True, force=force)
    return run.read


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = do()
    return time.perf_counter() - start, result


def _bare_copy(path: Path) -> float:
    """Seconds for PostgreSQL alone to take the file: a plain table of text columns, one COPY."""
    columns = ", ".join(f'"{name}" text' for name in recognise(path).columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(f"CREATE TABLE bench_bare ({columns})")
        start = time.perf_counter()
        with path.open("rb") as stream, cursor.copy("COPY bench_bare FROM STDIN (FORMAT csv, HEADER true)") as copy:
            while chunk := stream.read(CHUNK):
                copy.write(chunk)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE bench_bare")
    return seconds


def _empty(kind: RegisterFileKind) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {TABLES[kind]}")
        cursor.execute("DELETE FROM reference_dataset WHERE code = %s", [f"sirene-{kind}-synthetic"])


def _change_one_per_cent(path: Path, target: Path) -> None:
    """A file in which a hundredth of the rows, chosen by a digest, has another activity."""
    with path.open("rb") as read, target.open("wb") as written:
        for number, line in enumerate(read):
            chosen = number and hashlib.md5(line, usedforsecurity=False).digest()[0] < 3
            written.write(line.replace(b"Z,NAFRev2", b"X,NAFRev2") if chosen else line)


def _write_otherwise(path: Path, target: Path) -> None:
    """The same rows, each with one more column that nobody uses, as when INSEE adds one."""
    with path.open("rb") as read, target.open("wb") as written:
        for number, line in enumerate(read):
            written.write(line.rstrip(b"\r\n") + (b",\n" if number else b",another\n"))


def _following() -> list[Row]:
    """Companies of the base, none of which says what the register says; nothing is kept."""
    rows = []
    for kind, what in ((RegisterFileKind.UNITS, "new names and sizes"), (RegisterFileKind.OFFICES, "sites, addresses")):
        with transaction.atomic():
            run = _changed_units(kind)
            seconds, _ = _timed(lambda run=run: follow_register(run, Progress(run, silent)))  # type: ignore[misc]
            rows.append(
                Row(
                    f"Companies of the base that follow: {what}", run.followed / seconds, "companies/s",
                    note=f"{run.followed:,} companies: origins, trail, keys, quality included",
                )
            )  # fmt: skip
            transaction.set_rollback(True)
    return rows


def _changed_units(kind: RegisterFileKind) -> RegisterRun:
    units = list(RegisterUnit.objects.filter(diffusion="O", is_active=True).order_by("pk")[:FOLLOWERS])
    source, day = built_in_source(SourceKind.REGISTER), timezone.localdate()
    Company.objects.bulk_create(
        Company(name=unit.siren, siren=unit.siren, match_name=unit.siren, origin=source, sourced_on=day)
        for unit in units
    )
    run = RegisterRun.objects.create(kind=kind, file_name="bench", path="", changed=FOLLOWERS, state="following")
    if kind == RegisterFileKind.UNITS:
        RegisterUnit.objects.filter(pk__in=[unit.pk for unit in units]).update(run=run)
    else:
        of_them = {"siret__gte": units[0].pk + "00000", "siret__lte": units[-1].pk + "99999"}
        RegisterEstablishment.objects.filter(**of_them).update(run=run)
    return run


def _lookups() -> list[Row]:
    """A SIREN typed in a form: checked, found."""
    numbers = [siren_of(n * SIZE // LOOKUPS) for n in range(LOOKUPS)]
    seconds = []
    for number in numbers:
        start = time.perf_counter()
        # A twelfth of the invented units are closed: the answer says so.
        with contextlib.suppress(WrongSiren):
            find_register_unit(number)
        seconds.append(time.perf_counter() - start)
    p50, p95 = median(seconds) * 1000, quantiles(seconds, n=20)[-1] * 1000
    return [Row("One SIREN: checked and looked up", p50, "ms", p50=p50, p95=p95, note=f"among {SIZE:,} units")]
