"""What is promised to companies by somebody who no longer answers for them, or who is no longer there."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.activity.models import Entry
from pavillon.core.permissions import is_allowed
from pavillon.core.wall import house
from pavillon.crm.enums import LeadState
from pavillon.crm.models import Interaction, Lead, Referent, SharedTask
from pavillon.crm.models.leads import LEAD_WORKERS
from pavillon.crm.queries.routing import HANDLING_ROLES, national_managers
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


# A page reads so many lines of a kind, lists so many of each person and so many people, and says so.
MOST, LISTED, PEOPLE = 1_000, 10, 20


@dataclass
class Left:
    """What one person who is no longer there leaves in an organisation."""

    person: User
    promises: list[Interaction] = field(default_factory=list)
    tasks: list[SharedTask] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    accounts: list[Referent] = field(default_factory=list)

    @property
    def listed(self) -> str:
        """Which of each kind a page lists, as a slice."""
        return f":{LISTED}"

    @property
    def more(self) -> int:
        """How many of them a page does not list."""
        return sum(max(len(rows) - LISTED, 0) for rows in (self.promises, self.tasks, self.leads))

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


def left_in(organisation: Organisation, user: User | None = None, *, person: User | None = None) -> list[Left]:
    """Open promises, tasks, requests and accounts whose holder no longer works for the organisation, as far as `user`
    may see them (nobody: all). One statement.

    Of one person everything; of all people `MOST` promises, tasks and requests (see `is_cut`), and every account.
    """

    def seen(model: Any) -> Any:
        return model.objects.visible_to(user) if user else model.objects.all()

    promises = open_promises().filter(organisation=organisation, is_there=False)
    if user:
        promises = promises.filter(pk__in=Interaction.objects.visible_to(user).order_by().values("pk"))
    tasks = seen(SharedTask).waiting().filter(organisation=organisation).exclude(working_in("given_to", "organisation"))
    leads = seen(Lead).filter(team=organisation, adviser__isnull=False, state__in=HELD)
    leads = leads.exclude(working_in("adviser", "team"))
    accounts = seen(Referent).current().filter(organisation=organisation).exclude(working_in("adviser", "organisation"))
    if person:
        promises = promises.filter(Q(keeper=person) | Q(keeper=None, author=person))
        tasks, leads, accounts = (
            tasks.filter(given_to=person),
            leads.filter(adviser=person),
            accounts.filter(adviser=person),
        )
    end = None if person else MOST
    told = together.ask(
        promises=promises.select_related("company", "author", "keeper").order_by("next_action_on", "pk")[:end],
        tasks=tasks.select_related("company", "given_to", "organisation").order_by("due_on", "pk")[:end],
        leads=leads.select_related("company", "adviser").order_by("pk")[:end],
        accounts=accounts.select_related("adviser").order_by("pk"),
    )
    lines: dict[int, Left] = {}
    for name, holder in HOLDERS.items():
        for row in told[name]:
            person = holder(row)
            getattr(lines.setdefault(person.pk, Left(person)), name).append(row)
    return sorted(lines.values(), key=lambda line: (line.person.last_name, line.person.pk))


@house()
def left_for_steward(user: User) -> tuple[list[User], list[Left]]:
    """(to whom it may be given, what is left) in the organisation of who administers it; none where managers do it."""
    if not is_allowed(user, "crm.give_on_left") or user.organisation is None:
        return [], left_in(user.organisation) if user.organisation else []
    people = User.objects.working().acting_in(organisation=user.organisation, role__in=HANDLING_ROLES)
    return list(people.order_by("last_name", "first_name")), left_in(user.organisation)


def stewards_of(organisation: Organisation) -> tuple[list[User], bool]:
    """Who gives on what is left in an organisation, and whether they read it: its managers, its administrators where it
    has none, else the managers of the national agency, who may have one named there."""
    people = User.objects.working().order_by("pk")
    for role in (Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN):
        if found := list(people.acting_in(organisation=organisation, role=role)):
            return found, role == Role.TEAM_MANAGER
    return list(national_managers()), True


def is_cut(lines: list[Left]) -> bool:
    """Whether there may be more than `left_in` read of all people."""
    return any(sum(len(getattr(line, kind)) for line in lines) >= MOST for kind in ("promises", "tasks", "leads"))


def places_left(person: User, organisation: Organisation) -> list[Organisation]:
    """Where somebody's leaving an organisation is felt: there, and where he kept a promise without ever belonging."""
    kept = open_promises().filter(keeper=person, is_there=False).exclude(organisation=organisation)
    numbers = set(kept.values_list("organisation", flat=True))
    return [organisation, *Organisation.objects.filter(pk__in=numbers).order_by("pk")]


FOLLOWED = "crm.planned_changes_followed"
# After a longer pause of the whole platform somebody looks himself.
CATCH_UP = 60


def days_to_follow() -> tuple[datetime.date, datetime.date] | None:
    """(first, last) of the days whose planned changes nobody followed yet: today, and nights that were missed."""
    today = timezone.localdate()
    told = Entry.objects.filter(verb=FOLLOWED).order_by("-happened_at", "-pk").values_list("facts", flat=True).first()
    if told is None:
        return today, today
    first = datetime.date.fromisoformat(told["until"]) + datetime.timedelta(days=1)
    return (max(first, today - datetime.timedelta(days=CATCH_UP)), today) if first <= today else None


def changes_of(first: datetime.date, last: datetime.date) -> tuple[list[int], list[Membership]]:
    """(companies whose referent begins on these days, roles that ended with the days before them)."""
    begun = Referent.objects.filter(starts_on__range=(first, last)).values_list("company", flat=True)
    eve = datetime.timedelta(days=1)
    ended = Membership.objects.filter(ends_on__range=(first - eve, last - eve), role__in=LEAD_WORKERS)
    return list(begun), list(ended.select_related("user", "organisation").order_by("pk"))
