"""Candidates while typing: time and recall over the companies of the database in use.

    python -m bench.lookup [--companies 2000] [--seed 7]

Draws companies and describes each as somebody does who types: the name with one mistake or unfinished, and what else he
knows (a postal code, a town, an address, a website). No SIREN. Prints p50, p95 and p99 in milliseconds of one call (the
least of three, so that work of others counts less), recall among ten for each kind of mistake, and the ratio to one
look-up by primary key in the same run. A name alone is told apart: who shares it cannot be told from its namesakes.

Ends with 1 when the p95 is above 20 ms or the recall below 98 %. Keys must be made first (`manage.py index_companies`).
"""

import argparse
import os
import random
import sys
import time
from collections import defaultdict

import django

SLOWEST, LEAST_FOUND = 20.0, 0.98

# Who opposed the publication of his name has none that could be typed.
UNNAMED = "nom non publié"
# Words that many names have.
USUAL = frozenset(
    ["Etablissements", "Transports", "Developpement", "Fonciere", "Conseil", "Services", "Plomberie", "Boulangerie"]
)


def lost(name, draw):
    """A letter is missing."""
    place = draw.randrange(1, len(name))
    return name[:place] + name[place + 1 :]


def wrong(name, draw):
    """A letter is another."""
    place = draw.randrange(1, len(name))
    return name[:place] + draw.choice("abcdefghijklmnoprstuv") + name[place + 1 :]


def twice(name, draw):
    """A letter is typed twice."""
    place = draw.randrange(1, len(name))
    return name[:place] + name[place - 1] + name[place:]


def swapped(name, draw):
    """Two neighbours have changed places."""
    place = draw.randrange(1, len(name) - 1)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def decorated(name, draw):
    """A legal form or a usual word is added."""
    return draw.choice(["SARL {}", "{} SAS", "Ets {}", "Société {}", "Sté {}"]).format(name)


def turned(name, draw):
    """The words stand in another order."""
    words = name.split()
    return " ".join([*words[1:], words[0]])


def shortened(name, draw):
    """One of several words is left out, not the one that identifies."""
    words = name.split()
    spare = [word for word in words if word != max(words, key=lambda each: (each not in USUAL, len(each)))]
    if len(words) < 3:
        return name
    left_out = draw.choice(spare)
    return " ".join(word for word in words if word != left_out)


def begun(name, draw):
    """Still being typed: half of its last word."""
    rest, _, last = name.rpartition(" ")
    return f"{rest} {last[: max(4, len(last) // 2)]}".strip()


def unchanged(name, draw):
    """As it is."""
    return name


MISTAKES = (unchanged, lost, wrong, twice, swapped, decorated, turned, shortened, begun)
KNOWN = ("postal code", "town", "address and postal code", "website", "name alone")


def beside(row, known):
    """What is typed beside the name."""
    street = row["address"].replace("rue", "r.").replace("RUE", "R.").replace("AVENUE", "AV.")
    return {
        "postal code": {"town": row["postal_code"]},
        "town": {"town": row["commune__name"] or row["town"]},
        "address and postal code": {"town": row["postal_code"], "address": street},
        "website": {"website": row["website"]},
        "name alone": {},
    }[known]


def at(values, share):
    """The value below which a share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from pavillon.directory.models import Company, MatchRecord
    from pavillon.directory.queries import candidates

    draw = random.Random(asked.seed)
    last = MatchRecord.objects.order_by("-company").values_list("company", flat=True).first() or 0
    rows = Company.objects.standing().values("pk", "name", "address", "postal_code", "town", "commune__name", "website")
    load, kept = os.getloadavg()[0], []
    while len(kept) < asked.companies and last:
        numbers = [draw.randrange(1, last + 1) for _ in range(asked.companies)]
        keyed = MatchRecord.objects.filter(company__in=numbers).values("company")
        kept += [
            row
            for row in rows.filter(pk__in=keyed).order_by("pk")
            if len(row["name"]) > 4 and UNNAMED not in row["name"]
        ]
    times, plain = defaultdict(list), []
    found, missed = defaultdict(list), []
    for place, row in enumerate(kept[: asked.companies]):
        mistake, known = draw.choice(MISTAKES), draw.choice(KNOWN)
        if not all(beside(row, known).values()):
            known = "postal code" if row["postal_code"] else "name alone"
        described = {"name": mistake(row["name"], draw), **beside(row, known)}
        spent = []
        for _ in range(3):
            start = time.perf_counter()
            answer = candidates(**described, limit=10)
            spent.append((time.perf_counter() - start) * 1000)
        is_found = any(each.company.pk == row["pk"] for each in answer)
        times[known].append(min(spent))
        found[known].append(is_found)
        if known != "name alone":
            found[mistake.__name__].append(is_found)
            if not is_found:
                missed.append((row["name"], described))
        if place % 4 == 0:
            start = time.perf_counter()
            Company.objects.get(pk=row["pk"])
            plain.append((time.perf_counter() - start) * 1000)
    placed = [spent for known in KNOWN[:-1] for spent in times[known]]
    recall = [is_found for known in KNOWN[:-1] for is_found in found[known]]
    everything = placed + times["name alone"]
    print(f"companies with keys   {MatchRecord.objects.count():>12,}")
    print(f"lookups               {len(everything):>12,}")
    print(f"load before, after    {load:>7.1f} {os.getloadavg()[0]:>4.1f}")
    for share in (0.5, 0.95, 0.99):
        print(f"p{int(share * 100)}                   {at(everything, share):>12.1f} ms")
    print(f"one by primary key    {at(plain, 0.5):>12.1f} ms (p95 {at(plain, 0.95):.1f})")
    print(f"p95 / p95 of that     {at(everything, 0.95) / at(plain, 0.95):>12.1f}")
    print(f"recall among ten      {sum(recall) / len(recall):>12.1%} (with more than a name)")
    for name in (*KNOWN, *(mistake.__name__ for mistake in MISTAKES)):
        cost = f"p95 {at(times[name], 0.95):>6.1f} ms" if times[name] else ""
        print(f"  {name:<24}{sum(found[name]) / max(len(found[name]), 1):>8.1%} of {len(found[name]):>5}  {cost}")
    if os.environ.get("BENCH_MISSED"):
        for name, described in missed[:60]:
            print("  missed", repr(name), described)
    missing = []
    if at(everything, 0.95) > SLOWEST:
        missing.append(f"p95 above {SLOWEST:.0f} ms")
    if sum(recall) / len(recall) < LEAST_FOUND:
        missing.append(f"recall below {LEAST_FOUND:.0%}")
    if missing:
        print(f"Missed: {', '.join(missing)} (load {os.getloadavg()[0]:.1f}: a busy machine makes times longer).")
        sys.exit(1)


if __name__ == "__main__":
    main()
