"""Which descriptions of a batch have nothing to do with each other: those may be worked off together."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.names import match_name
from pavillon.directory.queries.describing import Described, typed_description
from pavillon.directory.queries.finding import LEAST, LIKENESS
from pavillon.matching import queries as matching

# From this likeness two names are asked about wherever they stand.
ALIKE_ANYWHERE = 0.6


def stand_apart(descriptions: Sequence[Mapping[str, str]]) -> list[bool]:
    """Whether no other of these may be what `candidates` would propose for each, were it in the base already.

    `descriptions` are what `candidates` is asked with. Asks nothing of the base; two hundred take some 0.1 s.
    """
    records = [typed_description(**said) for said in descriptions]
    near = _reached_alike(records) | _sharing_keys(records) | _named_alike(records)
    return [place not in near for place in range(len(records))]


def _reached_alike(records: Sequence[Described]) -> set[int]:
    """Those that have an e-mail, a phone or a domain in common."""
    having: dict[tuple[str, str], set[int]] = defaultdict(set)
    for place, said in enumerate(records):
        for address in said["email"]:
            having["email", address.lower()].add(place)
        for phone in filter(None, map(plain_phone, said["phone"])):
            having["phone", phone].add(place)
        for domain in {domain_of(address) for address in (said["website"], *said["email"]) if address} - {""}:
            having["domain", domain].add(place)
    return {place for places in having.values() if len(places) > 1 for place in places}


def _sharing_keys(records: Sequence[Described]) -> set[int]:
    """Those that share a key of the matcher, when its model holds the two for possible."""
    prepared = [matching.prepare("company", record) for record in records]
    having: dict[str, set[int]] = defaultdict(set)
    for place, record in enumerate(prepared):
        for key in matching.question_keys("company", record):
            having[key].add(place)
    pairs = {pair for places in having.values() for pair in combinations(sorted(places), 2)}
    model = matching.live_model("company")
    found: set[int] = set()
    for one, other in sorted(pairs):
        if one in found and other in found:
            continue
        score = matching.score_prepared("company", prepared[one], prepared[other], model)
        if not score.conflict and score.probability >= LEAST:
            found |= {one, other}
    return found


def _named_alike(records: Sequence[Described]) -> set[int]:
    """Those whose names are alike, as the base would measure it; in one place a weaker likeness is enough."""
    names = [match_name(record["name"]) for record in records]
    parts = [_trigrams(name) for name in names]
    places = [{record["postcode"], str(record["town"]).casefold()} - {""} for record in records]
    found: set[int] = set()
    for one, other in combinations(range(len(records)), 2):
        if not parts[one] or not parts[other]:
            continue
        common = len(parts[one] & parts[other])
        likeness = common / (len(parts[one]) + len(parts[other]) - common)
        begins = names[one].startswith(names[other]) or names[other].startswith(names[one])
        is_near = bool(places[one] & places[other])
        if likeness >= (LIKENESS if is_near else ALIKE_ANYWHERE) or (is_near and begins):
            found |= {one, other}
    return found


def _trigrams(name: str) -> frozenset[str]:
    """The threes of letters of a name, as PostgreSQL's pg_trgm cuts them."""
    words = (f"  {word} " for word in re.findall(r"\w+", name.lower()))
    return frozenset(word[n : n + 3] for word in words for n in range(len(word) - 2))
