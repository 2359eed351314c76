"""A change of territories that moves many companies is written by a worker, whole or not at all."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record, wake
from pavillon.crm.actions.territories import (
    BeingChanged,
    NameTaken,
    NothingMoves,
    PlanMoved,
    Tell,
    TerritoryEnded,
    lock_territories,
    telling,
)
from pavillon.crm.actions.territories_undoing import AlreadyUndone, undo_territory_change
from pavillon.crm.enums import Progress
from pavillon.crm.models import Territory, TerritoryChange, TerritoryWork
from pavillon.crm.queries.territory_plans import Passages
from pavillon.reference.models import Region

logger = logging.getLogger(__name__)

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
    passing: Passages | None = None,
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
        passing=[
            {"giver": giver, "to": to, "companies": f"{{{','.join(map(str, numbers))}}}"}
            for (giver, to), numbers in (passing or {}).items()
        ],
        asked_by=by,
        acting=by.acting,
        asked_at=timezone.now(),
    )
    record("crm.territory_work_asked", work, by=by, ask=ask, companies=companies)
    app.configure_task("crm.run_territory_work", lock=f"crm.territory_work:{work.pk}").defer(work_id=work.pk)
    return work


def run_territory_work(*, work: TerritoryWork, apply: Callable[[TerritoryWork, User], TerritoryChange]) -> None:
    """Write a change in one transaction: a worker killed midway leaves nothing behind, and the job begins anew.

    `apply` does what a form asked; an undoing needs none. What refuses the change is told to whoever asked for it, in
    the language and on the clock of that person; so is what nobody foresaw, which also fails the job.
    """
    author = User.objects.get(pk=work.asked_by_id)
    with translation.override(author.language), timezone.override(author.time_zone):
        try:
            with transaction.atomic():
                _run_alone(work, author, apply)
        except Exception:
            logger.exception("Change of territories %s broke off", work.pk)
            with transaction.atomic():
                _finish(work, author, state=Progress.FAILED, problem=str(_BROKEN))
            raise


def _run_alone(work: TerritoryWork, author: User, apply: Callable[[TerritoryWork, User], TerritoryChange]) -> None:
    """Do it unless it is done. A run that was put back beside a living one waits here until that one has ended."""
    with connection.cursor() as cursor:
        # Not the row itself: how far it is is written there meanwhile, by another connection.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('crm.territory_work'), %s)", [work.pk])
    if not TerritoryWork.objects.moving().filter(pk=work.pk).exists():
        return
    tell = _tell(work)
    tell(0, 0)
    try:
        with transaction.atomic(), telling(work.pk, tell):
            _act_as_then(work, author)
            if work.undoes is not None:
                change = undo_territory_change(change=work.undoes, by=author)
            else:
                change = apply(work, author)
            if not _finish(work, author, state=Progress.DONE, percent=100, change=change):
                raise FormMoved
    except REFUSALS as refused:
        _finish(work, author, state=Progress.FAILED, problem=(str(refused) or str(_GONE))[:300])


def _act_as_then(work: TerritoryWork, author: User) -> None:
    """The rights are those of the role in which it was asked for. Raises FormMoved once that role is over."""
    if work.acting is None or not work.acting.is_current:
        raise FormMoved(_ROLE_OVER)
    author.acting = work.acting


def _tell(work: TerritoryWork) -> Tell:
    """How far it is, by a connection of its own: what the transaction itself wrote nobody sees before its end."""

    def tell(percent: int, companies: int) -> None:
        aside = connection.copy()
        try:
            with aside.cursor() as cursor:
                cursor.execute(
                    "UPDATE crm_territorywork SET percent = %s, written = %s, state = 'running'"
                    " WHERE id = %s AND state IN ('waiting', 'running')",
                    [percent, companies, work.pk],
                )
        except DatabaseError:
            # A bar that stands still is no reason to give the change up.
            logger.warning("How far change of territories %s is could not be told", work.pk, exc_info=True)
        finally:
            aside.close()

    return tell


def _finish(work: TerritoryWork, author: User, **how: Any) -> bool:
    """Say how it ended, once: False when it has an end already."""
    if not TerritoryWork.objects.moving().filter(pk=work.pk).update(finished_at=timezone.now(), **how):
        return False
    is_done = how["state"] == Progress.DONE
    record("crm.territory_work_done" if is_done else "crm.territory_work_failed", work, by=author)
    url = how["change"].get_absolute_url() if is_done else work.get_absolute_url()
    title = _DONE if is_done else _FAILED
    notify([author], "crm.territory_work", title=title, body=how.get("problem", ""), url=url)
    wake("crm.territory_work", people=[author.pk], work=work.pk)
    return True


def end_abandoned_territory_works() -> int:
    """End what no job will end any more (it was cancelled, or failed while the database was away): how many."""
    # In this order: a work and its job are written together, and a work ends before its job does.
    moving = list(TerritoryWork.objects.moving().select_related("asked_by"))
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(
        task_name="crm.run_territory_work", status__in=["todo", "doing"]
    )
    alive = {job.args["work_id"] for job in jobs} if moving else set()
    ended = 0
    for work in moving:
        if work.pk not in alive:
            with transaction.atomic(), translation.override(work.asked_by.language):
                ended += _finish(work, work.asked_by, state=Progress.FAILED, problem=str(_BROKEN))
    return ended


_GONE = gettext_lazy("What was asked for is no longer there: look at the territories and begin again.")
_ROLE_OVER = gettext_lazy("The role in which this was asked for has ended: ask again in another one.")
_BROKEN = gettext_lazy("Something unexpected stopped it: apply it again; if that stops too, tell the support.")
_DONE = gettext_lazy("The change of territories is done")
_FAILED = gettext_lazy("The change of territories was not made; nothing was written")
