"""Processes that a test may kill: `nursery("module", "function", data, *words) -> (exit code, what it said last)`.

Each is a fork of one that has the product loaded and no connection open, which spares it the start. It works on the
test's database and on the data folder that it is given; killed, it is gone as any process is.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

Nursery = Callable[..., tuple[int, str]]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    from django.db import connection

    mother = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.nursery"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def bear(module: str, function: str, data: Path, *words: str) -> tuple[int, str]:
        assert mother.stdin is not None
        assert mother.stdout is not None
        job = [connection.settings_dict["NAME"], str(data), module, function, *map(str, words)]
        print(json.dumps(job), file=mother.stdin, flush=True)
        code, said = json.loads(mother.stdout.readline())
        return code, said

    yield bear
    assert mother.stdin is not None
    mother.stdin.close()
    mother.wait(60)


def _live(said: Any, database: str, data: str, module: str, function: str, *words: str) -> None:
    """What a child does, to its end."""
    code = 1
    os.dup2(said.fileno(), 1)
    os.dup2(said.fileno(), 2)
    try:
        from django.conf import settings
        from django.db import connection

        from pavillon.core.wall import HOUSE, stand_as

        stand_as(HOUSE)
        connection.settings_dict["NAME"] = database
        settings.DATA = Path(data)
        getattr(import_module(module), function)(*words)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    import django

    django.setup()
    gc.freeze()
    for line in sys.stdin:
        job = json.loads(line)
        import_module(job[2])
        with tempfile.TemporaryFile() as said:
            child = os.fork()
            if child == 0:
                _live(said, *job)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            said.seek(0)
            print(json.dumps([code, said.read()[-2000:].decode(errors="replace")]), flush=True)


if __name__ == "__main__":
    main()
