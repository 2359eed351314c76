"""Names of companies and of people: what identifies, apart from what only decorates."""

from functools import lru_cache
from typing import NamedTuple

from pavillon.matching.engine.text import closed, plain, words

# Legal forms, as families: two companies at one address are often told apart by theirs.
_FORMS = {
    "SA": "SA", "SAS": "SAS", "SASU": "SAS", "SARL": "SARL", "EURL": "SARL", "SNC": "SNC", "SCI": "SCI", "SCCV": "SCI",
    "SCA": "SCA", "SCM": "SCM", "SCP": "SCP", "SCEA": "SCEA", "GAEC": "GAEC", "EARL": "EARL", "GFA": "GFA",
    "SCOP": "SCOP", "SCIC": "SCOP", "EI": "EI", "EIRL": "EI", "GIE": "GIE", "SELARL": "SELARL", "SELAS": "SELARL",
    "SPFPL": "SPFPL", "SEM": "SEM", "SEML": "SEM", "SPL": "SEM", "SE": "SA",
    "GMBH": "SARL", "AG": "SA", "LTD": "SARL", "LIMITED": "SARL", "INC": "SA", "CORP": "SA", "LLC": "SARL", "PLC": "SA",
    "BV": "SARL", "NV": "SA", "SPA": "SA", "SRL": "SARL", "SL": "SARL", "KG": "SNC", "OHG": "SNC", "OY": "SARL",
    "AB": "SARL", "APS": "SARL", "SPRL": "SARL", "LDA": "SARL", "KFT": "SARL", "SRO": "SARL", "DOO": "SARL",
}  # fmt: skip
_LONG_FORMS = (
    ("SOCIETE A RESPONSABILITE LIMITEE", "SARL"), ("SOCIETE PAR ACTIONS SIMPLIFIEE UNIPERSONNELLE", "SASU"),
    ("SOCIETE PAR ACTIONS SIMPLIFIEE", "SAS"), ("SOCIETE CIVILE IMMOBILIERE", "SCI"), ("SOCIETE ANONYME", "SA"),
    ("SOCIETE EN NOM COLLECTIF", "SNC"), ("ENTREPRISE UNIPERSONNELLE A RESPONSABILITE LIMITEE", "EURL"),
    ("EXPLOITATION AGRICOLE A RESPONSABILITE LIMITEE", "EARL"),
    ("GROUPEMENT AGRICOLE D EXPLOITATION EN COMMUN", "GAEC"),
    ("SOCIETE COOPERATIVE ET PARTICIPATIVE", "SCOP"), ("SOCIETE CIVILE D EXPLOITATION AGRICOLE", "SCEA"),
)  # fmt: skip
_STARTS_OF_LONG_FORMS = ("SOCIETE ", "ENTREPRISE UNI", "EXPLOITATION AGRI", "GROUPEMENT AGRI")
# Words that decorate: the firm is the same with and without them.
_DECORATION = words("""
    ETS ETABLISSEMENT ETABLISSEMENTS ETABL ETBS STE SOC SOCIETE CIE COMPAGNIE ENTREPRISE ENT MAISON MONSIEUR MADAME M
    MR MME MLLE ET LA LE LES L DE DU DES D A AU AUX EN AND THE OF
    """)
_RELATIVES = {"FRERES": "FRERES", "FRES": "FRERES", "FS": "FILS", "BROS": "FRERES"}
# Words that tell sister companies apart: a holding is not the firm that it holds.
ROLES = {
    "HOLDING": "HOLDING", "HOLD": "HOLDING", "GROUPE": "GROUP", "GROUP": "GROUP", "FINANCIERE": "HOLDING",
    "FINANCE": "HOLDING", "FINANCES": "HOLDING", "PARTICIPATIONS": "HOLDING", "PARTICIPATION": "HOLDING",
    "INVEST": "HOLDING", "INVESTISSEMENT": "HOLDING", "INVESTISSEMENTS": "HOLDING", "PATRIMOINE": "PROPERTY",
    "IMMO": "PROPERTY", "IMMOBILIER": "PROPERTY", "IMMOBILIERE": "PROPERTY", "FONCIERE": "PROPERTY",
    "EXPORT": "EXPORT", "INTERNATIONAL": "EXPORT", "IMPORT": "EXPORT", "SERVICE": "SERVICE", "SERVICES": "SERVICE",
    "DISTRIBUTION": "TRADE", "NEGOCE": "TRADE", "LOGISTIQUE": "LOGISTICS", "TRANSPORT": "LOGISTICS",
    "TRANSPORTS": "LOGISTICS", "FORMATION": "TRAINING", "LOCATION": "RENT", "INDUSTRIE": "INDUSTRY",
    "INDUSTRIES": "INDUSTRY", "DEVELOPPEMENT": "DEVELOPMENT", "GESTION": "MANAGEMENT",
}  # fmt: skip
# The long vowels of usual abbreviations in names.
_SHORT = {
    "FRCE": "FRANCE", "INTL": "INTERNATIONAL", "INTERNAT": "INTERNATIONAL", "TRANSP": "TRANSPORTS",
    "CONST": "CONSTRUCTION",
    "CONSTR": "CONSTRUCTION", "DISTRIB": "DISTRIBUTION", "SERV": "SERVICES", "IND": "INDUSTRIE", "ELEC": "ELECTRICITE",
    "MECA": "MECANIQUE", "MENUIS": "MENUISERIE", "ST": "SAINT", "STS": "SAINTS", "AGRI": "AGRICOLE",
}  # fmt: skip


class CompanyName(NamedTuple):
    """A company's name in comparable pieces; None is unknown."""

    core: str | None
    """What identifies it: no legal form, no decoration, roles kept out."""
    words: tuple[str, ...]
    roles: str
    """Its roles, sorted ("EXPORT HOLDING"); "" when it plays none."""
    form: str | None
    acronym: str | None


_NOTHING = CompanyName(None, (), "", None, None)


def company_name(text: str) -> CompanyName:
    """A company's name taken apart. "S.A.R.L. Ets Dupont & Fils" gives core "DUPONT FILS" and form SARL."""
    flat = plain(closed(text))
    if not flat:
        return _NOTHING
    if any(start in flat for start in _STARTS_OF_LONG_FORMS):
        for written, short in _LONG_FORMS:
            if written in flat:
                flat = flat.replace(written, short)
                break
    words = flat.split()
    form = None
    kept: list[str] = []
    roles: list[str] = []
    for place, word in enumerate(words):
        if word in _FORMS and (form is None or place in (0, len(words) - 1)) and len(words) > 1:
            form = _FORMS[word]
            continue
        if word in _DECORATION:
            continue
        word = _SHORT.get(word, word)
        word = _RELATIVES.get(word, word)
        role = ROLES.get(word)
        if role is not None:
            roles.append(role)
        else:
            kept.append(word)
    if not kept:
        # "Holding Services SAS": what is left over is the name.
        kept, roles = [word for word in words if word not in _FORMS] or words, []
    letters = "".join(word[0] for word in words if word not in _FORMS and word not in _DECORATION)
    core = " ".join(kept)
    return CompanyName(
        core=core[:120],
        words=tuple(dict.fromkeys(kept)),
        roles=" ".join(sorted(set(roles))),
        form=form,
        acronym=letters[:12] if len(letters) > 2 else None,
    )


_PARTICLES = words("DE DU DES D LA LE LES VAN VON DER DEN DI DA DOS EL AL BEN")
_TITLES = words("M MR MRS MS MME MLLE MONSIEUR MADAME DR PR ME MAITRE DOCTEUR MISS")


@lru_cache(maxsize=200_000)
def person_name(text: str) -> str | None:
    """A given or family name as it is compared: no title, no particle, hyphens opened ("Jean-Luc" is JEAN LUC)."""
    words = [word for word in plain(text).split() if word not in _TITLES]
    kept = [word for word in words if word not in _PARTICLES] or words
    return " ".join(kept)[:80] or None


def split_full_name(text: str) -> tuple[str, str]:
    """(given names, family name) of a whole name.

    Words in capitals are the family name, as French letters write it ("DUPONT Marie"); "Dupont, Marie" is read so too;
    else the last word is, with the particles before it.
    """
    text = text.strip()
    if "," in text:
        family, _, given = text.partition(",")
        return given.strip(), family.strip()
    words = [word for word in text.split() if plain(word) not in _TITLES]
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    if capitals and len(capitals) < len(words):
        return " ".join(w for w in words if w not in capitals), " ".join(capitals)
    cut = len(words) - 1
    while cut > 1 and plain(words[cut - 1]) in _PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])


# Short forms by which people sign, and the name that they stand for.
_NICKNAMES = {
    "ALEX": "ALEXANDRE", "BEN": "BENJAMIN", "BILL": "WILLIAM", "BOB": "ROBERT", "CATHY": "CATHERINE",
    "CHRIS": "CHRISTOPHE",
    "DAN": "DANIEL", "DAVE": "DAVID", "DOM": "DOMINIQUE", "FRED": "FREDERIC", "GREG": "GREGORY", "GUS": "AUGUSTE",
    "JEFF": "GEOFFREY", "JO": "JOSEPH", "KATE": "KATHERINE", "LIZ": "ELIZABETH", "MANU": "EMMANUEL", "MAT": "MATTHIEU",
    "MATT": "MATTHEW", "MAX": "MAXIME", "MIKE": "MICHAEL", "NICO": "NICOLAS", "PHIL": "PHILIPPE", "SAM": "SAMUEL",
    "SEB": "SEBASTIEN", "STEF": "STEPHANIE", "STEPH": "STEPHANE", "THEO": "THEODORE", "TOM": "THOMAS",
    "TONY": "ANTHONY",
    "VAL": "VALERIE", "VIRG": "VIRGINIE", "WILL": "WILLIAM", "ZACK": "ZACHARY",
}  # fmt: skip


def formal(given: str | None) -> str | None:
    """The first given name without its short form ("FRED" is FREDERIC); itself when it is not one."""
    if given is None:
        return None
    first = given.partition(" ")[0]
    return _NICKNAMES.get(first, first)
