"""`pavillon bench`: the measurements of `bench/*.py` in one table, kept in docs/benchmarks.md.

A bench is a module of the folder `bench/` with a function `run() -> list[Row]` and a
docstring whose first line says what it measures. It runs inside Django, on a database
of its own, with the reference data loaded and no demo. Machines differ: what counts is
the ratio to a limit measured in the same run.
"""

import argparse
import contextlib
import importlib
import logging
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from launch.cluster import machine_memory
from launch.folders import ROOT, data_folder
from launch.progress import say, step

FOLDER = ROOT / "bench"
REPORT = ROOT / "docs" / "benchmarks.md"
# The same seed and sizes give the same invented country.
INVENTED_SEED = 53
COLUMNS = ("What", "Value", "Unit", "p50", "p95", "Limit", "Ratio", "Note")


@dataclass(frozen=True)
class Row:
    """One measurement. `limit` is the best this machine does without us; `ratio` is then value to limit.

    `p50` and `p95` are in the row's unit. Leave out what was not measured.
    """

    what: str
    value: float
    unit: str
    p50: float | None = None
    p95: float | None = None
    limit: float | None = None
    note: str = ""
    digits: int = 3
    """Significant digits of the numbers."""
    most: float | None = None
    """What p95 promises to keep to, in the row's unit; a row beyond it makes the bench end with status 1."""
    least: float | None = None
    """The ratio to the limit that is promised; a row below it makes the bench end with status 1."""

    @property
    def is_broken(self) -> bool:
        is_late = self.most is not None and (self.p95 is None or self.p95 > self.most)
        return is_late or (self.least is not None and (not self.limit or self.value / self.limit < self.least))

    def cells(self) -> list[str]:
        ratio = f"{self.value / self.limit:.2f}" if self.limit else ""
        numbers = [_number(value, self.digits) for value in (self.p50, self.p95, self.limit)]
        wanted = "" if self.least is None else f"wanted: {self.least} or more"
        note = "; ".join(filter(None, (self.note, wanted)))
        return [self.what, _number(self.value, self.digits), self.unit, *numbers, ratio, note]


class NothingPoured(Exception):
    """A bench that needs the invented country found no such base."""


def _number(value: float | None, digits: int = 3) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{digits}g}"


def bench_names() -> list[str]:
    """The benches that exist."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def data_options() -> argparse.ArgumentParser:
    """What `pavillon bench-data` takes."""
    options = argparse.ArgumentParser(
        prog="pavillon bench-data", description="Pour an invented country into the benchmarks' own database."
    )
    options.add_argument("--companies", type=int, default=1_000_000, help="1,000,000 when not given")
    options.add_argument("--contacts", type=int, default=3_000_000, help="3,000,000 when not given")
    options.add_argument("--interactions", type=int, default=2_000_000, help="2,000,000 when not given")
    options.add_argument("--leads", type=int, help="requests (default: a fifth of the companies)")
    options.add_argument("--log-lines", type=int, default=0, help="lines of trail and read log besides (default: none)")
    options.add_argument("--seed", type=int, default=INVENTED_SEED, help="another one invents another country")
    options.add_argument("--forms", action="store_true", help="also write the zipped and Parquet forms of the files")
    return options


def fill(words: list[str]) -> int:
    """Pour an invented country into the bench's database; words that say nothing end here, before any work."""
    data_options().parse_args(words)
    return bench(["--data", *words])


def bench(names: list[str]) -> int:
    """Prepare a database for benches and run them there in a process of its own."""
    from launch.surroundings import surroundings

    with surroundings(data=data_folder() / "bench", tell=say) as around:
        environment = around.environment()
        subprocess.run([sys.executable, "-m", "launch.preparation", "--no-demo"], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "launch.bench", *names]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def measure(names: list[str]) -> int:
    """Run the named benches (all when none is named), print one table and keep it: each in its section.

    Returns the exit code: 1 when a row breaks its promise.
    """
    import django

    logging.disable(logging.INFO)
    django.setup()
    _stand_as_house()
    load = os.getloadavg()[0]
    sections = []
    for name in names or bench_names():
        module = importlib.import_module(f"bench.{name}")
        with step(_title(module)):
            try:
                sections.append((_title(module), module.run()))
            except NothingPoured:
                say("  left out: it needs the invented country; pour it first (make bench-data)")
    say("\n" + "\n\n".join(f"{title}\n{_plain(rows)}" for title, rows in sections))
    REPORT.write_text(_renewed(REPORT.read_text(), sections, load) if names else _report(sections, load))
    say(f"\nKept in {REPORT.relative_to(ROOT)}")
    return tell_broken([row for _section, rows in sections for row in rows])


def tell_broken(rows: list[Row]) -> int:
    """Say which rows break their promise; 1 when any does."""
    broken = [row for row in rows if row.is_broken]
    for row in broken:
        if row.least is not None:
            say(f"! {row.what}: {row.value / row.limit if row.limit else 0:.2f} of the limit, promised {row.least}")
        else:
            say(f"! {row.what}: p95 {_number(row.p95)} {row.unit}, promised {_number(row.most)} {row.unit}")
    return 1 if broken else 0


def _stand_as_house() -> None:
    from pavillon.core.wall import HOUSE, stand_as

    stand_as(HOUSE)


def _title(module: ModuleType) -> str:
    return (module.__doc__ or module.__name__).strip().splitlines()[0].rstrip(".")


def _plain(rows: list[Row]) -> str:
    table = [list(COLUMNS), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in table)


def _report(sections: list[tuple[str, list[Row]]], load: float) -> str:
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Absolute numbers belong to the machine below; compare the ratios.",
        "",
        _circumstances(load),
    ]
    return "\n".join(lines) + "\n" + "".join(f"\n{_section(title, rows)}" for title, rows in sections)


def _section(title: str, rows: list[Row], said: str = "") -> str:
    lines = [f"## {title}", "", *([said, ""] if said else [])]
    lines += [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    return "\n".join([*lines, *(f"| {' | '.join(row.cells())} |" for row in rows)]) + "\n"


def _renewed(report: str, sections: list[tuple[str, list[Row]]], load: float) -> str:
    """The report with some sections measured again: each says when and where, for the others were not."""
    start, *others = report.rstrip("\n").split("\n## ")
    kept = {text.partition("\n")[0]: f"## {text.rstrip()}\n" for text in others}
    kept |= {title: _section(title, rows, _circumstances(load)) for title, rows in sections}
    return start.rstrip() + "\n" + "".join(f"\n{text}" for text in kept.values())


def _circumstances(load: float) -> str:
    return (
        f"Measured on {time.strftime('%Y-%m-%d')}: {machine()}. "
        f"Load average {load:.1f} before the measurements, {os.getloadavg()[0]:.1f} at their end (their own included)."
    )


def machine() -> str:
    """One line: processor, cores, memory, system, Python, PostgreSQL."""
    from django.db import connection

    connection.ensure_connection()
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    version = connection.connection.info.server_version
    system = f"{platform.system()} {platform.release()}"
    with contextlib.suppress(OSError):
        system = platform.freedesktop_os_release().get("PRETTY_NAME", system)
    return (
        f"{model}, {os.cpu_count()} cores, {machine_memory() / 2**30:.0f} GiB of memory, "
        f"{system}, Python {platform.python_version()}, PostgreSQL {version // 10000}.{version % 10000}"
    )


def pour(words: list[str]) -> int:
    """What `pavillon bench-data` does in the prepared process. Returns the exit code."""
    import django

    logging.disable(logging.INFO)
    django.setup()
    _stand_as_house()
    return int(importlib.import_module("bench._data").main(words))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--data"]:
        sys.exit(pour(sys.argv[2:]))
    sys.exit(measure(sys.argv[1:]))
