"""A change of territories that moves many companies is written by a worker, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record, wake
from pavillon.crm.actions.territories import (
    BeingChanged,
    NameTaken,
    NothingMoves,
    PlanMoved,
    TerritoryEnded,
    lock_territories,
    telling,
)
from pavillon.crm.actions.territories_undoing import AlreadyUndone, undo_territory_change
from pavillon.crm.enums import Progress
from pavillon.crm.models import Territory, TerritoryChange, TerritoryWork
from pavillon.reference.models import Region

# Up to this many companies a change is written while its page waits.
AT_ONCE = 300


class FormMoved(Exception):
    """What was answered in the form holds no longer: a day is past, somebody left."""


REFUSALS = (AlreadyUndone, BeingChanged, FormMoved, NameTaken, NothingMoves, PlanMoved, TerritoryEnded)


@transaction.atomic
def ask_territory_change(
    *,
    organisation: Organisation,
    region: Region,
    ask: str,
    companies: int,
    by: User,
    territory: Territory | None = None,
    posted: Mapping[str, Sequence[str]] | None = None,
    seen: str = "",
    undoes: TerritoryChange | None = None,
) -> TerritoryWork:
    """Let a worker write a change as it was previewed. Raises BeingChanged while another one is on its way."""
    lock_territories(organisation)
    work = TerritoryWork.objects.create(
        organisation=organisation,
        region=region,
        ask=ask,
        territory=territory,
        posted={name: list(values) for name, values in (posted or {}).items()},
        seen=seen,
        undoes=undoes,
        companies=companies,
        asked_by=by,
        acting=by.acting,
        asked_at=timezone.now(),
    )
    record("crm.territory_work_asked", work, by=by, ask=ask, companies=companies)
    app.configure_task("crm.run_territory_work").defer(work_id=work.pk)
    return work


def run_territory_work(*, work: TerritoryWork, apply: Callable[[TerritoryWork, User], TerritoryChange]) -> None:
    """Write a change in one transaction: a worker killed midway leaves nothing behind, and the job begins anew.

    `apply` does what a form asked; an undoing needs none. What refuses the change is told to whoever asked for it.
    """
    rows = TerritoryWork.objects.filter(pk=work.pk)
    if not rows.moving().update(state=Progress.RUNNING, percent=0):
        return
    author = User.objects.get(pk=work.asked_by_id)
    if work.acting is not None:
        author.acting = work.acting
    try:
        with transaction.atomic(), telling(work.pk, _tell(work)):
            if work.undoes is not None:
                change = undo_territory_change(change=work.undoes, by=author)
            else:
                change = apply(work, author)
            _finish(work, author, state=Progress.DONE, percent=100, change=change)
    except REFUSALS as refused:
        with transaction.atomic():
            _finish(work, author, state=Progress.FAILED, problem=(str(refused) or str(_GONE))[:300])


def _tell(work: TerritoryWork) -> Callable[[int], None]:
    """How far it is, by a connection of its own: what the transaction itself wrote nobody sees before its end."""

    def tell(percent: int) -> None:
        aside = connection.copy()
        try:
            with aside.cursor() as cursor:
                cursor.execute("UPDATE crm_territorywork SET percent = %s WHERE id = %s", [percent, work.pk])
        finally:
            aside.close()

    return tell


def _finish(work: TerritoryWork, author: User, **how: Any) -> None:
    TerritoryWork.objects.filter(pk=work.pk).update(finished_at=timezone.now(), **how)
    is_done = how["state"] == Progress.DONE
    record("crm.territory_work_done" if is_done else "crm.territory_work_failed", work, by=author)
    url = how["change"].get_absolute_url() if is_done else work.get_absolute_url()
    title = _DONE if is_done else _FAILED
    notify([author], "crm.territory_work", title=title, body=how.get("problem", ""), url=url)
    wake("crm.territory_work", people=[author.pk], work=work.pk)


_GONE = gettext_lazy("What was asked for is no longer there: look at the territories and begin again.")
_DONE = gettext_lazy("The change of territories is done")
_FAILED = gettext_lazy("The change of territories was not made; nothing was written")
