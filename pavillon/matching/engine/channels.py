"""Phones, e-mail addresses and internet domains in the one form under which equal ones are equal."""

import re
from functools import lru_cache

from pavillon.matching.engine.text import digits, words

# Two records that share one of these domains share nothing.
FREE_MAIL = words("""
    aliceadsl.fr aol.com bbox.fr cegetel.net club-internet.fr free.fr gmail.com gmx.com gmx.de gmx.fr googlemail.com
    hotmail.be hotmail.co.uk hotmail.com hotmail.fr icloud.com laposte.net live.com live.fr mac.com mail.com me.com
    msn.com neuf.fr noos.fr numericable.fr orange.fr outlook.com outlook.fr proton.me protonmail.com sfr.fr
    skynet.be t-online.de voila.fr wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.de yahoo.fr ymail.com
    """)
# Sites where anybody has a page: they name the host, not the owner.
HOSTS = words("facebook.com fr.linkedin.com instagram.com linkedin.com pagesjaunes.fr twitter.com x.com youtube.com")
# Second levels under which names are given: "dupont.co.uk" is a name, "co.uk" is not.
_SECOND_LEVELS = frozenset({"ac", "asso", "co", "com", "gouv", "gov", "net", "org", "nom"})

_SEVERAL = re.compile(r"[/;|\n]| ou | et |, *(?=[+0(])")
_EXTENSION = re.compile(r"(?i)\s*(?:poste|ext\.?|extension|x|#)\s*\d+\s*$")
_TRUNK = re.compile(r"\(\s*0\s*\)")
_PLACEHOLDERS = re.compile(r"^(\d)\1+$")


def phone_numbers(text: str, country: str = "FR") -> list[str]:
    """The phone numbers in a cell, in international form ("+33298861234"), each once, in their order.

    French numbers are read in any writing: "02.98.86.12.34", "+33 (0)2 98…", "0033…", "298861234" from a spreadsheet
    that ate the zero. Numbers too short to belong to anybody, or made of one digit, are left out.
    """
    if not text:
        return []
    cells = _SEVERAL.split(text) if _SEVERAL.search(text) else [text]
    found = [number for cell in cells if (number := _one_phone(cell, country))]
    return list(dict.fromkeys(found))


def _one_phone(text: str, country: str) -> str | None:
    if "(" in text:
        text = _TRUNK.sub("", text)
    text = _EXTENSION.sub("", text)
    number = digits(text)
    is_international = text.lstrip().startswith("+")
    if not is_international and number.startswith("00"):
        number, is_international = number[2:], True
    if country == "FR" and not is_international:
        if len(number) == 9 and number[0] != "0":
            number = f"33{number}"
        elif len(number) == 10 and number[0] == "0":
            number = f"33{number[1:]}"
        elif len(number) == 11 and number.startswith("33"):
            pass
        elif len(number) == 12 and number.startswith("330"):
            number = f"33{number[3:]}"
    elif is_international and number.startswith("330") and len(number) == 12:
        number = f"33{number[3:]}"
    if not 6 <= len(number) <= 15 or _PLACEHOLDERS.match(number[-8:]) or number.endswith("12345678"):
        return None
    return f"+{number}"


def email_addresses(text: str) -> list[str]:
    """The e-mail addresses in a cell, in lower case, each once."""
    if "@" not in text:
        return []
    found = []
    for word in re.split(r"[\s,;|<>]+", text.lower()):
        name, _, host = word.removeprefix("mailto:").strip(".'\"()").partition("@")
        if name and "." in host and "@" not in host:
            found.append(f"{name}@{host}")
    return list(dict.fromkeys(found))


@lru_cache(maxsize=100_000)
def domain_of(address: str) -> str | None:
    """The domain that names the owner of a website or an e-mail address; None for free mail and shared sites."""
    host = address.rsplit("@", 1)[-1].lower().strip()
    host = host.partition("://")[2] or host
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].strip(".")
    labels = host.split(".")
    if len(labels) < 2 or host in FREE_MAIL or not all(labels) or not labels[-1].isalpha():
        return None
    keep = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVELS and len(labels[-1]) <= 3 else 2
    host = ".".join(labels[-keep:])
    return None if host in FREE_MAIL or host in HOSTS or labels[-2] in {"facebook", "linkedin", "instagram"} else host
