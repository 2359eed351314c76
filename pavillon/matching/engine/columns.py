"""What the columns of an unknown table hold: guessed from header and values, corrected by the person who knows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pavillon.matching.engine.channels import email_addresses, phone_numbers
from pavillon.matching.engine.dates import day_of
from pavillon.matching.engine.names import company_name
from pavillon.matching.engine.numbers import valid_siren, valid_siret, valid_vat
from pavillon.matching.engine.records import COMPANY, EXTRA, OTHER, PERSON
from pavillon.matching.engine.text import plain, words

IGNORED = "ignore"
EXTRAS = ("text", "code", "number", "date")
SAMPLE = 1000
"""Rows from which kinds are guessed."""


@dataclass(frozen=True)
class _Rule:
    """A kind of column: words that its header may hold, and what most of its values look like."""

    kind: str
    header: re.Pattern[str]
    fits: Callable[[str], object] | None = None
    several: bool = False
    by_value: float = 2.0
    """Share of fitting values from which the kind is taken without a header's help; above 1: never."""


def _rule(
    kind: str, header: str, fits: Callable[[str], object] | None = None, *, several: bool = False, by_value: float = 2.0
) -> _Rule:
    return _Rule(kind, re.compile(rf"\b(?:{header})\b"), fits, several, by_value)


def _looks_like_website(value: str) -> bool:
    return bool(re.match(r"(?i)^(https?://|www\.)?[\w-]+(\.[\w-]+)+(/\S*)?$", value.strip())) and "@" not in value


def _looks_like_postcode(value: str) -> bool:
    return bool(re.match(r"^[A-Za-z]{0,2}[- ]?\d{4,5}$|^[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2}$", value.strip()))


# From the narrow to the wide: the first that fits a header wins.
_RULES = (
    _rule("siret", "SIRET", valid_siret, by_value=0.9),
    _rule("siren", "SIREN", valid_siren, by_value=0.9),
    _rule("vat", "TVA|VAT|VAT ID|NUMERO TVA", valid_vat, by_value=0.9),
    _rule("birth_date", "NAISSANCE|BIRTH|BIRTHDATE|BIRTHDAY|DOB|NE LE|NEE LE", day_of),
    _rule(
        "national_id",
        "NIR|SSN|SOC SEC ID|SOCIAL SECURITY|SECURITE SOCIALE|NATIONAL ID|NATIONAL NUMBER|NUMERO NATIONAL|PASSPORT",
    ),
    _rule("email", "E MAIL|EMAIL|MAIL|COURRIEL|MEL|ADRESSE ELECTRONIQUE", email_addresses, several=True, by_value=0.8),
    _rule("phone", "TEL|TELEPHONE|PHONE|MOBILE|PORTABLE|GSM|FIXE|STANDARD", phone_numbers, several=True),
    _rule("website", "SITE|WEB|WEBSITE|URL|INTERNET|HOMEPAGE|DOMAINE|DOMAIN", _looks_like_website, several=True),
    _rule("postcode", "CP|CODE POSTAL|POSTCODE|POST CODE|POSTAL|ZIP|ZIPCODE|PLZ", _looks_like_postcode),
    _rule("street_number", "STREET NUMBER|HOUSE NUMBER|NUMERO VOIE|NUMERO DE VOIE|NUMERO DE RUE|NO VOIE"),
    _rule("address2", "ADDRESS 2|ADDRESS LINE 2|ADRESSE 2|COMPLEMENT|COMPLEMENT ADRESSE"),
    _rule("address", "ADRESSE|ADDRESS|STREET|RUE|VOIE|LIBELLE VOIE"),
    _rule("town", "VILLE|COMMUNE|TOWN|CITY|SUBURB|LOCALITE|LOCALITY"),
    _rule("region", "REGION|STATE|PROVINCE|COUNTY|DEPARTEMENT|DEPARTMENT"),
    _rule("country", "PAYS|COUNTRY"),
    _rule("trade_name", "ENSEIGNE|NOM COMMERCIAL|TRADE NAME|MARQUE|DENOMINATION USUELLE"),
    _rule("acronym", "SIGLE|ACRONYM"),
    _rule("given_name", "PRENOM|PRENOMS|FIRST NAME|FIRSTNAME|GIVEN NAME|FORENAME"),
    _rule("family_name", "NOM DE FAMILLE|NOM PATRONYMIQUE|NOM D USAGE|SURNAME|LAST NAME|LASTNAME|FAMILY NAME"),
    _rule("full_name", "NOM COMPLET|FULL NAME|NOM ET PRENOM|NOM PRENOM|PRENOM NOM|INTERLOCUTEUR|CONTACT|DIRIGEANT"),
    _rule(
        "company",
        "RAISON SOCIALE|DENOMINATION|SOCIETE|ENTREPRISE|COMPANY|COMPANY NAME|ORGANISATION|ORGANIZATION|ORGANISME|"
        "ETABLISSEMENT|BUSINESS NAME|CLIENT|CUSTOMER|EMPLOYER|EMPLOYEUR|SUPPLIER|FOURNISSEUR|STRUCTURE|FIRM",
    ),
    _rule("name", "NOM|NAME|LIBELLE|INTITULE"),
)  # fmt: skip

# A header with one of these says what happened to a row, not who it is about.
_NOT_EVIDENCE = re.compile(
    r"\b(DATE|CREATED|UPDATED|CREE|MODIFIE|STATUT|STATUS|COMMENTAIRE|COMMENT|NOTE|SOURCE|CODE INSEE)\b"
)

COLUMN_KINDS = tuple(dict.fromkeys([*(rule.kind for rule in _RULES), *EXTRAS, IGNORED]))
"""All the kinds a person may name."""
_MEANINGS = {
    COMPANY: words(
        "name trade_name acronym siren siret vat phone email website address street_number address2 postcode town"
        " country"
    ),
    PERSON: words(
        "given_name family_name full_name birth_date national_id phone email address street_number address2 postcode"
        " town region country company"
    ),
    OTHER: words("siren siret vat"),
}
_SEVERAL = frozenset(rule.kind for rule in _RULES if rule.several)


class UnknownColumn(ValueError):
    """A column that the table does not have, or a kind that does not exist; the message says which exist."""


@dataclass(frozen=True)
class Layout:
    """What a table holds: the kind of its records, and the kind of each column (IGNORED when it tells nothing)."""

    records: str
    kinds: Mapping[str, str]
    extras: Mapping[str, str] = field(default_factory=dict)
    """Column -> name of its extra field."""

    def record(self, row: Mapping[str, str]) -> dict[str, str | list[str]]:
        """A row of the table as a raw record."""
        made: dict[str, str | list[str]] = {}
        for column, kind in self.kinds.items():
            value = row.get(column, "")
            if kind == IGNORED or not value:
                continue
            if column in self.extras:
                made[self.extras[column]] = value
            elif kind in _SEVERAL:
                several = made.setdefault(kind, [])
                assert isinstance(several, list)
                several.append(value)
            elif kind in made:
                if kind in ("address", "given_name"):
                    made[kind] = f"{made[kind]} {value}"
            else:
                made[kind] = value
        return made


def header_words(header: str) -> str:
    """A header as words: "codePostalEtablissement" and "code_postal_etablissement" are the same three."""
    return plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).replace(" NUM ", " ")


def guess_layout(
    header: Sequence[str],
    sample: Sequence[Mapping[str, str]],
    *,
    chosen: Mapping[str, str] | None = None,
    records: str | None = None,
) -> Layout:
    """The layout of a table from its header and some rows. `chosen` (column -> kind) and `records` overrule the guess.

    Raises UnknownColumn when `chosen` names a column or a kind that does not exist.
    """
    chosen = dict(chosen or {})
    for column, kind in chosen.items():
        if column not in header:
            raise UnknownColumn(f"there is no column “{column}”; the columns are: {', '.join(header)}")
        if kind not in COLUMN_KINDS:
            raise UnknownColumn(f"“{kind}” is no kind of column; the kinds are: {', '.join(COLUMN_KINDS)}")
    values = {column: [row[column] for row in sample if row.get(column, "").strip()] for column in header}
    kinds = {column: chosen.get(column) or _guess(header_words(column), values[column]) for column in header}
    records = records or _records(kinds, values)
    kinds = {column: kind if column in chosen else _settled(kind, records, kinds) for column, kind in kinds.items()}
    kinds = _each_once(kinds, chosen, values)
    if records == OTHER:
        kinds = {
            c: k if k != IGNORED or c in chosen else _extra_kind(c, values[c], len(sample)) for c, k in kinds.items()
        }
    extras = {column: f"{EXTRA}{kind}_{place}" for place, (column, kind) in enumerate(kinds.items()) if kind in EXTRAS}
    return Layout(records, kinds, extras)


def _guess(words: str, values: Sequence[str]) -> str:
    for rule in _RULES:
        if rule.header.search(words):
            if rule.fits and values and _share(rule.fits, values) < 0.3:
                continue
            if rule.kind not in ("birth_date", "siren", "siret", "vat") and _NOT_EVIDENCE.search(words):
                continue
            return rule.kind
    for rule in _RULES:
        if rule.fits and len(values) >= 5 and _share(rule.fits, values) >= rule.by_value:
            return rule.kind
    return IGNORED


def _share(fits: Callable[[str], object], values: Sequence[str]) -> float:
    return sum(bool(fits(value)) for value in values) / max(len(values), 1)


def _records(kinds: Mapping[str, str], values: Mapping[str, Sequence[str]]) -> str:
    found = set(kinds.values())
    if found & {"given_name", "family_name", "birth_date", "national_id"}:
        return PERSON
    if found & {"siren", "siret", "vat", "company", "trade_name"}:
        return COMPANY
    names = [value for column, kind in kinds.items() if kind == "name" for value in values[column]]
    if names and (_share(lambda value: company_name(value).form, names) > 0.05 or "website" in found):
        return COMPANY
    if "full_name" in found:
        return PERSON
    if "name" in found and found & {"address", "postcode", "town", "phone", "email"}:
        return PERSON if _share(_looks_like_person, names) > 0.8 else COMPANY
    return OTHER


def _looks_like_person(value: str) -> bool:
    words = value.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() and word.replace("-", "").isalpha() for word in words)


def _settled(kind: str, records: str, kinds: Mapping[str, str]) -> str:
    """The kind that an ambiguous header has in a table of such records."""
    if kind in EXTRAS:
        return kind
    if records == COMPANY and kind == "company":
        return "name"
    if records == COMPANY and kind == "name" and "company" in kinds.values():
        return IGNORED
    if records == PERSON and kind == "name":
        return "family_name" if "given_name" in kinds.values() else "full_name"
    return kind if kind in _MEANINGS[records] else IGNORED


def _each_once(
    kinds: Mapping[str, str], chosen: Mapping[str, str], values: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """A kind that a record has once stays on one column: a chosen one, else the fullest."""
    kept: dict[str, str] = {}
    for kind in dict.fromkeys(kinds.values()):
        columns = [column for column, its in kinds.items() if its == kind]
        if kind in (IGNORED, "address", "given_name", *EXTRAS) or kind in _SEVERAL or len(columns) == 1:
            kept |= dict.fromkeys(columns, kind)
            continue
        best = max(columns, key=lambda column: (column in chosen, len(values[column])))
        kept |= {column: kind if column == best or column in chosen else IGNORED for column in columns}
    return {column: kept[column] for column in kinds}


def _extra_kind(column: str, values: Sequence[str], rows: int) -> str:
    """In a table about other things every column counts, unless it numbers the rows or says the same everywhere."""
    words = header_words(column)
    distinct = len(set(values))
    if not values or distinct < 2 or _NOT_EVIDENCE.search(words):
        return IGNORED
    if re.search(r"\b(ID|REC ID|RECORD ID|ROWID|UUID|KEY|INDEX|NUMERO LIGNE|CLUSTER)\b", words) and distinct == len(
        values
    ):
        return IGNORED
    numbers = _share(lambda value: re.fullmatch(r"\s*-?\d[\d \u00a0]*([.,]\d+)?\s*", value), values)
    if _share(day_of, values) > 0.9 and numbers < 0.9:
        return "date"
    if numbers > 0.95:
        return "code" if all(value.isdigit() and len(value) > 5 for value in values) else "number"
    return (
        "code"
        if _share(lambda v: len(v) <= 20 and any(c.isdigit() for c in v) and " " not in v.strip(), values) > 0.9
        else "text"
    )
