"""Requests as a board: one column a step, with its count and its first cards; two statements whatever the number."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, QuerySet

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.crm.enums import OPEN_STATES, UNTOUCHED_STATES, LeadState
from pavillon.crm.models import Lead
from pavillon.ui import together
from pavillon.ui.keyset import among
from pavillon.ui.lists import STEADY_PAGES, Listing

# Cards of a column that are drawn at once.
CARDS = 20
# {step: the deed that leads there, the steps that it leads from}; the deeds are those of the request's own page.
DEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    LeadState.ASSIGNED: ("assign_lead", OPEN_STATES),
    LeadState.TAKEN: ("take_charge", UNTOUCHED_STATES),
    LeadState.TREATED: ("treat_lead", (LeadState.TAKEN,)),
    LeadState.CLOSED: ("close_lead", (LeadState.TREATED,)),
    LeadState.REFUSED: ("refuse_lead", OPEN_STATES),
}
# Columns of the filter "step" that name several.
COLUMNS_OF: dict[str, tuple[str, ...]] = {"open": OPEN_STATES, "late": UNTOUCHED_STATES}


@dataclass(frozen=True)
class Target:
    """A step that a card may go to; `asks`: the deed needs an answer first."""

    state: str
    label: str
    deed: str
    asks: bool


@dataclass(frozen=True)
class Card:
    lead: Lead
    targets: list[Target]


@dataclass(frozen=True)
class Column:
    """One step: how many requests, the cards from `first` on, where the next ones begin (0 when there are none)."""

    state: str
    label: str
    total: int
    cards: list[Card] = field(default_factory=list)
    first: int = 0
    # The same step as a list, and the column's next cards.
    list_url: str = ""
    more_url: str = ""

    @property
    def next(self) -> int:
        end = self.first + len(self.cards)
        return end if self.cards and end < self.total else 0

    @property
    def left(self) -> int:
        return self.total - self.next


@dataclass(frozen=True)
class Board:
    columns: list[Column]

    @property
    def total(self) -> int:
        return sum(column.total for column in self.columns)

    @property
    def shown(self) -> list[int]:
        return [card.lead.pk for column in self.columns for card in column.cards]


def targets_of(user: User, lead: Lead) -> list[Target]:
    """The steps that somebody may bring a request to, by the rules of the buttons on its page."""
    return [
        Target(state, str(LeadState(state).label), deed, deed != "take_charge")
        for state, (deed, sources) in DEEDS.items()
        if lead.state in sources and is_allowed(user, f"crm.{deed}", lead)
    ]


def board_of(listing: Listing, user: User, asked: str, *, column: str = "", first: int = 0) -> Board:
    """The board of a filtered list in its order; `column` and `first`: one column only, from its n-th card on.

    `asked` is the filter's step: a board of open requests has no column of closed ones.
    """
    shown = COLUMNS_OF.get(asked) or ((asked,) if asked in LeadState else tuple(LeadState))
    states = [state for state in shown if not column or state == column]
    counts, rows = _counts_and_rows(listing, states, first)
    by_state: dict[str, list[Card]] = {}
    for lead in rows:
        by_state.setdefault(lead.state, []).append(Card(lead, targets_of(user, lead)))
    columns = []
    for state in states:
        cards = by_state.get(state, [])
        columns.append(
            Column(
                state,
                str(LeadState(state).label),
                counts.get(state, 0),
                cards,
                first,
                listing.url(view="", column="", first="", state=state),
                listing.url(view="board", column=state, first=first + len(cards)),
            )
        )
    return Board(columns)


def _counts_and_rows(listing: Listing, states: list[str], first: int) -> tuple[dict[str, int], list[Any]]:
    """How many requests each step has, and some rows of each in the order of the list: two statements.

    The keys come with the counts, then the rows themselves.
    """

    def counts(rows: QuerySet) -> QuerySet:
        return rows.order_by().values_list("state").annotate(n=Count("pk"))

    def keys(rows: QuerySet) -> QuerySet:
        ordered = listing.in_order(rows).select_related(None)
        parts = [ordered.filter(state=state).values_list("pk", flat=True)[first : first + CARDS] for state in states]
        return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]

    if not states:
        return dict(listing.put("counts", counts).rows()), []
    # Any number may stand in an address: only the first ones are put into SQL once for all who stand alike.
    is_steady = first % CARDS == 0 and first < STEADY_PAGES * CARDS
    keyed = listing.put(("keys", *states, first), keys) if is_steady else keys(listing.queryset)
    told = together.ask(counts=listing.put("counts", counts), keys=keyed)
    if not told["keys"]:
        return dict(told["counts"]), []
    shown = listing.put("cards", lambda rows, pks: listing.in_order(rows).filter(among(pks)), told["keys"])
    return dict(told["counts"]), shown.rows()
