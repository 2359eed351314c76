"""What is promised to companies by somebody who no longer answers for them, or who is no longer there."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from pavillon.accounts.models import Membership, Organisation, User
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Interaction, Lead, Referent, SharedTask
from pavillon.crm.models.leads import LEAD_WORKERS
from pavillon.ui import together

WORKS: dict[str, Any] = {"role__in": LEAD_WORKERS, "user__is_active": True}
HELD = (LeadState.ASSIGNED, LeadState.TAKEN)


def working_in(person: str, organisation: str) -> Exists:
    """Whether the person of a row works for the organisation of that row today."""
    own = Membership.objects.current().filter(user=OuterRef(person), organisation=OuterRef(organisation))
    return Exists(own.filter(**WORKS))


def open_promises() -> QuerySet[Any]:
    """Promises of exchanges that wait, with `holder`: who keeps them now, whether he works there (`is_there`)."""
    rows = Interaction.objects.filter(next_action_on__isnull=False, next_action_done_at__isnull=True)
    held = rows.annotate(holder=Coalesce(F("keeper"), F("author")))
    # Who keeps it since it went with an account does so wherever he works.
    places = Q(organisation=OuterRef("organisation")) | Q(user=OuterRef("keeper"))
    own = Membership.objects.current().filter(places, user=OuterRef("holder"), **WORKS)
    return held.annotate(is_there=Exists(own))


def promises_to_hand_on(
    *, companies: Iterable[int] | None = None, people: Iterable[int] | None = None
) -> QuerySet[Interaction]:
    """Open promises of somebody who has left, or made or got them as the company's referent, which he is no more."""
    rows = open_promises()
    if companies is not None:
        rows = rows.filter(company__in=list(companies))
    if people is not None:
        rows = rows.filter(Q(author__in=list(people)) | Q(keeper__in=list(people)))
    today = timezone.localdate()
    of_his = Referent.objects.filter(company=OuterRef("company"), adviser=OuterRef("holder"))
    # What he promised after he had given the account up is his own; who gives it up today was it until yesterday.
    rows = rows.annotate(day_before=Cast(F("created_at") - datetime.timedelta(days=1), DateField()))
    was = Exists(of_his.filter(ends_on__lt=today, ends_on__gte=OuterRef("day_before")))
    went = was | Q(keeper__isnull=False)
    rows = rows.filter(Q(is_there=False) | (went & ~Exists(of_his.on(today))))
    return rows.select_related("company", "author", "keeper", "organisation").order_by("pk")


@dataclass
class Left:
    """What one person who is no longer there leaves in an organisation."""

    person: User
    promises: list[Interaction] = field(default_factory=list)
    tasks: list[SharedTask] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    accounts: list[Referent] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Whether there is something to give, apart from the portfolio, which has a page of its own."""
        return bool(self.promises or self.tasks or self.leads)


HOLDERS: dict[str, Callable[[Any], User]] = {
    "promises": lambda row: row.keeper or row.author,
    "tasks": lambda row: row.given_to,
    "leads": lambda row: row.adviser,
    "accounts": lambda row: row.adviser,
}


def left_in(organisation: Organisation, user: User | None = None) -> list[Left]:
    """Open promises, tasks, requests and accounts whose holder no longer works for the organisation, as far as `user`
    may see them (nobody: all). One statement."""

    def seen(model: Any) -> Any:
        return model.objects.visible_to(user) if user else model.objects.all()

    promises = open_promises().filter(organisation=organisation, is_there=False)
    if user:
        promises = promises.filter(pk__in=Interaction.objects.visible_to(user).order_by().values("pk"))
    tasks = seen(SharedTask).waiting().filter(organisation=organisation)
    leads = seen(Lead).filter(team=organisation, adviser__isnull=False, state__in=HELD)
    accounts = seen(Referent).current().filter(organisation=organisation).exclude(working_in("adviser", "organisation"))
    told = together.ask(
        promises=promises.select_related("company", "author", "keeper").order_by("next_action_on", "pk"),
        tasks=tasks.exclude(working_in("given_to", "organisation"))
        .select_related("company", "given_to", "organisation")
        .order_by("due_on", "pk"),
        leads=leads.exclude(working_in("adviser", "team")).select_related("company", "adviser").order_by("pk"),
        accounts=accounts.select_related("adviser").order_by("pk"),
    )
    lines: dict[int, Left] = {}
    for name, holder in HOLDERS.items():
        for row in told[name]:
            person = holder(row)
            getattr(lines.setdefault(person.pk, Left(person)), name).append(row)
    return sorted(lines.values(), key=lambda line: (line.person.last_name, line.person.pk))


def changes_of_today() -> tuple[list[int], list[Membership]]:
    """(companies whose referent begins today, roles that ended with yesterday)."""
    today = timezone.localdate()
    begun = Referent.objects.filter(starts_on=today).values_list("company", flat=True)
    ended = Membership.objects.filter(ends_on=today - datetime.timedelta(days=1), role__in=LEAD_WORKERS)
    return list(begun), list(ended.select_related("user", "organisation"))
