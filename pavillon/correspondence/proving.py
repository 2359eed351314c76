"""Whether a mail comes from the domain that it names, by what our own mail server says of it (RFC 8601). Pure."""

import re

# What may stand in a domain, an address or a name of a property; all other signs of a quoted text say nothing.
PLAIN = re.compile(r"[A-Za-z0-9.@_+-]")
AROUND = re.compile(r"\s*=\s*")
WANTED = {"dkim": ("header.d",), "spf": ("smtp.mailfrom", "smtp.from"), "dmarc": ("header.from",)}


def is_proven(results: list[str], sender: str, authority: str) -> bool:
    """Whether the one header of `authority` among `results`, as they came over the wire, proves the domain of `sender`.

    Two of its name prove nothing: our server takes away what bears its name, so that one of them is another's. DMARC
    counts for the domain in From; DKIM for the domain that signed, SPF for the one of the envelope, each equal to the
    sender's domain or above it.
    """
    read = [_parts(text) for text in results]
    ours = [parts for parts in read if parts[0] and parts[0][0].lower() == authority.lower()] if authority else []
    domain = sender.rpartition("@")[2].lower()
    return bool(domain) and len(ours) == 1 and any(_proves(words, domain) for words in ours[0][1:])


def _parts(text: str) -> list[list[str]]:
    """The words of each part between semicolons, without comments; a quoted text is one word with what is before it.

    What a sender chose (a name of his key, an address) stands within quotes or comments: no sign of it may end them.
    A header whose quotes or comments do not end has no part that proves.
    """
    said, depth, is_quoted = "", 0, False
    signs = iter(text)
    for sign in signs:
        if sign == "\\" and (depth or is_quoted):
            next(signs, "")
            said += "?" if is_quoted else ""
        elif is_quoted:
            is_quoted = sign != '"'
            said += sign if PLAIN.match(sign) else "?" if is_quoted else ""
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            said += " "
        elif depth == 0:
            is_quoted = sign == '"'
            said += "" if is_quoted else sign
        if depth < 0:
            break
    if depth or is_quoted:
        said = said.partition(";")[0]
    return [AROUND.sub("=", part).split() for part in said.split(";")]


def _proves(words: list[str], domain: str) -> bool:
    method, _sign, result = words[0].lower().partition("=") if words else ("", "", "")
    if method not in WANTED or result != "pass":
        return False
    said = [word.partition("=") for word in words[1:]]
    named = [value.rpartition("@")[2].lower() for name, _sign, value in said if name.lower() in WANTED[method]]
    return any(_covers(one, domain, strictly=method == "dmarc") for one in named)


def _covers(one: str, domain: str, *, strictly: bool) -> bool:
    return one == domain or (not strictly and one.count(".") >= 1 and domain.endswith(f".{one}"))
