"""Candidates while typing: time and recall over the companies of the database in use.

    python -m bench.lookup [--companies 2000]

Draws companies, writes them as somebody would type them (a letter lost, a legal form added, an abbreviated street, no
SIREN), and looks each one up. Prints p50, p95 and p99 in milliseconds (least of three), recall among ten, and the ratio
of the p95 to that of a plain trigram search for the same names in the same run. Keys must be made first:
`actions.index_stale_companies()`.
"""

import argparse
import os
import random
import time

import django


def typed(row, draw):
    """A company as somebody types it."""
    name = row["name"]
    if len(name) > 6:
        place = draw.randrange(2, len(name) - 1)
        name = name[:place] + name[place + 1 :]
    if draw.random() < 0.4:
        name = f"SARL {name}"
    address = row["address"].replace("rue", "r.").replace("avenue", "av.")
    return {"name": name, "address": address, "town": row["postal_code"], "website": row["website"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=2000)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from django.contrib.postgres.search import TrigramSimilarity

    from pavillon.directory.models import Company, MatchRecord
    from pavillon.directory.names import match_name
    from pavillon.directory.queries import candidates

    draw = random.Random(7)
    last = MatchRecord.objects.order_by("-company").values_list("company", flat=True).first() or 0
    numbers = [draw.randrange(1, last + 1) for _ in range(asked.companies)]
    rows = Company.objects.standing().filter(pk__in=numbers).values("pk", "name", "address", "postal_code", "website")
    times, found, plain = [], 0, []
    for place, row in enumerate(rows):
        described = typed(row, draw)
        best = None
        for _ in range(3):
            start = time.perf_counter()
            answer = candidates(**described, limit=10)
            spent = time.perf_counter() - start
            best = spent if best is None else min(best, spent)
        times.append(best * 1000)
        found += any(each.company.pk == row["pk"] for each in answer)
        if place % 40 == 0:
            start = time.perf_counter()
            wanted = match_name(described["name"])
            list(
                Company.objects.annotate(likeness=TrigramSimilarity("match_name", wanted))
                .filter(match_name__trigram_similar=wanted)
                .order_by("-likeness")[:10]
            )
            plain.append((time.perf_counter() - start) * 1000)
    times.sort()
    plain.sort()

    def at(values, share):
        return values[min(len(values) - 1, int(len(values) * share))]

    print(f"companies with keys   {MatchRecord.objects.count():>12,}")
    print(f"lookups               {len(times):>12,}")
    for share in (0.5, 0.95, 0.99):
        print(f"p{int(share * 100)}                   {at(times, share):>12.1f} ms")
    print(f"recall among ten      {found / len(times):>12.1%}")
    print(f"p95 / trigram p95     {at(times, 0.95) / at(plain, 0.95):>12.2f}")


if __name__ == "__main__":
    main()
