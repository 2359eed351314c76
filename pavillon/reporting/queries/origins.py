"""Where requests come from: the channel that first brought each, and what prompted those that came by no own will."""

from dataclasses import dataclass, field

from django.db.models import Count

from pavillon.crm.enums import Origin
from pavillon.reporting.queries.funnel import Scope, leads_of


@dataclass
class OriginRow:
    """One channel: requests that came by themselves, those that something prompted, and its share in whole percents."""

    code: str
    spontaneous: int = 0
    prompted: int = 0
    share: int = 0

    @property
    def label(self) -> str:
        return str(Origin(self.code).label)

    @property
    def total(self) -> int:
        return self.spontaneous + self.prompted


# What prompted requests, as many as a page shows.
MOST = 30


@dataclass
class OriginTable:
    """`rows` and `prompts` ([(what prompted, how many)]) from the largest; beyond `MOST` prompts, how many more."""

    rows: list[OriginRow] = field(default_factory=list)
    prompts: list[tuple[str, int]] = field(default_factory=list)
    other_prompts: int = 0

    @property
    def spontaneous(self) -> int:
        return sum(row.spontaneous for row in self.rows)

    @property
    def prompted(self) -> int:
        return sum(row.prompted for row in self.rows)

    @property
    def total(self) -> int:
        return self.spontaneous + self.prompted


def by_origin(scope: Scope) -> OriginTable:
    """Requests received in the scope, each once, by the origin that no later touch changes. One statement.

    Shares are rounded so that they add up to 100 %: the largest remainders get what is left.
    """
    counted = leads_of(scope).order_by().values_list("origin", "is_spontaneous", "prompted_by").annotate(n=Count("pk"))
    rows: dict[str, OriginRow] = {}
    prompts: dict[str, int] = {}
    for origin, is_spontaneous, prompted_by, n in counted:
        row = rows.setdefault(origin, OriginRow(origin))
        if is_spontaneous:
            row.spontaneous += n
        else:
            row.prompted += n
            prompts[prompted_by] = prompts.get(prompted_by, 0) + n
    table = OriginTable(
        sorted(rows.values(), key=lambda row: (-row.total, row.code)),
        sorted(prompts.items(), key=lambda prompt: (-prompt[1], prompt[0]))[:MOST],
    )
    # Each offer that a company accepted is a prompt of its own: they are many.
    table.other_prompts = table.prompted - sum(n for _name, n in table.prompts)
    _share_out(table)
    return table


def _share_out(table: OriginTable) -> None:
    for row in table.rows:
        row.share = row.total * 100 // table.total
    left = 100 - sum(row.share for row in table.rows)
    for row in sorted(table.rows, key=lambda row: -(row.total * 100 % table.total))[:left]:
        row.share += 1
