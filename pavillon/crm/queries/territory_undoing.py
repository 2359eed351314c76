"""What undoing a change of territories would put back, and what has moved since."""

import datetime
from dataclasses import dataclass, field

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.enums import TerritoryDeed
from pavillon.crm.models import PortfolioMove, Referent, Territory, TerritoryArea, TerritoryChange
from pavillon.crm.queries.territory_plans import Passages


@dataclass(frozen=True)
class Undoing:
    """`closes` and `reopens` are areas; `moves` are companies that go back; the rest has moved meanwhile and stays."""

    change: TerritoryChange
    closes: list[int] = field(default_factory=list)
    reopens: list[TerritoryArea] = field(default_factory=list)
    communes: int = 0
    communes_moved: int = 0
    moves: list[PortfolioMove] = field(default_factory=list)
    moves_gone: list[PortfolioMove] = field(default_factory=list)
    # Territories that end again, and those that come back.
    ends: list[Territory] = field(default_factory=list)
    revives: list[Territory] = field(default_factory=list)
    # The territory that gets its former name and adviser back.
    renames: Territory | None = None
    # Why it cannot be undone; "" when it can.
    name_taken: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.closes or self.reopens or self.moves or self.ends or self.revives or self.renames)

    @property
    def by_pair(self) -> Passages:
        """The companies that go back, by who has them and who gets them again."""
        pairs: Passages = {}
        for move in self.moves:
            pairs.setdefault((move.to_adviser_id, move.from_adviser_id), []).append(move.company_id)
        return pairs

    @property
    def is_whole(self) -> bool:
        return not self.communes_moved and not self.moves_gone


def undoing_of(change: TerritoryChange) -> Undoing:
    """What still stands as the change left it goes back; a fixed number of statements."""
    opened = list(change.opened_areas.select_related("territory"))
    closed = list(change.closed_areas.select_related("territory"))
    # A commune goes back whole, or not at all.
    moved = {area.commune_id for area in opened if area.closed_by_id is not None}
    taken = _taken_elsewhere(change, closed, {area.pk for area in opened})
    # A territory that ended meanwhile takes nothing back: its places would belong to nobody, and could not be drawn.
    ended_since = {area.commune_id for area in closed if area.territory.ended_by_id not in (None, change.pk)}
    stuck = moved | taken | ended_since
    communes = {area.commune_id for area in [*opened, *closed]}
    closes = [area.pk for area in opened if area.commune_id not in stuck]
    reopens = [area for area in closed if area.commune_id not in stuck]
    moves, gone = _moves_of(change)
    ended = list(change.ended_territories.all())
    revives = [one for one in ended if any(area.territory_id == one.pk for area in reopens) or not communes]
    ends = _emptied(change, set(closes), {area.territory_id for area in reopens})
    renames = _renamed(change)
    names = [one.name for one in revives] + ([change.before["changed"]["name"]] if renames else [])
    others = Territory.objects.in_force().filter(organisation=change.organisation, region=change.region, name__in=names)
    clash = others.exclude(pk__in=[one.pk for one in [*revives, *ends, *([renames] if renames else [])]]).first()
    return Undoing(
        change, closes, reopens, len(communes - stuck), len(communes & stuck), moves, gone, ends, revives, renames,
        str(clash or ""),
    )  # fmt: skip


def _taken_elsewhere(change: TerritoryChange, closed: list[TerritoryArea], opened: set[int]) -> set[str]:
    """Communes in which somebody drew something else since: nothing is put back over it."""
    communes = {area.commune_id for area in closed}
    standing = TerritoryArea.objects.standing().filter(organisation=change.organisation, commune__in=communes)
    since = standing.exclude(pk__in=opened).filter(opened_by__decided_at__gt=change.decided_at)
    return set(since.values_list("commune", flat=True))


def _emptied(change: TerritoryChange, closes: set[int], refilled: set[int]) -> list[Territory]:
    """Territories that the change drew and that hold nothing once it is undone."""
    made = list(change.opened_territories.filter(ended_by__isnull=True))
    left = (
        TerritoryArea.objects.standing()
        .filter(territory__in=made)
        .exclude(pk__in=closes)
        .values_list("territory", flat=True)
    )
    holding = set(left) | refilled
    return [one for one in made if one.pk not in holding]


def _renamed(change: TerritoryChange) -> Territory | None:
    """The territory that was renamed or given away, when nobody changed it since."""
    if change.deed != TerritoryDeed.CHANGED:
        return None
    territory = Territory.objects.in_force().filter(pk=change.before["changed"]["territory"]).first()
    later = TerritoryChange.objects.filter(
        deed=TerritoryDeed.CHANGED,
        decided_at__gt=change.decided_at,
        before__changed__territory=getattr(territory, "pk", 0),
    ).filter(undone_by__isnull=True)
    return None if territory is None or later.exists() else territory


def _moves_of(change: TerritoryChange) -> tuple[list[PortfolioMove], list[PortfolioMove]]:
    """(companies that go back, the others): their referent is the one that the change named, the former still works.

    Where a later change passed a company on and was undone, whoever its undoing named stands for him.
    """
    moves = list(change.moves.select_related("after", "company", "before").order_by("pk"))
    numbers = [move.company_id for move in moves]
    between = _put_back(moves)
    ones = {move.after_id for move in moves} | between
    later = set(
        Referent.objects.filter(company__in=numbers, starts_on__gt=change.starts_on)
        .exclude(pk__in=[one for one in ones if one])
        .values_list("company", flat=True)
    )
    givers = {move.from_adviser_id for move in moves if move.from_adviser_id}
    working = {None, *User.objects.working().filter(pk__in=givers).values_list("pk", flat=True)}
    still: list[PortfolioMove] = []
    gone: list[PortfolioMove] = []
    for move in moves:
        after = move.after
        stands = (
            after is not None
            and after.ends_on is None
            and after.adviser_id == move.to_adviser_id
            and after.company_id == move.company_id
            and move.company_id not in later
            and move.from_adviser_id in working
        )
        (still if stands else gone).append(move)
    return still, gone


def _put_back(moves: list[PortfolioMove]) -> set[int]:
    """Let each move name whoever an undoing put into the place of its referent; the numbers of those in between.

    Three statements for each change that was made since and undone; one when there is none.
    """
    between: set[int] = set()
    while True:
        ended = {move.after_id: move for move in moves if move.after is not None and move.after.ends_on is not None}
        passed = PortfolioMove.objects.filter(before__in=ended, change__undone_by__isnull=False)
        onward = list(passed.select_related("change__undone_by"))
        undoings = {(one.change.undone_by.pk, one.company_id): one for one in onward}
        back = PortfolioMove.objects.filter(
            change__in={key for key, _company in undoings}, company__in={company for _key, company in undoings}
        ).select_related("after")
        found = False
        for one in back:
            link = undoings.get((one.change_id, one.company_id))
            if link is None or one.after is None or one.after_id in between | {link.before_id}:
                continue
            between |= {number for number in (link.before_id, link.after_id, one.before_id) if number}
            move = ended[link.before_id]
            move.after, move.is_stood_in_for = one.after, True
            found = True
        if not found:
            return between


def goes_back_whole(move: PortfolioMove, today: datetime.date | None = None) -> bool:
    """Whether the new referent has not begun before today, so that he leaves no day behind.

    One whom an undoing put in his place took over days of others: the former referent begins anew after him.
    """
    return not move.is_stood_in_for and has_not_begun(move, today)


def has_not_begun(move: PortfolioMove, today: datetime.date | None = None) -> bool:
    after = move.after
    return after is not None and after.starts_on >= (today or timezone.localdate())
