"""The communes that invented companies are placed in: those of the reference data, handed over in a file."""

import json
import os
from functools import cache
from pathlib import Path

from pavillon.matching.synthetic import LARGE_TOWNS, Place


@cache
def places() -> list[Place]:
    """The places in the file that BENCH_PLACES names; the large towns when there is none."""
    path = os.environ.get("BENCH_PLACES")
    if not path:
        return list(LARGE_TOWNS)
    return [Place(*row) for row in json.loads(Path(path).read_text(encoding="utf-8"))]
