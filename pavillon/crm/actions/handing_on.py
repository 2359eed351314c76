"""Follow-ups go with the account: to its referent of today, or their managers are told. Nothing is lost silently."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.permissions import sees
from pavillon.core.wall import house
from pavillon.crm.actions.agenda import keep_promise_of_exchange
from pavillon.crm.actions.discussing import MayNotRead
from pavillon.crm.actions.leads import WrongState, assign_lead
from pavillon.crm.actions.shared_tasks import hand_task_on
from pavillon.crm.models import Interaction, Referent
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.queries.left import (
    FOLLOWED,
    Left,
    changes_of,
    days_to_follow,
    left_in,
    places_left,
    promises_to_hand_on,
    stewards_of,
)


@transaction.atomic
def hand_promises_on(
    *, companies: Iterable[int] | None = None, people: Iterable[int] | None = None, tells: bool = True
) -> int:
    """Promises of exchanges whose holder left, or gave the account up, go to its referent of today; how many went.

    What a referent may not read stays where it is: `tells` its holder so, when he is still there.
    """
    rows = list(promises_to_hand_on(companies=companies, people=people).select_for_update(of=("self",)))
    current = Referent.objects.current().filter(company__in={row.company_id for row in rows}).select_related("adviser")
    referents = {one.company_id: one.adviser for one in current}
    went: dict[User, list[Interaction]] = defaultdict(list)
    stays: dict[User, list[Interaction]] = defaultdict(list)
    for row in rows:
        to, holder = referents.get(row.company_id), row.keeper or row.author
        if to is not None and to != holder and to.is_active and sees(to, row) and sees(to, row.company):
            keep_promise(row, to, by=None)
            went[to].append(row)
        elif to is not None and row.is_there:  # type: ignore[attr-defined]
            stays[holder].append(row)
    for person, promises in went.items():
        _tell(person, promises, _("Follow-ups pass to you with their accounts: {n}"))
    for person, promises in stays.items() if tells else ():
        _tell(person, promises, _("Follow-ups stay with you, which the new referent may not read: {n}"))
    return sum(len(promises) for promises in went.values())


def keep_promise(interaction: Interaction, to: User, *, by: User | None) -> None:
    """Another person keeps what an exchange promised: it leaves one agenda for the other, for the same day."""
    before = snapshot(interaction)
    interaction.keeper = None if to.pk == interaction.author_id else to
    interaction.save(update_fields=["keeper", "changed_at"])
    record("crm.promise_handed_on", interaction, by=by, changes=changes_since(before, interaction))
    keep_promise_of_exchange(interaction, by=by)
    wake("crm.lead", people=[to.pk])


def _tell(person: User, promises: list[Interaction], title: Any) -> None:
    companies = {row.company for row in promises}
    alone = next(iter(companies)) if len(companies) == 1 else None
    notify(
        [person],
        "crm.handed_on",
        title=format_lazy(title, n=len(promises)),
        # The one before may not know of a company that is kept to few people.
        body=", ".join(sorted(str(company) for company in companies if sees(person, company))[:10]),
        url=alone.get_absolute_url() if alone else reverse("agenda:agenda"),
        about=alone,
    )


@transaction.atomic
def follow_leaver(*, person: User, organisation: Organisation) -> int:
    """Somebody no longer works for an organisation: what goes with accounts goes, its managers learn of the rest."""
    went = hand_promises_on(people=[person.pk], tells=False)
    for place in places_left(person, organisation):
        for left in left_in(place, person=person):
            _tell_stewards(place, left)
    return went


def _tell_stewards(organisation: Organisation, left: Left) -> None:
    people, read_it = stewards_of(organisation)
    notify(
        people,
        "crm.handed_on",
        title=format_lazy(_("{person} is no longer there: give on what is left"), person=left.person.full_name),
        body=format_lazy(
            _("Follow-ups: {promises}. Tasks: {tasks}. Requests: {leads}. Accounts: {accounts}."),
            promises=len(left.promises),
            tasks=len(left.tasks),
            leads=len(left.leads),
            accounts=len(left.accounts),
        ),
        url=f"{reverse('crm:view_workload')}#left" if read_it else reverse("crm:view_left"),
    )


@transaction.atomic
def follow_planned_changes() -> int:
    """Referents and roles whose day has come since this was done last, a missed night too. How many days."""
    days = days_to_follow()
    if days is None:
        return 0
    first, last = days
    begun, ended = changes_of(first, last)
    if begun:
        hand_promises_on(companies=begun)
    for membership in ended:
        follow_leaver(person=membership.user, organisation=membership.organisation)
    record(FOLLOWED, by=None, until=last.isoformat())
    return (last - first).days + 1


@transaction.atomic
def give_on_left(*, person: User, to: User, by: User) -> tuple[int, int]:
    """A manager gives a colleague what somebody leaves in his organisation: (how many went, how many may not).

    What was done or given meanwhile is neither. An administrator gives it all, of which he reads nothing.
    """
    if by.role in LEAD_READERS:
        return _give_on(person, to, by, reader=by)
    with house():
        return _give_on(person, to, by, reader=None)


def _give_on(person: User, to: User, by: User, *, reader: User | None) -> tuple[int, int]:
    organisation = by.organisation
    assert organisation is not None
    went = refused = 0
    kept: list[Interaction] = []
    for left in left_in(organisation, reader, person=person):
        waiting = Interaction.objects.filter(
            pk__in=[promise.pk for promise in left.promises], next_action_done_at__isnull=True
        )
        told = waiting.select_related("company", "author", "keeper", "organisation").order_by("pk")
        for promise in told.select_for_update(of=("self",)):
            if (promise.keeper or promise.author) != person:
                continue
            if sees(to, promise) and sees(to, promise.company):
                keep_promise(promise, to, by=by)
                kept.append(promise)
            else:
                refused += 1
        for task in left.tasks:
            try:
                hand_task_on(task=task, to=to, organisation=organisation, by=by)
                went += 1
            except MayNotRead:
                refused += 1
        for lead in left.leads:
            if lead.company is not None and not sees(to, lead.company):
                refused += 1
                continue
            with suppress(WrongState):
                assign_lead(lead=lead, adviser=to, team=organisation, by=by)
                went += 1
    if kept:
        _tell(to, kept, _("Follow-ups of somebody who left pass to you: {n}"))
    went += len(kept)
    record("crm.left_given_on", person, organisation, by=by, to=to.pk, went=went, refused=refused)
    return went, refused
