"""Matching: F1 and seconds on labelled and on invented records, against Splink and recordlinkage on the same data."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from launch.bench import Row
from launch.folders import ROOT
from launch.packages import extra_packages
from pavillon.reference.models import Commune

SETS = tuple(f"febrl{number}{ending}" for number in (1, 2, 3, 4) for ending in ("", "-no-id"))
TITLES = {"febrl1": "FEBRL 1, duplicates", "febrl2": "FEBRL 2, duplicates", "febrl3": "FEBRL 3, duplicates",
          "febrl4": "FEBRL 4, two files"}  # fmt: skip
COMPANIES = (100_000, 1_000_000)


def run() -> list[Row]:
    """Each tool on each set in a process of its own. The limit is the best rival's F1, or Splink's time.

    F1 at each tool's own threshold; the note has the best over all thresholds. The limit takes the rivals' best.

    BENCH_LINK_COMPANIES names other sizes than a hundred thousand and a million ("100000").
    """
    rows: list[Row] = []
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(extra_packages("bench"))])}
    for name in SETS:
        ours, splink, ecm = (_measure(environment, tool, name) for tool in ("ours", "splink", "ecm"))
        title = TITLES[name[:6]] + (", without the social security number" if name.endswith("-no-id") else "")
        rows += _compared(title, ours, {"Splink": splink, "ECM": ecm})
    wanted = os.environ.get("BENCH_LINK_COMPANIES")
    sizes = [int(size) for size in wanted.split(",")] if wanted else list(COMPANIES)
    with tempfile.TemporaryDirectory(prefix="pavillon-bench-") as folder:
        path = Path(folder, "places.json")
        found = Commune.objects.order_by("code").values_list("name", "postal_codes", "population")
        path.write_text(json.dumps([(name, codes[0], people or 50) for name, codes, people in found if codes]))
        environment["BENCH_PLACES"] = str(path)
        for size in sizes:
            ours, splink = (_measure(environment, tool, str(size), folder) for tool in ("ours", "splink"))
            rows += _compared(f"{size:,} invented French companies", ours, {"Splink": splink})
    return rows


def _measure(environment: dict[str, str], *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench._linking", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"bench._linking {' '.join(words)}: {done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def _compared(title: str, ours: dict[str, Any], rivals: dict[str, dict[str, Any]]) -> list[Row]:
    told = "; ".join(
        f"{name} {rival['f1']:.4f} (best {rival['best']:.4f}; {rival['seconds']:.1f} s, {rival['memory']:.1f} GB"
        + (f"; {rival['note']})" if rival.get("note") else ")")
        for name, rival in rivals.items()
    )
    own = f"ours P {ours['precision']:.4f} R {ours['recall']:.4f}, best {ours['best']:.4f}"
    cleaning = f"; cleaning before, for both: {ours['cleaning']:.0f} s" if ours["cleaning"] else ""
    more = f"; {ours['note']}" if ours["note"] else ""
    return [
        Row(f"{title}: F1", ours["f1"], "", limit=max(r["best"] for r in rivals.values()), digits=5,
            note=f"{own}{more}; {told}"),
        Row(f"{title}: time", ours["seconds"], "s", limit=rivals["Splink"]["seconds"],
            note=f"{ours['pairs']:,} pairs compared, {ours['memory']:.1f} GB{cleaning}"),
    ]  # fmt: skip
