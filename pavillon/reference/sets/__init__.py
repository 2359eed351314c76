"""The sets of reference data: where each comes from and how it is loaded.

A set knows the fingerprint of its source; when it equals the one that was loaded, nothing is done.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from pavillon.reference.models import DataSet


class SourceMissing(Exception):
    """A package that carries a set is not installed; the message says the remedy."""


@dataclass(frozen=True)
class Source:
    """One set: its description for "about the data", the files or texts that it depends on, and its loader."""

    code: str
    name_fr: str
    name_en: str
    publisher: str
    source: Callable[[], str]
    version: Callable[[], str]
    licence: str
    load: Callable[[], int]
    depends_on: Callable[[], Iterable[bytes]]
    as_of: date | None = None
    is_synthetic: bool = field(default=False)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for piece in self.depends_on():
            digest.update(piece)
        return digest.hexdigest()

    def refresh(self, *, force: bool = False) -> int | None:
        """Load the set if its source changed: rows loaded, or None when it is current. All or nothing."""
        fingerprint = self.fingerprint()
        known = DataSet.objects.filter(pk=self.code).first()
        if known and known.fingerprint == fingerprint and not force:
            return None
        with transaction.atomic():
            rows = self.load()
            DataSet.objects.update_or_create(
                code=self.code,
                defaults={
                    "name_fr": self.name_fr,
                    "name_en": self.name_en,
                    "publisher": self.publisher,
                    "source": self.source(),
                    "version": self.version(),
                    "licence": self.licence,
                    "as_of": self.as_of,
                    "rows": rows,
                    "fingerprint": fingerprint,
                    "is_synthetic": self.is_synthetic,
                },
            )
        return rows


def package_file(package: str, path: str) -> Path:
    """A file inside an npm package. Raises SourceMissing with the remedy."""
    found = settings.ROOT / "assets" / "node_modules" / package / path
    if not found.exists():
        raise SourceMissing(f"{package} is not installed ({path} not found): run `make assets` first.")
    return found


def package_json(package: str, path: str) -> Any:
    return json.loads(package_file(package, path).read_text())


def package_version(package: str) -> str:
    return str(package_json(package, "package.json")["version"])


def library_version(name: str) -> str:
    return version(name)


def code_of(module_file: str) -> bytes:
    """The source of a module: a set written by us changes when its module does."""
    return Path(module_file).read_bytes()


def upsert(model: type[models.Model], rows: Iterable[models.Model], unique: list[str], fields: list[str]) -> int:
    """Insert or update rows by their unique columns. Returns how many were given."""
    found = list(rows)
    manager = model._default_manager
    manager.bulk_create(found, update_conflicts=True, unique_fields=unique, update_fields=fields, batch_size=5000)
    return len(found)
