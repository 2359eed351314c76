"""What an action of the crowd costs by kind: processor of Python and of PostgreSQL, statements, against a bare page

BENCH_ACTIONS says how many are done (600); BENCH_PROFILE names a kind ("company", "desk: the panels in sight") whose
functions are told on the error stream, BENCH_SORT in which order (pstats). The costs of a kind are the mean of its
middle half: other work on the machine makes them higher, so that two versions are compared within minutes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import fmean

from django.conf import settings

from bench._actions import BARE
from bench.crowd import NAMES, gathered
from launch.bench import Row
from launch.folders import ROOT

ACTIONS = int(os.environ.get("BENCH_ACTIONS", "600"))
# Few enough that each kind of person comes often.
PEOPLE = 200


def run() -> list[Row]:
    """Sessions of the crowd's people, one after the other in one thread of a process of its own."""
    with gathered() as (plan, _port):
        file = Path(settings.DATA) / "bench-actions.json"
        file.write_text(json.dumps({**plan, "people": plan["people"][:PEOPLE]}))
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench._crowd_settings", "PGAPPNAME": "bench-actions"}
    command = [sys.executable, "-P", "-m", "bench._actions", str(file), str(ACTIONS)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    bare = _mean(found["costs"].pop(BARE))
    kinds = sorted(found["costs"], key=lambda name: (name.split(":")[0], name))
    rows = [_row(kind, found["costs"][kind], found["counted"].get(kind), sum(bare)) for kind in kinds]
    total = [each for kind in kinds for each in found["costs"][kind]]
    python, database = (fmean(numbers) for numbers in zip(*total, strict=True))
    share = len(total) / ACTIONS
    return [
        Row("A bare Django page: one query, 18 lines", sum(bare), "ms", note=f"the limit; {_told(*bare)}"),
        *rows,
        _together("An answer, all together", python, database, sum(bare), f"mean of {len(total)}"),
        _together("An action, all together", python * share, database * share, sum(bare), f"mean of {ACTIONS}"),
    ]


def _mean(costs: list[list[float]]) -> tuple[float, float]:
    """Python and PostgreSQL, each the mean of the middle half."""
    python, database = (sorted(numbers) for numbers in zip(*costs, strict=True))
    quarter = len(costs) // 4
    middle = slice(quarter, len(costs) - quarter)
    return fmean(python[middle]), fmean(database[middle])


def _row(kind: str, costs: list[list[float]], counted: dict[str, int] | None, limit: float) -> Row:
    head, _colon, rest = kind.partition(":")
    python, database = _mean(costs)
    told = [f"{len(costs)} answers", _told(python, database)]
    if counted:
        many = counted["answers"]
        told.append(f"{counted.get('statements', 0) / many:.1f} statements")
        told.append(f"{counted.get('orm', 0) / many:.1f} put together by the ORM")
        told.append(f"{counted.get('prepared', 0) / many:.2f} prepared")
    name = f"{NAMES.get(head, head)}{':' + rest if rest else ''}"
    return Row(name, python + database, "ms", limit=limit, note="; ".join(told))


def _together(what: str, python: float, database: float, limit: float, note: str) -> Row:
    return Row(what, python + database, "ms", limit=limit, note=f"{note}; {_told(python, database)}")


def _told(python: float, database: float) -> str:
    return f"Python {python:.2f}, PostgreSQL {database:.2f} ms"
