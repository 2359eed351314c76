"""Text as it is compared: upper-case Latin letters and digits, one space between words."""

import re
from functools import lru_cache

from anyascii import anyascii

_ABBREVIATION = re.compile(r"\b(?:\w\.){2,}\w?\b|\b(?:\w\. ){2,}\w?\b")
_VOWELS = str.maketrans("", "", "AEIOUYH")


class _Plain(dict[int, str]):
    """What each character becomes; other alphabets are transliterated, and every answer is remembered."""

    def __missing__(self, code: int) -> str:
        plain = "".join(c if c.isalnum() else " " for c in anyascii(chr(code)).upper())
        self[code] = plain
        return plain


_TABLE = _Plain({ord("&"): " ET ", ord("+"): " ET ", ord("@"): " A "})


def plain(text: str) -> str:
    """`text` in upper case without accents or signs: "Crêpes d'Or" gives "CREPES D OR"."""
    return " ".join(text.translate(_TABLE).split())


def closed(text: str) -> str:
    """`text` with its dotted abbreviations closed up: "S.A.R.L. Dupont" gives "SARL Dupont"."""
    if "." not in text:
        return text
    return _ABBREVIATION.sub(lambda found: found.group().replace(".", "").replace(" ", ""), text)


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables of words that are easier to read without quotes."""
    return frozenset(text.split())


def digits(text: str) -> str:
    """The digits of `text`, in their order."""
    return text if text.isdigit() and text.isascii() else "".join(c for c in text if "0" <= c <= "9")


@lru_cache(maxsize=100_000)
def sound(word: str) -> str:
    """A short code that words which sound alike in French or English often share.

    Twin letters, silent endings and vowels after the first letter are dropped; consonants that are written in several
    ways become one. `word` is plain text without a space.
    """
    for written, heard in _SOUNDS:
        if written in word:
            word = word.replace(written, heard)
    if len(word) > 3 and word[-1] in "STXDPZE":
        word = word[:-1]
    code = word[:1] + word[1:].translate(_VOWELS)
    single = [letter for place, letter in enumerate(code) if place == 0 or letter != code[place - 1]]
    return "".join(single)[:6]


_SOUNDS = (
    ("EAU", "O"), ("AU", "O"), ("PH", "F"), ("SCH", "S"), ("CH", "S"), ("SH", "S"), ("QU", "K"), ("CK", "K"),
    ("CE", "SE"), ("CI", "SI"), ("CY", "SY"), ("C", "K"), ("Q", "K"), ("Z", "S"), ("W", "V"), ("J", "G"),
    ("GN", "N"), ("TH", "T"), ("MB", "NB"), ("MP", "NP"),
)  # fmt: skip
