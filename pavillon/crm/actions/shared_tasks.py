"""A person is given something to do about a company, across organisations, and is reminded of it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.permissions import is_allowed, sees
from pavillon.crm.actions.discussing import MayNotRead
from pavillon.crm.actions.telling_together import tell_task_change, tell_task_given, tell_task_is_due, tell_task_is_late
from pavillon.crm.models import SharedTask
from pavillon.crm.queries.together import tasks_to_tell
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company


@transaction.atomic
def give_task(
    *,
    company: Company,
    what: str,
    due_on: datetime.date,
    to: User,
    organisation: Organisation,
    by: User | None,
) -> SharedTask:
    """Ask a person, who acts for `organisation`, to do something before the end of a day. Raises MayNotRead.

    What a rule asks (`by` is nobody) is a task of his own; the trail names no person as its author.
    """
    company = forwarded(company)
    if not (sees(to, company) and is_allowed(to, "crm.view_tasks", company)):
        raise MayNotRead(_("%(person)s may not open this company.") % {"person": to})
    task = SharedTask.objects.create(
        company=company,
        what=what,
        due_on=due_on,
        given_to=to,
        organisation=organisation,
        given_by=by or to,
        asking_organisation=by.organisation if by else organisation,
    )
    record("crm.task_given", task, by=by, to=to.pk, organisation=organisation.name, due_on=due_on)
    tell_task_given(task)
    wake_task(task)
    return task


@transaction.atomic
def change_task(*, task: SharedTask, what: str, due_on: datetime.date, by: User | None) -> SharedTask:
    """Say otherwise what is to be done, or put it off; whoever has it to do is told. `by` is nobody for a rule."""
    task = _locked(task)
    before = snapshot(task)
    task.what, task.due_on = what, due_on
    changes = changes_since(before, task)
    if changes:
        task.save()
        record("crm.task_changed", task, by=by, changes=changes)
        tell_task_change(task, "changed", by=by)
        wake_task(task)
    return task


@transaction.atomic
def hand_task_on(*, task: SharedTask, to: User, organisation: Organisation, by: User | None) -> SharedTask:
    """Somebody else has it to do, for the same day; what a rule asked is his own now. Raises MayNotRead."""
    task = _locked(task)
    if task.done_at is not None or task.given_to_id == to.pk:
        return task
    if not (sees(to, task.company) and is_allowed(to, "crm.view_tasks", task.company)):
        raise MayNotRead(_("%(person)s may not open this company.") % {"person": to})
    wake_task(task)
    before = snapshot(task)
    if task.given_by_id == task.given_to_id:
        task.given_by, task.asking_organisation = to, organisation
    task.given_to, task.organisation = to, organisation
    # He was reminded of nothing yet.
    task.reminded_for = task.told_late_for = None
    task.save()
    record("crm.task_handed_on", task, by=by, changes=changes_since(before, task))
    tell_task_given(task)
    wake_task(task)
    return task


@transaction.atomic
def finish_task(*, task: SharedTask, by: User) -> SharedTask:
    """It is done; the other one is told. Nothing happens when it was done already."""
    task = _locked(task)
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        task.save(update_fields=["done_at", "done_by", "changed_at"])
        record("crm.task_finished", task, by=by)
        tell_task_change(task, "done", by=by)
        wake_task(task)
    return task


@transaction.atomic
def reopen_task(*, task: SharedTask, by: User) -> SharedTask:
    """It was not done after all."""
    task = _locked(task)
    if task.done_at is not None:
        task.done_at = task.done_by = None
        task.save(update_fields=["done_at", "done_by", "changed_at"])
        record("crm.task_reopened", task, by=by)
        tell_task_change(task, "reopened", by=by)
        wake_task(task)
    return task


def remind_tasks() -> int:
    """Tell who has something to do by tomorrow, and both of what is late: each once for a day set. How many letters."""
    told = 0
    today = timezone.localdate()
    for found in list(tasks_to_tell(today)):
        with transaction.atomic():
            task = SharedTask.objects.select_for_update(of=("self",)).with_people().get(pk=found.pk)
            if task.done_at is not None:
                continue
            if task.is_late and task.told_late_for != task.due_on:
                task.told_late_for = task.due_on
                tell_task_is_late(task)
            elif not task.is_late and task.reminded_for != task.due_on:
                task.reminded_for = task.due_on
                tell_task_is_due(task)
            else:
                continue
            task.save(update_fields=["reminded_for", "told_late_for", "changed_at"])
            record("crm.task_reminded", task, by=None, late=task.is_late)
            told += 1
    return told


def _locked(task: SharedTask) -> SharedTask:
    return SharedTask.objects.select_for_update(of=("self",)).with_people().get(pk=task.pk)


def wake_task(task: SharedTask) -> None:
    """Desks and pages of both organisations look again."""
    wake("crm.task", people=[task.given_to_id, task.given_by_id], company=task.company_id)
    for place in {task.organisation_id, task.asking_organisation_id}:
        wake("crm.task", audience=f"organisation:{place}", company=task.company_id)
