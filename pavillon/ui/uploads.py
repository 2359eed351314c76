"""The one door of files that people send: name, ending, size, content, what they unpack to, and the virus scanner.

A form takes a file by an `UploadField`, an endpoint by `check_upload`; a house test refuses any other way. What is
refused changes nothing, and is told with its name and what to do. Files are only looked at: who reads one still has to
expect anything in it.
"""

import gzip
import logging
import re
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import filetype
from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from pavillon.core.trail import record
from pavillon.ui import scanning
from pavillon.ui.asking import who_asks

log = logging.getLogger("pavillon.uploads")

MB = 1 << 20
LONGEST_NAME = 150
MOST_PIXELS = 40_000_000
MOST_PARTS = 5_000
"""Parts that a compressed file may hold."""
MOST_SWELLING = 200
"""How many times its size a compressed file may take once unpacked; counted above SWELLING_COUNTS bytes."""
SWELLING_COUNTS = 10 * MB
CHUNK = 1 << 16
ASIDE = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
"""What may stand before the first element of XML: remarks, and words to programs."""
MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its endings, the name of its form, and the part that tells it among compressed files."""

    form: str
    endings: tuple[str, ...]
    mark: str = ""


JPEG = Kind("jpg", (".jpg", ".jpeg"))
PNG = Kind("png", (".png",))
WEBP = Kind("webp", (".webp",))
PDF = Kind("pdf", (".pdf",))
XLSX = Kind("zip", (".xlsx",), "xl/workbook.xml")
DOCX = Kind("zip", (".docx",), "word/document.xml")
PPTX = Kind("zip", (".pptx",), "ppt/presentation.xml")
ODT = Kind("zip", (".odt",), "application/vnd.oasis.opendocument.text")
ODS = Kind("zip", (".ods",), "application/vnd.oasis.opendocument.spreadsheet")
ZIP = Kind("zip", (".zip",))
GZIP = Kind("gz", (".gz",))
PARQUET = Kind("parquet", (".parquet",))
# Whoever reads tables finds their encoding, or says on which line it fails.
TABLE = Kind("text", (".csv", ".txt", ".tsv"))
CSV = Kind("text", (".csv",))
CALENDAR = Kind("text", (".ics",))

PICTURES = (JPEG, PNG, WEBP)
TABLES = (XLSX, TABLE)
DOCUMENTS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, TABLE)


def endings_of(takes: tuple[Kind, ...]) -> list[str]:
    return [ending for kind in takes for ending in kind.endings]


class Refused(ValidationError):
    """The file is not taken; the message names it and says what to do, `code` says why in one word."""


class UploadField(forms.FileField):
    """A file of one of the kinds in `takes`, of at most `most` bytes, `unpacked` once unpacked (ten times as much)."""

    def __init__(self, *, takes: tuple[Kind, ...], most: int, unpacked: int = 0, **kwargs: Any) -> None:
        self.takes, self.most, self.unpacked = takes, most, unpacked or 10 * most
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(endings_of(takes))}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        if data and not data.size:
            raise forms.ValidationError(
                _("“%(name)s” is empty: choose it again, or save it again from its program.") % {"name": data.name},
                code="empty",
            )
        file = super().clean(data, initial)
        if data and file is data:
            check_upload(file, takes=self.takes, most=self.most, unpacked=self.unpacked)
        return file


def check_upload(file: Any, *, takes: tuple[Kind, ...], most: int, unpacked: int = 0) -> None:
    """Let a sent file through, at its beginning, or raise Refused. What was no mere mistake is in the trail."""
    try:
        kind = _kind_by_name(file.name or "", takes)
        if file.size > most:
            raise Refused(
                _("“%(name)s” weighs %(size)s; at most %(most)s are taken. Cut it into several, or make it smaller.")
                % {"name": file.name, "size": filesizeformat(file.size), "most": filesizeformat(most)},
                code="size",
            )
        _check_content(file, kind, unpacked or 10 * most)
        _check_harm(file)
    except Refused as refused:
        if refused.code not in ("name", "ending", "size"):
            record("ui.file_refused", by=who_asks(), why=refused.code, ending=_ending(file.name), size=file.size)
        raise
    finally:
        file.seek(0)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()[:10]


def _kind_by_name(name: str, takes: tuple[Kind, ...]) -> Kind:
    """Raises Refused for a name that hides something and for another ending."""
    is_shown = all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in name)
    if not is_shown or not name or len(name) > LONGEST_NAME or "/" in name or "\\" in name:
        raise Refused(
            _("The name of this file is longer than %(most)s signs or holds signs that cannot be seen. Rename it.")
            % {"most": LONGEST_NAME},
            code="name",
        )
    for kind in takes:
        if _ending(name) in kind.endings:
            return kind
    raise Refused(
        _("“%(name)s” is not taken: the name must end in %(endings)s. Save the file in one of these forms.")
        % {"name": name, "endings": ", ".join(endings_of(takes))},
        code="ending",
    )


def _check_content(file: Any, kind: Kind, unpacked: int) -> None:
    file.seek(0)
    head = file.read(8192)
    found = _form_of(head, file)
    if found != kind.form:
        raise _other_content(file.name, found)
    if kind.form == "zip":
        _check_archive(file, kind, unpacked)
    elif kind.form == "gz":
        _check_stream(file, unpacked)
    elif kind in PICTURES:
        _check_picture(file, kind)
    elif kind is CALENDAR and b"\0" in head:
        raise _other_content(file.name, "")


def _form_of(head: bytes, file: Any) -> str:
    """The form by content: "jpg", "zip", "pdf"…; "text" for what bears the mark of nothing else."""
    if head[:4] == b"PAR1" and file.size > 12:
        file.seek(-4, 2)
        return "parquet" if file.read(4) == b"PAR1" else "?"
    # A page of a browser is text too, and wanted nowhere.
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html", b"<script", b"<svg")):
        return "html"
    if head[:2] in (b"MZ", b"#!") and (head[:2] == b"#!" or b"\0" in head[:64]):
        return "exe"
    found = filetype.guess(head)
    if found is None:
        return "text"
    # Two letters at the beginning of a table ("BM", "MZ") make no picture and no program.
    if b"\0" not in head and len(found.extension) <= 3 and found.extension in ("bmp", "exe", "ps", "lz", "Z"):
        return "text"
    return "zip" if found.mime.startswith("application/vnd.o") or found.extension in ("epub",) else found.extension


def _other_content(name: str, found: str) -> Refused:
    return Refused(
        _("“%(name)s” holds something else than its name says (%(found)s). Save it again from its program.")
        % {"name": name, "found": found.upper() or "?"},
        code="content",
    )


def _damaged(name: str) -> Refused:
    return Refused(
        _("“%(name)s” is damaged or cut short. Save it again and send it anew.") % {"name": name}, code="form"
    )


def _check_archive(file: Any, kind: Kind, unpacked: int) -> None:
    """The parts of a compressed file, by its own table: what it claims there is all that Python's reader unpacks."""
    try:
        with zipfile.ZipFile(cast(BinaryIO, file)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            size = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or size > unpacked or size > max(SWELLING_COUNTS, MOST_SWELLING * file.size):
                raise _swells(file.name, size, unpacked)
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(
                    _("“%(name)s” is locked with a password: nobody can look into it. Send it without.")
                    % {"name": file.name},
                    code="locked",
                )
            if kind.mark and kind.mark not in names and not _is_open_document(archive, names, kind):
                raise _other_content(file.name, "zip")
            if any(name.endswith("vbaProject.bin") for name in names):
                raise Refused(
                    _("“%(name)s” holds macros: programs are not taken. Save it without them.") % {"name": file.name},
                    code="macros",
                )
            if kind is not ZIP:
                _check_xml(archive, parts, file.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged(file.name) from error


def _is_open_document(archive: zipfile.ZipFile, names: set[str], kind: Kind) -> bool:
    """A document of OpenOffice tells its kind in a part called mimetype."""
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as part:
        return part.read(200).decode("ascii", errors="replace").strip() == kind.mark


def _check_xml(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], name: str) -> None:
    """No part declares a document type, the beginning of every XML bomb; office programs write none.

    A remark longer than what is looked at would hide one: the first element begins within it.
    """
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            with archive.open(part) as stream:
                head = stream.read(CHUNK).replace(b"\0", b"")
            begins = ASIDE.sub(b"", head).lstrip(MARKS)
            is_hidden = bool(begins) and not re.match(rb"<[^!?]", begins)
            if is_hidden or b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Refused(
                    _("“%(name)s” declares a document type of its own. Save it again from its program.")
                    % {"name": name},
                    code="xml",
                )


def _check_stream(file: Any, unpacked: int) -> None:
    """A gzip tells its size only when it is unpacked: it is, as far as it may go, and nothing is kept."""
    file.seek(0)
    size = 0
    try:
        with gzip.GzipFile(fileobj=file) as stream:
            while piece := stream.read(MB):
                size += len(piece)
                if size > unpacked or size > max(SWELLING_COUNTS, MOST_SWELLING * file.size):
                    raise _swells(file.name, size, unpacked)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file.name) from error


def _swells(name: str, size: int, unpacked: int) -> Refused:
    return Refused(
        _("“%(name)s” would take %(size)s or more once unpacked; at most %(most)s are taken. Cut it into several.")
        % {"name": name, "size": filesizeformat(size), "most": filesizeformat(unpacked)},
        code="swells",
    )


def _check_picture(file: Any, kind: Kind) -> None:
    """Its head alone is read: how many pixels it would be."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as picture:
                # A camera keeps a small second picture in a JPEG; in the other forms each counts.
                frames = 1 if kind is JPEG else getattr(picture, "n_frames", 1)
                pixels = picture.width * picture.height * frames
    except Image.DecompressionBombError:
        pixels = MOST_PIXELS * 4
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise _damaged(file.name) from error
    if pixels > MOST_PIXELS:
        raise Refused(
            _("“%(name)s” has %(n)s megapixels or more; at most %(most)s are taken. Make it smaller.")
            % {"name": file.name, "n": pixels // 1_000_000, "most": MOST_PIXELS // 1_000_000},
            code="pixels",
        )


def _check_harm(file: Any) -> None:
    if not scanning.is_scanned():
        return
    file.seek(0)
    try:
        found = scanning.find_harm(iter(lambda: file.read(CHUNK), b""))
    except scanning.ScannerAway as error:
        log.error("A file was refused because the virus scanner is away: %s", error)
        raise Refused(
            _("Files are not taken just now: the virus scanner does not answer. Nothing was kept; try again later."),
            code="scanner_away",
        ) from error
    if found:
        raise Refused(
            _("“%(name)s” is harmful: the virus scanner found %(found)s. Nothing was kept. Warn who gave it to you.")
            % {"name": file.name, "found": found},
            code="harmful",
        )
