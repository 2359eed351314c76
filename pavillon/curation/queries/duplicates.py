"""Reading the queue of likely duplicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count

from pavillon.accounts.models import User
from pavillon.curation.models import ContactPair, Decision, DuplicatePair, Scan
from pavillon.directory.models import Company
from pavillon.directory.queries import Compared, compare_records, match_descriptions, match_people, shared_keys
from pavillon.matching import queries as matching
from pavillon.ui import together

# Companies that share a key with one of the changed ones, unless too many share it: the engine would not compare them.
_NEIGHBOURS = """
SELECT DISTINCT found.company_id FROM unnest(%s::bigint[], %s::int[]) AS wanted(key, cap)
CROSS JOIN LATERAL (
    SELECT company_id, count(*) OVER () AS many FROM (
        SELECT company_id FROM directory_matchrecord WHERE keys @> ARRAY[wanted.key] LIMIT wanted.cap + 1
    ) AS first
) AS found
JOIN directory_company c ON c.id = found.company_id AND c.merged_into_id IS NULL
WHERE found.many <= wanted.cap
"""


def find_neighbours(companies: Sequence[int]) -> list[int]:
    """Numbers of the standing companies that share a key with one of these, themselves included."""
    with connection.cursor() as cursor:
        keys = shared_keys(companies)
        cursor.execute(_NEIGHBOURS, [list(keys), list(keys.values())])
        return sorted({pk for (pk,) in cursor.fetchall()} | set(companies))


def priority_of(probability: float, values: tuple[Company, Company]) -> float:
    """Doubt (1 at one half, 0 when certain) times what the records are worth: accompanied, with an account, known."""
    worth = sum(
        1.0 + 2.0 * bool(company.organisation_id) + 1.0 * company.is_accompanied + 0.5 * bool(company.turnover)
        for company in values
    )
    return round((1 - abs(2 * probability - 1) + 0.05) * worth, 4)


def overview_of(user: User) -> dict[str, Any]:
    """Above the queue: how many pairs that one may see stand where, and the last search; one statement."""
    people = ContactPair.objects.visible_to(user).open()
    told = together.ask(
        states=DuplicatePair.objects.visible_to(user).values_list("state").annotate(n=Count("pk")),
        people=people.order_by().values_list("state").annotate(n=Count("pk")),
        scans=Scan.objects.visible_to(user)[:1],
    )
    return {
        "counts": dict(told["states"]),
        "people_waiting": sum(n for _state, n in told["people"]),
        "last_scan": next(iter(told["scans"]), None),
    }


def last_decisions(user: User, *, most: int = 5) -> list[Decision]:
    """What this person said last and may take back, the newest first."""
    said = Decision.objects.visible_to(user).standing().filter(decided_by=user)
    return list(said.select_related("pair__left", "pair__right")[:most])


def next_pair(user: User, *, besides: DuplicatePair | None = None) -> DuplicatePair | None:
    """The open pair of the highest priority that this person may still decide."""
    pairs = DuplicatePair.objects.visible_to(user).for_reviewer(user).by_priority()
    if besides is not None:
        following = pairs.exclude(pk=besides.pk)
        lower = following.filter(priority__lte=besides.priority)
        return lower.first() or following.first()
    return pairs.first()


@dataclass(frozen=True)
class Bar:
    """One bar of the waterfall: what a field adds, and where it begins and ends on a scale of 100."""

    words: str
    weight: float
    start: float
    width: float

    @property
    def is_for(self) -> bool:
        return self.weight >= 0


def waterfall(pair: DuplicatePair) -> tuple[float, list[Bar]]:
    """The probability as the live model sees both records now, and its bars in their order."""
    described = match_descriptions([pair.left_id, pair.right_id])
    return _bars(matching.score_pair("company", described[pair.left_id], described[pair.right_id]))


def contact_waterfall(pair: ContactPair) -> tuple[float, list[Bar]]:
    """The same for two people."""
    described = match_people([pair.left_id, pair.right_id])
    return _bars(matching.score_pair("person", described[pair.left_id], described[pair.right_id]))


def _bars(score: matching.ExplainedScore) -> tuple[float, list[Bar]]:
    ends, total = [0.0], 0.0
    for part in score.parts:
        total += part.weight
        ends.append(total)
    low, high = min(ends), max(ends)
    scale = 100 / ((high - low) or 1)
    bars = [
        Bar(
            part.words,
            round(part.weight, 1),
            round((min(before, after) - low) * scale, 1),
            round(abs(after - before) * scale, 1),
        )
        for part, before, after in zip(score.parts, ends, ends[1:], strict=False)
        if abs(part.weight) >= 0.05
    ]
    return score.probability, bars


def side_by_side(pair: DuplicatePair, user: User) -> list[Compared]:
    """Both cards, field by field; the left one would be kept."""
    return compare_records(pair.left, pair.right, user)


def people_side_by_side(pair: ContactPair, user: User) -> list[Compared]:
    """Both people, field by field."""
    return compare_records(pair.left, pair.right, user)


def next_contact_pair(user: User, *, besides: ContactPair | None = None) -> ContactPair | None:
    """The likeliest pair of people that waits, after `besides`."""
    pairs = ContactPair.objects.visible_to(user).open().by_priority()
    if besides is None:
        return pairs.first()
    following = pairs.exclude(pk=besides.pk)
    return following.filter(probability__lte=besides.probability).first() or following.first()


def last_contact_decision(user: User) -> ContactPair | None:
    """What this person decided last of two people, to be taken back."""
    return ContactPair.objects.visible_to(user).filter(decided_by=user).order_by("-decided_at").first()
