"""Rows that are about to be shown: counted, and decided about, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.postgresql.kept import Kept
from pavillon.security.actions import note_not_shown
from pavillon.vigilance.actions.incidents import open_incident
from pavillon.vigilance.enums import Kind, Outcome, Response
from pavillon.vigilance.models import ReadingLimit
from pavillon.vigilance.tally import current
from pavillon.vigilance.tally import reserved as reserved

_SPEND = Kept(
    "SELECT outcome, is_first, spent, hourly, most, records, weekly, free_at FROM spend_rows("
    "%s, %s, %s, %s::int, %s::int, %s::int, %s::int, %s::timestamptz, %s, %s, %s, %s::int, %s::int, %s::int)"
)
COLUMNS = ("outcome", "is_first", "spent", "hourly", "most", "records", "weekly", "free_at")
QUIET = timedelta(hours=1)


@dataclass(frozen=True)
class Verdict:
    """What the budget says. `spent` rows of `hourly` (then proof) and `most` (then nothing) within the hour; `records`
    of `weekly` in seven days; `free_at` is when the same may be asked again, None unless refused."""

    outcome: Outcome
    spent: int
    hourly: int
    most: int
    records: int
    weekly: int
    free_at: datetime | None
    may_prove: bool = True

    @property
    def is_refusal(self) -> bool:
        return self.outcome in (Outcome.PROVE, Outcome.BLOCKED, Outcome.BLOCKED_FOR_DAYS)

    @property
    def wait(self) -> int:
        """Seconds until it is worth asking again."""
        return max(1, round((self.free_at - timezone.now()).total_seconds())) if self.free_at else 60


class ProofWanted(Exception):
    """These rows are shown to whoever proves again who he is."""

    # Asked of the person, not of one panel among others (`ui.loading`).
    is_for_whole_answer = True

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


def spend_rows(
    *,
    user: User,
    opened: int = 0,
    listed: int = 0,
    exported: int = 0,
    again: int = 0,
    proved_at: datetime | None = None,
    may_prove: bool = True,
    may_refuse: bool = True,
) -> Verdict:
    """Count rows that somebody is about to see, unless they are beyond his budget: then nothing is counted.

    One statement, under a lock of its own for each person: two requests at once cannot both take the last row. What
    cannot be refused any more (a job at work, a write that is done) is counted all the same. The first time that a
    budget is near, asks for proof or refuses, whom it concerns is told. `again` are rows that the read log knows from
    a moment ago: they count only after a refusal, since they may be the very rows that were refused.
    """
    product = ReadingLimit()
    with connection.cursor() as cursor:
        cursor.execute(
            _SPEND,
            [
                user.pk,
                user.role,
                user.organisation.pk if user.organisation else None,
                opened,
                listed,
                exported,
                again,
                proved_at,
                may_prove,
                may_refuse,
                timezone.now(),
                product.hourly_rows,
                product.most_rows,
                product.weekly_records,
            ],
        )
        row = dict(zip(COLUMNS, cursor.fetchone(), strict=True))
    is_first = row.pop("is_first")
    verdict = Verdict(**{**row, "outcome": Outcome(row["outcome"])}, may_prove=may_prove)
    if is_first:
        _tell(user, verdict, opened + listed + exported)
    return verdict


@transaction.atomic
def _tell(user: User, verdict: Verdict, wanted: int) -> None:
    if verdict.outcome == Outcome.NEAR:
        notify(
            [user],
            "vigilance.budget_near",
            title=_("You have nearly used up your reading budget"),
            body=_("Four fifths of the rows of this hour are read. The page says what is left, and whom to ask."),
            url="/vigilance/my-reading/",
            email=False,
        )
        return
    is_weekly = verdict.outcome == Outcome.BLOCKED_FOR_DAYS
    facts = (
        {"records": verdict.records, "limit": verdict.weekly}
        if is_weekly
        else {"spent": verdict.spent, "wanted": wanted, "hourly": verdict.hourly, "most": verdict.most}
    )
    open_incident(
        kind=Kind.WEEKLY_BUDGET if is_weekly else Kind.HOURLY_BUDGET,
        user=user,
        began_at=timezone.now() - QUIET,
        count=verdict.records if is_weekly else verdict.spent,
        facts=facts,
        response=Response.STEP_UP if verdict.outcome == Outcome.PROVE else Response.BLOCK,
        quiet=QUIET,
    )


@transaction.atomic
def note_refused_rows(*, user: User, rows: int, path: str, lines: Iterable[int] = ()) -> None:
    """Keep in the trail, and beside these lines of the read log, that an answer was not shown."""
    note_not_shown(user=user, lines=lines)
    record("vigilance.rows_refused", user, by=user, rows=rows, reason=path[:200])


def reserve_rows(*, user: User, rows: int) -> bool:
    """Count the rows of a file before it is written; False when the budget refuses them.

    Raises ProofWanted, outside of any transaction of the caller's: the moment from which proof counts must be kept.
    Who writes the file later does so inside `reserved()`.
    """
    tally = current()
    verdict = spend_rows(user=user, exported=rows, proved_at=tally.proof() if tally else None)
    if verdict.outcome == Outcome.PROVE:
        raise ProofWanted(verdict)
    return not verdict.is_refusal
