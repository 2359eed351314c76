"""What ships with the product: a model a kind, and pairs whose truth is known, both from invented records."""

import json
from pathlib import Path

from pavillon.matching.engine.model import Model
from pavillon.matching.engine.records import COMPANY, PERSON

DATA = Path(__file__).resolve().parent.parent / "data"
FROZEN_PAIRS = 2000


def shipped_model(kind: str) -> Model | None:
    """The model that ships for a kind, or None."""
    path = DATA / f"{kind}.json"
    if kind not in (COMPANY, PERSON) or not path.exists():
        return None
    return Model.from_json(path.read_text(encoding="utf-8"))


def shipped_pairs(kind: str) -> list[tuple[dict[str, str], bool]]:
    """(Levels, whether they match) of the pairs that ship for a kind."""
    rows = json.loads((DATA / f"{kind}_pairs.json").read_text(encoding="utf-8"))
    return [(levels, bool(verdict)) for verdict, levels in rows]
