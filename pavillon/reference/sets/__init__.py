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
from django.db import connection, models, transaction

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
    """Insert or update rows by their unique columns. Returns how many were given.

    Copied into a table beside and taken from there: 35,000 places cost a tenth of what their INSERTs do.
    """
    found, numbered = list(rows), model._meta.auto_field
    written = [field for field in model._meta.concrete_fields if not field.generated and field is not numbered]
    quote = connection.ops.quote_name
    column = {field.name: quote(str(field.column)) for field in written}
    table, columns, keys = quote(model._meta.db_table), ", ".join(column.values()), ", ".join(column[k] for k in unique)
    changed = ", ".join(f"{column[name]} = EXCLUDED.{column[name]}" for name in fields)
    with transaction.atomic(), connection.cursor() as cursor:
        beside = f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"  # noqa: S608
        cursor.execute(beside)
        with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for row in found:
                copy.write_row([field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in written])
        taken = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming"  # noqa: S608
        cursor.execute(f"{taken} ON CONFLICT ({keys}) DO UPDATE SET {changed}")
        cursor.execute("DROP TABLE incoming")
    return len(found)
