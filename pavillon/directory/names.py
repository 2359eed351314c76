"""Names as they are compared: upper case, no accent, no sign, no legal form."""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import Q

# Legal forms and the usual words around them; what is left must never be empty.
LEGAL_FORMS = frozenset(
    [
        "SA",
        "SAS",
        "SASU",
        "SARL",
        "EURL",
        "SNC",
        "SCI",
        "SCA",
        "SCOP",
        "SCIC",
        "EI",
        "EIRL",
        "GIE",
        "SELARL",
        "SPRL",
        "GMBH",
        "AG",
        "LTD",
        "LIMITED",
        "INC",
        "LLC",
        "PLC",
        "BV",
        "NV",
        "SPA",
        "SRL",
        "SL",
        "KG",
        "OY",
        "AB",
        "AS",
        "ETS",
        "ETABLISSEMENTS",
        "ETABLISSEMENT",
        "STE",
        "SOCIETE",
        "CIE",
        "COMPAGNIE",
        "GROUPE",
        "HOLDING",
    ]
)
# A holding is another company than the firm that it holds: these words tell companies apart.
TELLING = frozenset({"HOLDING", "GROUPE"})
_SIGNS = re.compile(r"[\W_]+")
# Letters that no accent makes: their usual spelling in plain letters.
_LETTERS = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "Ħ": "H", "ı": "I"}
)


def plain(text: str) -> str:
    """Upper case letters and digits of `text`, accents taken off, one space between words.

    Letters of other alphabets stay: a Greek or Chinese name is compared as it is written.
    """
    flat = unicodedata.normalize("NFKD", text).upper().translate(_LETTERS)
    return _SIGNS.sub(" ", "".join(c for c in flat if not unicodedata.combining(c))).strip()


def begins(path: str, text: str) -> Q:
    """Texts that begin so, as a range of the b-tree index of `path`: both are in plain capitals.

    A LIKE would go to the index of trigrams, a hundred times slower on common words.
    """
    return Q(**{f"{path}__gte": text, f"{path}__lt": text[:-1] + chr(ord(text[-1]) + 1)})


def has_words(path: str, words: Iterable[str]) -> Q:
    """Texts with all these words, anywhere."""
    return Q(*(Q(**{f"{path}__contains": word}) for word in words))


def match_name(name: str) -> str:
    """The part of a company's name that identifies it."""
    # "S.A.R.L." would fall apart into letters: dots inside abbreviations are closed up first.
    words = plain(re.sub(r"(?<=\b\w)\.(?=\w\b)\.?", "", name)).split()
    kept = [word for word in words if word not in LEGAL_FORMS or word in TELLING]
    return " ".join(kept or words)[:250]


def is_legal_form(words: Iterable[str]) -> bool:
    """Whether words say nothing of who it is: "SARL", "SOCIETE"."""
    return all(word in LEGAL_FORMS for word in words)


# How the words of a French name are written when they are not simply capitalised.
_WRITTEN = {
    "SOCIETE": "Société",
    "ETABLISSEMENT": "Établissement",
    "ETABLISSEMENTS": "Établissements",
    "ETS": "Ets",
    "STE": "Sté",
    "CIE": "Cie",
    "ST": "St",
    "MR": "Mr",
    "MME": "Mme",
    "DR": "Dr",
    "FRERES": "Frères",
}
_SPELLED_OUT = frozenset({"SOCIETE", "ETABLISSEMENT", "ETABLISSEMENTS", "COMPAGNIE", "GROUPE", "HOLDING", "LIMITED"})
_SMALL = frozenset({"de", "du", "des", "et", "à", "au", "aux", "en", "sur", "sous", "pour", "par", "chez", "dans"})
# "Bétons de la Loire", but "Boulangerie Le Gall": an article follows a small word, elsewhere it begins a name.
_ARTICLES = frozenset({"la", "le", "les"})
_ELIDED = frozenset({"l", "d", "j", "m", "n", "s", "c", "t", "qu", "jusqu"})
_NUMERAL = re.compile(r"[IVX]{2,}|\w*\d\w*")
_VOWELS = frozenset("AEIOUY")


def readable(name: str) -> str:
    """A name that the register shouts, as people write it: "SARL BETONS DE L'AUBRAC" is "SARL Betons de l’Aubrac".

    Legal forms, initials, figures and short words without a vowel (BTP, SNCF) keep their capitals. The register has
    lost the accents; only those of a few words that begin many names are put back. A name that has small letters was
    written by somebody, and stays.
    """
    name = " ".join(name.replace("'", "’").split())
    if any(letter.islower() for letter in name):
        return name
    written: list[str] = []
    begins = True
    for word in name.split():
        before = written[-1].lower() if written else ""
        # Inside "Port-la-Forêt" an article is small whatever stands before it.
        parts = enumerate(word.split("-"))
        written.append("-".join(_written(part, begins and not i, "de" if i else before) for i, part in parts))
        begins = begins and (_is_form(word) or not any(letter.isalpha() for letter in word))
    return " ".join(written)


def _is_form(word: str) -> bool:
    return word.replace(".", "") in LEGAL_FORMS - _SPELLED_OUT and word not in _WRITTEN


def _written(word: str, begins: bool, before: str) -> str:
    """One word. `begins`: it opens the name; `before`: the word that stands before it, as it is written."""
    head, apostrophe, tail = word.partition("’")
    if apostrophe and head.lower() in _ELIDED and tail:
        return f"{head.capitalize() if begins else head.lower()}’{_written(tail, True, '')}"
    if apostrophe:
        return f"{_written(head, True, '')}’{_written(tail, True, '')}" if tail else head.capitalize() + "’"
    bare = "".join(letter for letter in plain(word) if letter.isalpha())
    if plain(word) in _WRITTEN:
        return _WRITTEN[plain(word)]
    if _is_form(word) or "." in word or _NUMERAL.fullmatch(word) or (len(bare) <= 5 and not set(bare) & _VOWELS):
        return word
    small = word.lower()
    if not begins and (small in _SMALL or (small in _ARTICLES and before in _SMALL)):
        return small
    return small.capitalize()
