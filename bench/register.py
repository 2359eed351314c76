"""The register taken in, against a bare COPY of the same file in the same run"""

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from django.db import connection

from bench._data import write_files
from bench._invented import Size, siren_of
from launch.bench import Row
from pavillon.directory.actions.register import import_register
from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.models import RegisterRun
from pavillon.directory.queries import WrongSiren, find_register_unit
from pavillon.directory.sirene import CHUNK, recognise
from pavillon.directory.sirene_columns import TABLES

SIZE = int(os.environ.get("BENCH_SIZE", "1000000"))
ROUNDS = 2
LOOKUPS = 1000


def run() -> list[Row]:
    """Both official files: first load, unchanged, one per cent changed, the same file; then single numbers."""
    paths = write_files(Size(SIZE, 0, 0, 0))
    rows = []
    for path, what in zip(paths, ("Units", "Establishments"), strict=True):
        rows += _of_one(path, what)
    return [*rows, *_lookups()]


def _of_one(path: Path, what: str) -> list[Row]:
    kind = recognise(path).kind
    bare = min(_bare_copy(path) for _ in range(ROUNDS))
    _empty(kind)
    first, lines = _timed(lambda: _import(path))
    same, _ = _timed(lambda: _import(path))
    again = min(_timed(lambda: _import(path, force=True))[0] for _ in range(ROUNDS))
    changed = path.with_name(f"Changed-{path.name}")
    _change_one_per_cent(path, changed)
    one, _ = _timed(lambda: _import(changed))
    changed.unlink()
    last = RegisterRun.objects.order_by("-pk").first()
    assert last is not None
    limit = lines / bare
    return [
        Row(f"{what}: bare COPY of the file, text columns, no index", limit, "rows/s", note=f"{lines:,} rows"),
        Row(f"{what}: first load, every index at its end", lines / first, "rows/s", limit=limit),
        Row(f"{what}: the same rows again, read and compared", lines / again, "rows/s", limit=limit),
        Row(
            f"{what}: one per cent changed", lines / one, "rows/s", limit=limit,
            note=f"{last.changed:,} rows changed, {last.unchanged:,} left alone",
        ),
        Row(f"{what}: the very same file", lines / same, "rows/s", limit=limit, note=f"{same * 1000:.0f} ms"),
    ]  # fmt: skip


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
