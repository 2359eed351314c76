"""Whether a mail comes from the domain that it names, by what our own mail server says of it (RFC 8601). Pure."""

import re

ASIDE = re.compile(r"\([^()]*\)")
# property=value of one result: header.d=example.org, smtp.mailfrom=a@example.org
PROPERTY = re.compile(r"\b(header\.d|header\.from|smtp\.mailfrom|smtp\.from)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
PASSED = re.compile(r"^\s*(dkim|spf|dmarc)\s*=\s*pass\b", re.IGNORECASE)


def is_proven(results: list[str], sender: str, authority: str) -> bool:
    """Whether the topmost results of `authority` prove the domain of `sender`.

    Only the first header of our server counts: it writes on top, and takes away what bears its name below. DMARC
    counts for the domain in From; DKIM for the domain that signed, SPF for the one of the envelope, each equal to the
    sender's domain or above it.
    """
    ours = next((text for text in results if _authority_of(text) == authority.lower()), "") if authority else ""
    domain = sender.rpartition("@")[2].lower()
    return any(_proves(part, domain) for part in ASIDE.sub(" ", ours).split(";")[1:]) if domain else False


def _authority_of(text: str) -> str:
    words = ASIDE.sub(" ", text).partition(";")[0].split()
    return words[0].lower() if words else ""


def _proves(part: str, domain: str) -> bool:
    if not PASSED.match(part):
        return False
    method = part.split("=")[0].strip().lower()
    wanted = {"dkim": ("header.d",), "spf": ("smtp.mailfrom", "smtp.from"), "dmarc": ("header.from",)}[method]
    said = [value.rpartition("@")[2].lower() for name, value in PROPERTY.findall(part) if name.lower() in wanted]
    return any(_covers(one, domain, strictly=method == "dmarc") for one in said)


def _covers(one: str, domain: str, *, strictly: bool) -> bool:
    return one == domain or (not strictly and one.count(".") >= 1 and domain.endswith(f".{one}"))
