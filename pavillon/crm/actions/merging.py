"""Two records turn out to be one company: what this room's rows need besides following it.

These are rules of merging (`directory.models.references`), called with its hands (`directory.actions.moving.Moves`):
what they do is kept in the merge's journal, and can be undone.
"""

import datetime

from pavillon.activity.actions import record, wake
from pavillon.crm.models import ContactMessage, DedicatedContact, Referent
from pavillon.directory.actions.moving import Moves
from pavillon.directory.models import Company

Period = tuple[datetime.date, datetime.date | None]
ONE_DAY = datetime.timedelta(days=1)


def move_referents(moves: Moves, kept: Company, removed: Company) -> None:
    """Move the referents of `removed` to `kept`.

    A company has one referent at a time, so what the kept company's referents cover stays theirs; of the
    others only the days that are left move along. The trail keeps what was cut.
    """
    taken: list[Period] = list(Referent.objects.filter(company=kept).values_list("starts_on", "ends_on"))
    for row in Referent.objects.select_for_update(of=("self",)).filter(company=removed).order_by("starts_on"):
        left = days_left((row.starts_on, row.ends_on), taken)
        if left != [(row.starts_on, row.ends_on)]:
            record(
                "crm.referent_cut",
                kept,
                by=moves.by,
                adviser=row.adviser_id,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
        _move_days(moves, row, kept, left)


def move_dedicated_contacts(moves: Moves, kept: Company, removed: Company) -> None:
    """Move the dedicated contacts: one person stands once at a time, and what was written goes with who stays."""
    for row in DedicatedContact.objects.select_for_update(of=("self",)).filter(company=removed).order_by("starts_on"):
        others = list(DedicatedContact.objects.filter(company=kept, person=row.person_id).order_by("starts_on"))
        left = days_left((row.starts_on, row.ends_on), [(other.starts_on, other.ends_on) for other in others])
        if not left:
            moves.change(ContactMessage.objects.filter(contact=row), contact=others[-1])
        _move_days(moves, row, kept, left)


def _move_days(moves: Moves, row: Referent | DedicatedContact, kept: Company, left: list[Period]) -> None:
    """Give a row over a period to the kept company for the days that are left: none, one stretch or several."""
    model = type(row)
    if not left:
        moves.delete(model._base_manager.filter(pk=row.pk))
        return
    starts_on, ends_on = left[0]
    moves.change(model._base_manager.filter(pk=row.pk), company=kept, starts_on=starts_on, ends_on=ends_on)
    row.company = kept
    for starts_on, ends_on in left[1:]:
        row.pk, row._state.adding = None, True
        row.starts_on, row.ends_on = starts_on, ends_on
        moves.create(row)


def show_merged_company(*, kept: Company) -> None:
    """The timelines that are open show the rows that came or went."""
    wake("crm.timeline", audience="team", company=kept.pk)


def days_left(period: Period, taken: list[Period]) -> list[Period]:
    """The parts of `period` outside every period of `taken`, in order; an end of None is open."""
    parts = [period]
    for start, end in taken:
        cut: list[Period] = []
        for first, last in parts:
            if (end is not None and end < first) or (last is not None and start > last):
                cut.append((first, last))
                continue
            if first < start:
                cut.append((first, start - ONE_DAY))
            if end is not None and (last is None or end < last):
                cut.append((end + ONE_DAY, last))
        parts = cut
    return sorted(parts, key=lambda part: part[0])
