"""From whom to whom the companies of a large change of territories pass, as far as somebody may see them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from pavillon.accounts.models import User
from pavillon.crm.enums import Progress
from pavillon.crm.models import TerritoryWork
from pavillon.directory.models import Company
from pavillon.ui.keyset import among

# Pairs of people that a page tells, those between whom most passes; the others are counted together.
MOST = 20


@dataclass(frozen=True)
class Passage:
    """How many companies pass from one person to another; None is nobody."""

    giver: User | None
    to: User | None
    companies: int


@dataclass(frozen=True)
class Passages:
    """`others`: companies that pass between other people; `unseen`: those that the reader may not see."""

    lines: list[Passage] = field(default_factory=list)
    others: int = 0
    unseen: int = 0


def passages_of(work: TerritoryWork, user: User) -> Passages:
    """As it was done, or as it was previewed while it is on its way; nothing once it failed. Two statements."""
    if work.state == Progress.FAILED:
        return Passages()
    counted = sorted(_done(work, user) if work.change else _previewed(work, user), key=lambda one: -one[2])
    shown, rest = counted[:MOST], counted[MOST:]
    people = User.objects.in_bulk({one for giver, to, _n in shown for one in (giver, to) if one})
    return Passages(
        [Passage(people.get(giver or 0), people.get(to or 0), n) for giver, to, n in shown],
        sum(n for _giver, _to, n in rest),
        max(0, work.companies - sum(n for _giver, _to, n in counted)) if counted else 0,
    )


def _done(work: TerritoryWork, user: User) -> Iterator[tuple[Any, Any, int]]:
    assert work.change is not None
    seen = work.change.moves.filter(company__in=Company.objects.visible_to(user).order_by().values("pk"))
    pairs = seen.order_by().values_list("from_adviser", "to_adviser")
    yield from pairs.annotate(n=Count("pk")).order_by("from_adviser", "to_adviser")


def _previewed(work: TerritoryWork, user: User) -> Iterator[tuple[Any, Any, int]]:
    """Each pair is a count of its own in one statement: who is named is a handful of people."""
    pairs = work.passing or []
    if not pairs:
        return
    keys = ",".join(pair["companies"].strip("{}") for pair in pairs)
    counts = {f"pair_{n}": Count("pk", filter=Q(among(pair["companies"]))) for n, pair in enumerate(pairs)}
    seen = Company.objects.visible_to(user).filter(among(f"{{{keys}}}")).order_by().aggregate(**counts)
    for n, pair in enumerate(pairs):
        if seen[f"pair_{n}"]:
            yield pair["giver"], pair["to"], seen[f"pair_{n}"]
