"""The two stock files of the SIRENE register as INSEE publishes them: how they are recognised, opened and read.

Columns are read by name, never by position: INSEE has moved them before.
"""

import csv
import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _


class Kind(StrEnum):
    """Which of the two files it is."""

    UNITS = "units"
    OFFICES = "offices"


# A file without one of these is not the stock file. Others, such as the NAF 2025 code, are used when they are there.
NEEDED = {
    Kind.UNITS: [
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
    Kind.OFFICES: [
        "siren",
        "siret",
        "statutDiffusionEtablissement",
        "etablissementSiege",
        "numeroVoieEtablissement",
        "typeVoieEtablissement",
        "libelleVoieEtablissement",
        "codePostalEtablissement",
        "codeCommuneEtablissement",
    ],
}
OPTIONAL = {
    Kind.UNITS: [
        "unitePurgeeUniteLegale",
        "sigleUniteLegale",
        "prenomUsuelUniteLegale",
        "nomUsageUniteLegale",
        "denominationUsuelle1UniteLegale",
        "activitePrincipaleNAF25UniteLegale",
    ],
    Kind.OFFICES: [
        "indiceRepetitionEtablissement",
        "complementAdresseEtablissement",
        "distributionSpecialeEtablissement",
    ],
}
SNIFFED = 1 << 20
SYNTHETIC = "_synthetic"


class WrongFile(Exception):
    """The file is not one of the register's, or cannot be read. The message says what is wrong and what to do."""


@dataclass(frozen=True)
class RegisterFile:
    """A recognised file. `size` in bytes is that of the text, None when it is compressed without saying."""

    path: Path
    kind: Kind
    columns: tuple[str, ...]
    delimiter: str
    size: int | None

    @property
    def is_synthetic(self) -> bool:
        """Our generator marks its files in their name."""
        return SYNTHETIC in self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The text after its byte-order mark, header first."""
        with _opened(self.path) as (stream, _size):
            if stream.read(3) != b"\xef\xbb\xbf":
                stream.seek(0)
            yield stream


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], int | None]]:
    if not path.exists():
        raise WrongFile(_("%(name)s: there is no such file.") % {"name": path})
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                inside = [info for info in archive.infolist() if info.filename.lower().endswith(".csv")]
                if len(inside) != 1:
                    raise WrongFile(
                        _("%(name)s: the archive holds %(n)s CSV files instead of one.")
                        % {"name": path.name, "n": len(inside)}
                    )
                with archive.open(inside[0]) as stream:
                    yield stream, inside[0].file_size
        elif path.suffix == ".gz":
            with gzip.open(path) as stream:
                yield stream, None  # type: ignore[misc]
        else:
            with path.open("rb") as stream:
                yield stream, path.stat().st_size
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile) as error:
        raise WrongFile(
            _("%(name)s: the archive is damaged (%(error)s). Download it again.") % {"name": path.name, "error": error}
        ) from error


def recognise(path: Path, kind: str = "auto") -> RegisterFile:
    """Read the header and say which file it is. Raises WrongFile: encoding, duplicate or missing columns."""
    with _opened(path) as (stream, size):
        start = stream.read(SNIFFED)
    if not start.strip():
        raise WrongFile(_("%(name)s: the file is empty.") % {"name": path.name})
    header = _text(start, path).split("\n", 1)[0].rstrip("\r")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = tuple(next(csv.reader(io.StringIO(header), delimiter=delimiter)))
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise WrongFile(
            _("%(name)s: the header names these columns twice: %(columns)s.")
            % {"name": path.name, "columns": ", ".join(twice)}
        )
    found = Kind(kind) if kind != "auto" else Kind.OFFICES if "siret" in columns else Kind.UNITS
    missing = [name for name in NEEDED[found] if name not in columns]
    if missing:
        official = "StockUniteLegale" if found == Kind.UNITS else "StockEtablissement"
        raise WrongFile(
            _("%(name)s: these columns of %(official)s are missing: %(columns)s. The file begins with: %(start)s")
            % {
                "name": path.name,
                "official": official,
                "columns": ", ".join(missing),
                "start": header[:120],
            }
        )
    return RegisterFile(path, found, columns, delimiter, size)


def _text(start: bytes, path: Path) -> str:
    try:
        return start.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The sample may end in the middle of a letter.
        if error.start >= len(start) - 3 and len(start) == SNIFFED:
            return start[: error.start].decode("utf-8-sig")
        raise WrongFile(wrong_encoding(path, start[error.start])) from error


def wrong_encoding(path: Path, byte: int | None = None) -> str:
    """What to say of a file that is not in UTF-8."""
    found = f" (0x{byte:02X})" if byte is not None else ""
    return _(
        "%(name)s: not in UTF-8%(found)s. The official file is; one saved by a spreadsheet may be converted with "
        "“iconv -f WINDOWS-1252 -t UTF-8”."
    ) % {"name": path.name, "found": found}
