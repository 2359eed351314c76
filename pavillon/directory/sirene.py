"""The two stock files of the SIRENE register as INSEE publishes them: how they are recognised and unpacked.

CSV, zipped or gzipped CSV, and Parquet. Columns are read by name, never by position: INSEE has moved them before.
"""

import csv
import gzip
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

import duckdb
from django.utils.translation import gettext as _

from pavillon.directory.enums import RegisterFileKind

# A file without one of these is not the stock file. Others, such as the NAF 2025 code, are used when they are there.
NEEDED = {
    RegisterFileKind.UNITS: [
        "siren",
        "statutDiffusionUniteLegale",
        "dateCreationUniteLegale",
        "prenom1UniteLegale",
        "trancheEffectifsUniteLegale",
        "categorieEntreprise",
        "dateDebut",
        "etatAdministratifUniteLegale",
        "nomUniteLegale",
        "denominationUniteLegale",
        "categorieJuridiqueUniteLegale",
        "activitePrincipaleUniteLegale",
        "nomenclatureActivitePrincipaleUniteLegale",
    ],
    RegisterFileKind.OFFICES: [
        "siren",
        "siret",
        "statutDiffusionEtablissement",
        "etablissementSiege",
        "numeroVoieEtablissement",
        "typeVoieEtablissement",
        "libelleVoieEtablissement",
        "codePostalEtablissement",
        "codeCommuneEtablissement",
        "etatAdministratifEtablissement",
    ],
}
OPTIONAL = {
    RegisterFileKind.UNITS: [
        "unitePurgeeUniteLegale",
        "sigleUniteLegale",
        "prenomUsuelUniteLegale",
        "nomUsageUniteLegale",
        "denominationUsuelle1UniteLegale",
        "activitePrincipaleNAF25UniteLegale",
        "nicSiegeUniteLegale",
    ],
    RegisterFileKind.OFFICES: [
        "indiceRepetitionEtablissement",
        "complementAdresseEtablissement",
        "distributionSpecialeEtablissement",
        "dateCreationEtablissement",
        "dateDebut",
        "enseigne1Etablissement",
        "denominationUsuelleEtablissement",
        "libelleCommuneEtablissement",
        "libelleCommuneEtrangerEtablissement",
        "libellePaysEtrangerEtablissement",
        "trancheEffectifsEtablissement",
        "activitePrincipaleEtablissement",
        "nomenclatureActivitePrincipaleEtablissement",
        "activitePrincipaleNAF25Etablissement",
    ],
}
OFFICIAL = {RegisterFileKind.UNITS: "StockUniteLegale", RegisterFileKind.OFFICES: "StockEtablissement"}
# A cell of one megabyte is no name and no address.
LONGEST_LINE = 1_000_000
SNIFFED = 1 << 20
CHUNK = 1 << 20
SYNTHETIC = "_synthetic"
SUFFIXES = (".csv", ".zip", ".gz", ".parquet")
# Told while a long step goes on: bytes done and bytes in all.
Tell = Callable[[int, int], None]


class WrongFile(Exception):
    """The file is not one of the register's, or cannot be read. The message says what is wrong and what to do."""


class Form(StrEnum):
    """How a file is packed."""

    CSV = "csv"
    ZIP = "zip"
    GZIP = "gzip"
    PARQUET = "parquet"


@dataclass(frozen=True)
class RegisterFile:
    """A recognised file: which of the two it is, how it is packed, and the columns it names."""

    path: Path
    kind: RegisterFileKind
    form: Form
    columns: tuple[str, ...]
    delimiter: str = ","

    @property
    def is_synthetic(self) -> bool:
        """Our generator marks its files in their name."""
        return SYNTHETIC in self.path.name

    @property
    def known_columns(self) -> list[str]:
        """Those of the official layout that we use and that the file has."""
        return [name for name in (*NEEDED[self.kind], *OPTIONAL[self.kind]) if name in self.columns]


def recognise(path: Path, kind: str = "auto") -> RegisterFile:
    """Read the header and say which file it is. Raises WrongFile: missing, empty, encoding, columns."""
    if not path.is_file():
        raise WrongFile(_("%(name)s: there is no such file.") % {"name": path})
    form = _form_of(path)
    delimiter = ","
    if form is Form.PARQUET:
        columns = _parquet_columns(path)
    else:
        columns, delimiter = _header(path)
    return RegisterFile(path, _kind_of(path, columns, kind), form, columns, delimiter)


def _form_of(path: Path) -> Form:
    with path.open("rb") as stream:
        start = stream.read(4)
    if start == b"PAR1":
        return Form.PARQUET
    if start[:2] == b"PK":
        return Form.ZIP
    return Form.GZIP if start[:2] == b"\x1f\x8b" else Form.CSV


def _parquet_columns(path: Path) -> tuple[str, ...]:
    try:
        with duckdb.connect() as base:
            rows = base.execute("SELECT name FROM parquet_schema(?) WHERE type IS NOT NULL", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise WrongFile(damaged(path)) from error
    return tuple(name for (name,) in rows)


def _header(path: Path) -> tuple[tuple[str, ...], str]:
    with opened(path) as (stream, _size):
        start = stream.read(SNIFFED)
    if not start.strip():
        raise WrongFile(_("%(name)s: the file is empty.") % {"name": path.name})
    if b"\0" in start:
        raise WrongFile(no_text(path))
    header = _text(start, path).split("\n", 1)[0].rstrip("\r")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = tuple(next(csv.reader(io.StringIO(header), delimiter=delimiter)))
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise WrongFile(
            _("%(name)s: the header names these columns twice: %(columns)s.")
            % {"name": path.name, "columns": ", ".join(twice)}
        )
    return columns, delimiter


def _kind_of(path: Path, columns: tuple[str, ...], kind: str) -> RegisterFileKind:
    found = RegisterFileKind.OFFICES if "siret" in columns else RegisterFileKind.UNITS
    wanted = found if kind == "auto" else RegisterFileKind(kind)
    missing = [name for name in NEEDED[wanted] if name not in columns]
    if missing and wanted != found and not [name for name in NEEDED[found] if name not in columns]:
        raise WrongFile(
            _("%(name)s: this is %(found)s, not %(wanted)s. Import it as what it is.")
            % {"name": path.name, "found": OFFICIAL[found], "wanted": OFFICIAL[wanted]}
        )
    if missing:
        raise WrongFile(
            _("%(name)s: these columns of %(official)s are missing: %(columns)s. The file has: %(start)s")
            % {
                "name": path.name,
                "official": OFFICIAL[wanted],
                "columns": ", ".join(missing),
                "start": ", ".join(columns)[:120],
            }
        )
    return wanted


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """The text of a CSV file, unpacked while it is read, and its size in bytes (of the archive for gzip).

    Raises WrongFile when the archive is damaged.
    """
    try:
        if _form_of(path) is Form.ZIP:
            with zipfile.ZipFile(path) as archive:
                inside = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
                if len(inside) != 1:
                    raise WrongFile(
                        _("%(name)s: the archive holds %(n)s CSV files instead of one.")
                        % {"name": path.name, "n": len(inside)}
                    )
                with archive.open(inside[0]) as stream:
                    yield stream, inside[0].file_size
        elif _form_of(path) is Form.GZIP:
            with gzip.open(path) as unpacked:
                yield cast(IO[bytes], unpacked), path.stat().st_size
        else:
            with path.open("rb") as stream:
                yield stream, path.stat().st_size
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise WrongFile(damaged(path)) from error


def unpack(file: RegisterFile, folder: Path, tell: Tell) -> Path:
    """The file as the reader wants it: itself, or its CSV unpacked into `folder`, in constant memory.

    Raises WrongFile when the archive is damaged or the disk too small.
    """
    if file.form in (Form.CSV, Form.PARQUET):
        return file.path
    target = folder / "unpacked.csv"
    with opened(file.path) as (stream, size):
        free = shutil.disk_usage(folder).free
        if size > free:
            raise WrongFile(
                _("%(name)s: %(size)s MB are needed to unpack it, %(free)s MB are free on the disk.")
                % {"name": file.path.name, "size": size >> 20, "free": free >> 20}
            )
        done = 0
        with target.open("wb") as written:
            while chunk := stream.read(CHUNK):
                if b"\0" in chunk:
                    raise WrongFile(no_text(file.path))
                written.write(chunk)
                done += len(chunk)
                tell(done, size)
    return target


def digest_of(path: Path, *, is_text: bool) -> str:
    """SHA-256 of a file, in constant memory. Raises WrongFile when a text holds zero bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            if is_text and b"\0" in chunk:
                raise WrongFile(no_text(path))
    return digest.hexdigest()


def _text(start: bytes, path: Path) -> str:
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a letter.
        if error.start >= len(start) - 3 and len(start) == SNIFFED:
            return start[: error.start].decode("utf-8-sig")
        raise WrongFile(wrong_encoding(path, start[error.start])) from error


def damaged(path: Path) -> str:
    """What to say of an archive or a Parquet file that breaks off."""
    return _("%(name)s: the file is damaged: it breaks off, or is not what its name says. Download it again.") % {
        "name": path.name
    }


def mixed_up(path: Path) -> str:
    """What to say of a text that cannot be cut into rows."""
    return _(
        "%(name)s: the file cannot be cut into rows: its line ends are mixed, or a quotation mark stands alone. "
        "Take the file as it was published."
    ) % {"name": path.name}


def no_text(path: Path) -> str:
    """What to say of a file that holds zero bytes."""
    return _(
        "%(name)s: this is no text file (it holds zero bytes). A spreadsheet must be saved as CSV in UTF-8 first."
    ) % {"name": path.name}


def wrong_encoding(path: Path, byte: int | None = None, line: int | None = None) -> str:
    """What to say of a file that is not in UTF-8."""
    found = f" (0x{byte:02X})" if byte is not None else ""
    place = _(", line %(line)s") % {"line": line} if line is not None else ""
    return _(
        "%(name)s%(place)s: not in UTF-8%(found)s. The official file is; one saved by a spreadsheet may be converted "
        "with “iconv -f WINDOWS-1252 -t UTF-8”."
    ) % {"name": path.name, "found": found, "place": place}
