"""Official files that no package carries, loaded as their publisher distributes them."""

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from pavillon.reference.models import Activity, DataSet, ProductCode
from pavillon.reference.sets import upsert

PARIS = ZoneInfo("Europe/Paris")


class WrongFile(Exception):
    """The file is not what it is said to be; the message names the missing columns."""


def rows_of(path: Path, *needed: str) -> Iterator[dict[str, str]]:
    """Lines of a CSV, plain or gzipped, UTF-8. Raises WrongFile when a needed column is missing."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = set(needed) - set(reader.fieldnames or [])
        if missing:
            found = ", ".join(reader.fieldnames or [])
            raise WrongFile(f"{path.name}: no column {', '.join(sorted(missing))}; the file has {found}")
        yield from reader


def load_naf_2025(path: Path) -> int:
    """NAF 2025 sub-classes: columns code, libelle."""
    rows = (
        Activity(revision=2025, code=r["code"], name_fr=r["libelle"][:250], name_en=r["libelle"][:250], level=5)
        for r in rows_of(path, "code", "libelle")
    )
    return upsert(Activity, rows, ["revision", "code"], ["name_fr", "name_en", "level"])


def load_cpv(path: Path) -> int:
    """CPV 2008: column code and one column a language."""
    rows = []
    for line in rows_of(path, "code", "fr", "en"):
        labels = {k: v for k, v in line.items() if len(k) == 2 and v}
        rows.append(
            ProductCode(
                scheme="CPV", code=line["code"], name_fr=line["fr"][:250], name_en=line["en"][:250], labels=labels
            )
        )
    return upsert(ProductCode, rows, ["scheme", "code"], ["name_fr", "name_en", "labels"])


def load_hs(path: Path) -> int:
    """Harmonised System in English: columns hscode, description."""
    rows = [
        ProductCode(
            scheme="HS",
            code=r["hscode"],
            name_fr=r["description"][:250],
            name_en=r["description"][:250],
            labels={"en": r["description"]},
        )
        for r in rows_of(path, "hscode", "description")
        if r["hscode"]
    ]
    return upsert(ProductCode, rows, ["scheme", "code"], ["name_en", "labels"])


FILES: dict[str, tuple[Callable[[Path], int], str, str, str, str]] = {
    "naf2025": (load_naf_2025, "NAF 2025", "NAF 2025", "INSEE", "Licence Ouverte 2.0"),
    "cpv": (load_cpv, "Vocabulaire commun des marchés publics", "Common procurement vocabulary", "EU", "CC BY 4.0"),
    "hs": (load_hs, "Système harmonisé", "Harmonised System", "UN Statistics Division", "PDDL"),
}


@transaction.atomic
def load_file(name: str, path: Path) -> int:
    """Load one official file and say so in "about the data". Raises KeyError, WrongFile, OSError."""
    loader, name_fr, name_en, publisher, licence = FILES[name]
    rows = loader(path)
    content = path.read_bytes()
    DataSet.objects.update_or_create(
        code=name,
        defaults={
            "name_fr": name_fr,
            "name_en": name_en,
            "publisher": publisher,
            "source": path.name,
            "version": hashlib.sha256(content).hexdigest()[:12],
            "licence": licence,
            "as_of": datetime.fromtimestamp(path.stat().st_mtime, PARIS).date(),
            "rows": rows,
            "fingerprint": hashlib.sha256(content).hexdigest(),
        },
    )
    return rows
