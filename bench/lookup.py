"""Candidates while typing, over the invented country, against one look-up by primary key

Draws companies and describes each as somebody does who types: the name with one mistake or unfinished, and what else he
knows (a postal code, a town, an address, a website). No SIREN. A name alone is told apart: who shares it cannot be told
from its namesakes. Time is the least of three calls, so that the work of others counts less.
"""

import os
import random
import time
from collections import defaultdict
from typing import Any

from bench._figures import milliseconds
from launch.bench import NothingPoured, Row
from pavillon.directory.models import Company, MatchRecord
from pavillon.directory.queries import candidates

LOOKUPS = int(os.environ.get("BENCH_LOOKUPS", "2000"))
SEED = int(os.environ.get("BENCH_SEED", "7"))
# Fewer companies than this are no country.
LEAST_COMPANIES = 10_000
SLOWEST, LEAST_FOUND = 20.0, 0.98

# Who opposed the publication of his name has none that could be typed.
UNNAMED = "nom non publié"
# Words that many names have.
USUAL = frozenset(
    ["Etablissements", "Transports", "Developpement", "Fonciere", "Conseil", "Services", "Plomberie", "Boulangerie"]
)


def lost(name: str, draw: random.Random) -> str:
    """A letter is missing."""
    place = draw.randrange(1, len(name))
    return name[:place] + name[place + 1 :]


def wrong(name: str, draw: random.Random) -> str:
    """A letter is another."""
    place = draw.randrange(1, len(name))
    return name[:place] + draw.choice("abcdefghijklmnoprstuv") + name[place + 1 :]


def twice(name: str, draw: random.Random) -> str:
    """A letter is typed twice."""
    place = draw.randrange(1, len(name))
    return name[:place] + name[place - 1] + name[place:]


def swapped(name: str, draw: random.Random) -> str:
    """Two neighbours have changed places."""
    place = draw.randrange(1, len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def decorated(name: str, draw: random.Random) -> str:
    """A legal form or a usual word is added."""
    return draw.choice(["SARL {}", "{} SAS", "Ets {}", "Société {}", "Sté {}"]).format(name)


def turned(name: str, draw: random.Random) -> str:
    """The words stand in another order."""
    words = name.split()
    return " ".join([*words[1:], words[0]])


def shortened(name: str, draw: random.Random) -> str:
    """One of several words is left out, not the one that identifies."""
    words = name.split()
    spare = [word for word in words if word != max(words, key=lambda each: (each not in USUAL, len(each)))]
    if len(words) < 3:
        return name
    left_out = draw.choice(spare)
    return " ".join(word for word in words if word != left_out)


def begun(name: str, draw: random.Random) -> str:
    """Still being typed: half of its last word."""
    rest, _, last = name.rpartition(" ")
    return f"{rest} {last[: max(4, len(last) // 2)]}".strip()


def unchanged(name: str, draw: random.Random) -> str:
    """As it is."""
    return name


MISTAKES = (unchanged, lost, wrong, twice, swapped, decorated, turned, shortened, begun)
KNOWN = ("postal code", "town", "address and postal code", "website", "name alone")


def beside(row: dict[str, Any], known: str) -> dict[str, str]:
    """What is typed beside the name."""
    street = row["address"].replace("rue", "r.").replace("RUE", "R.").replace("AVENUE", "AV.")
    return {
        "postal code": {"town": row["postal_code"]},
        "town": {"town": row["commune__name"] or row["town"]},
        "address and postal code": {"town": row["postal_code"], "address": street},
        "website": {"website": row["website"]},
        "name alone": {},
    }[known]


def drawn(draw: random.Random) -> list[dict[str, Any]]:
    """Companies to describe. Raises NothingPoured."""
    last = MatchRecord.objects.order_by("-company").values_list("company", flat=True).first() or 0
    if last < LEAST_COMPANIES:
        raise NothingPoured
    rows = Company.objects.standing().values("pk", "name", "address", "postal_code", "town", "commune__name", "website")
    kept: list[dict[str, Any]] = []
    while len(kept) < LOOKUPS:
        numbers = [draw.randrange(1, last + 1) for _ in range(LOOKUPS)]
        keyed = MatchRecord.objects.filter(company__in=numbers).values("company")
        some = rows.filter(pk__in=keyed).order_by("pk")
        kept += [row for row in some if len(row["name"]) > 4 and UNNAMED not in row["name"]]
    return kept[:LOOKUPS]


def run() -> list[Row]:
    """Time of all calls, and how many companies are among the ten proposed, by what is known and by mistake."""
    draw = random.Random(SEED)
    times: list[float] = []
    plain: list[float] = []
    found = defaultdict(list)
    for place, row in enumerate(drawn(draw)):
        mistake, known = draw.choice(MISTAKES), draw.choice(KNOWN)
        if not all(beside(row, known).values()):
            known = "postal code" if row["postal_code"] else "name alone"
        described = {"name": mistake(row["name"], draw), **beside(row, known)}
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            answer = candidates(**described, limit=10)
            spent.append(time.perf_counter() - start)
        times.append(min(spent))
        is_found = any(each.company.pk == row["pk"] for each in answer)
        found[known].append(is_found)
        if known != "name alone":
            found[(mistake.__doc__ or "").rstrip(".")].append(is_found)
        if place % 4 == 0:
            start = time.perf_counter()
            Company.objects.get(pk=row["pk"])
            plain.append(time.perf_counter() - start)
    placed = [is_found for known in KNOWN[:-1] for is_found in found[known]]
    note = f"{MatchRecord.objects.count():,} companies with keys, {len(times):,} descriptions"
    rows = [
        milliseconds("One company by its primary key", plain, note="the limit of this table"),
        milliseconds("Ten candidates of what is typed", times, plain, note=note, most=SLOWEST),
        Row("Found among ten, with more than a name", share(placed), "", limit=1, least=LEAST_FOUND, digits=4),
    ]
    names = [*KNOWN, *(str(mistake.__doc__).rstrip(".") for mistake in MISTAKES)]
    return rows + [
        Row(f"Found among ten: {name}", share(found[name]), "", note=f"of {len(found[name]):,}", digits=4)
        for name in names
        if found[name]
    ]


def share(answers: list[bool]) -> float:
    return sum(answers) / max(len(answers), 1)
