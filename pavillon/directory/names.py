"""Names as they are compared: upper case, no accent, no sign, no legal form."""

import re
import unicodedata

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
_SIGNS = re.compile(r"[^A-Z0-9]+")


def plain(text: str) -> str:
    """Upper case letters and digits of `text`, accents taken off, one space between words."""
    flat = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE")).upper()
    return _SIGNS.sub(" ", "".join(c for c in flat if not unicodedata.combining(c))).strip()


def match_name(name: str) -> str:
    """The part of a company's name that identifies it."""
    # "S.A.R.L." would fall apart into letters: dots inside abbreviations are closed up first.
    words = plain(re.sub(r"(?<=\b\w)\.(?=\w\b)\.?", "", name)).split()
    kept = [word for word in words if word not in LEGAL_FORMS or word in TELLING]
    return " ".join(kept or words)[:250]


_SMALL = re.compile(r"\b(De|Du|Des|D|La|Le|Les|L|Et|À|En)\b(?!$)")


def readable(name: str) -> str:
    """A name that the register shouts, as people write it: "Bétons de l’Aubrac"."""
    words = name.title().replace("'", "’")
    return words[:1] + _SMALL.sub(lambda word: word.group().lower(), words[1:])
