"""Which encoding wrote a file, from its bytes.

UTF-8 proves itself. The eight-bit encodings never fail, so the one whose letters look most like written French or
English is taken: `é` of Windows-1252 is `Ž` in Mac Roman and `Ú` in code page 850.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path

from pavillon.intake.reading import faults

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
EIGHT_BIT = ("cp1252", "mac_roman", "cp850")
# Letters of French and its neighbours, and the signs that office tools put in by themselves.
LIKELY = frozenset("éèêëàâäùûüîïôöçñßÉÈÊËÀÂÄÙÛÜÎÏÔÖÇÑœŒæÆáíóúãõåøÅØ’‘“”«»–—…€°²\u00a0")
PIECE = 1 << 20


def find_encoding(path: Path) -> str:
    """The name of the encoding. Raises `BadFile` for an empty file or one that is no text.

    Reads the whole file once, in pieces of 1 MiB: a single `é` on the last line decides as well as on the first.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise faults.empty()
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = bytearray()
    is_utf8 = True
    for line, piece in _pieces(path):
        if b"\0" in piece:
            raise faults.undecodable(line + piece[: piece.index(b"\0")].count(b"\n"))
        if is_utf8:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                is_utf8 = False
        seen += bytes(byte for byte in piece if byte > 0x7F)[: 100_000 - len(seen)]
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            pass
    return max(EIGHT_BIT, key=lambda encoding: _likeness(bytes(seen), encoding))


def _pieces(path: Path) -> Iterator[tuple[int, bytes]]:
    line = 1
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield line, piece
            line += piece.count(b"\n")


def _likeness(seen: bytes, encoding: str) -> float:
    """Share of the letters beyond ASCII that a French or English writer would have typed; ties go to the first."""
    text = seen.decode(encoding, "replace")
    return sum(letter in LIKELY for letter in text) / max(len(text), 1)
