"""Reads about requests that pages and other rooms ask for."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import Membership, User
from pavillon.core.policy import may_read
from pavillon.crm.enums import INTERNAL_STEPS, LeadState, Step
from pavillon.crm.models import HandOver, Interaction, Lead, LeadStep, Referent
from pavillon.crm.models.leads import LeadQuerySet
from pavillon.crm.queries.workload import present_settings
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady, together

NATIONAL_AGENCY = (Kind.AGENCY, Level.NATIONAL)


def with_people(leads: LeadQuerySet) -> LeadQuerySet:
    """What a line of a list shows, in the same statement."""
    return leads.select_related("company", "adviser", "team", "region", "country", "requested_by")


def offered_to(user: User) -> steady.Part:
    """The requests that somebody proposes to hand over to this person."""
    return steady.part("hand-overs offered", user, lambda who: HandOver.objects.visible_to(who).waiting_for(who))


@dataclass(frozen=True)
class Milestone:
    """One of the five steps that every request goes through, and when."""

    state: str
    label: str
    at: datetime.datetime | None
    is_done: bool
    is_current: bool


def milestones(lead: Lead) -> list[Milestone]:
    """Received → assigned → taken charge → treated → closed, with their moments; a refused one ends early."""
    moments: list[tuple[LeadState, datetime.datetime | None]] = [
        (LeadState.RECEIVED, lead.received_at),
        (LeadState.ASSIGNED, lead.assigned_at),
        (LeadState.TAKEN, lead.taken_at),
        (LeadState.TREATED, lead.treated_at),
        (LeadState.CLOSED, lead.closed_at),
    ]
    if lead.state == LeadState.REFUSED:
        moments = [pair for pair in moments[:4] if pair[1]] + [(LeadState.REFUSED, lead.closed_at)]
    order = [state for state, _at in moments]
    current = order.index(LeadState(lead.state))
    return [
        Milestone(state, str(state.label), at, i < current or (i == current and i == len(order) - 1), i == current)
        for i, (state, at) in enumerate(moments)
    ]


def requests_of(user: User) -> Iterable[Any]:
    """The requests that a company's manager may see, with who handles them and what the two sides wrote."""
    shown = LeadStep.objects.exclude(step__in=INTERNAL_STEPS).select_related("adviser")
    return (
        Lead.objects.visible_to(user)
        .select_related("adviser", "adviser__office", "team", "company", "sector", "country")
        .prefetch_related(Prefetch("steps", shown, to_attr="shown_steps"), "messages__author")
        .order_by("-received_at")
    )


def lead_steps_for_company(user: User) -> list[dict[str, Any]]:
    """What "my requests" tells, one dict a request: the request, its milestones, its steps, what comes next."""
    path = present_settings().diagnosis_path.format(language=get_language() or user.language)
    return [
        {
            "lead": lead,
            "milestones": milestones(lead),
            "steps": lead.shown_steps,
            "messages": lead.messages.all(),
            "diagnosis": path if lead.is_sent_to_diagnosis and lead.is_open else "",
        }
        for lead in requests_of(user)
    ]


def passed_up_to(user: User) -> LeadQuerySet | None:
    """The requests of other teams that escalated to the managers of the national agency; None for who is none of them.

    Those are told (`tell_escalation`) when a request escalates again, and at once where its team has no manager; while
    the agency has no team manager, its showroom managers stand for them.
    """
    place = user.organisation
    stands_in = user.has_role(Role.SHOWROOM_MANAGER)
    if not (stands_in or user.has_role(Role.TEAM_MANAGER)) or (place.kind, place.level) != NATIONAL_AGENCY:
        return None
    managers = Membership.objects.current().filter(role=Role.TEAM_MANAGER, user__is_active=True)
    has_manager = Exists(managers.filter(organisation=OuterRef("team")))
    rows = Lead.objects.visible_to(user).passed_up().exclude(adviser=user).exclude(team=place)
    rows = rows.filter(Q(escalations__gt=1) | ~has_manager)
    kind, level = NATIONAL_AGENCY
    of_the_agency = managers.filter(organisation__kind=kind, organisation__level=level)
    return rows.filter(~Exists(of_the_agency)) if stands_in else rows


_NAMED_BY_LEAD = ("company", "adviser", "team", "region", "country", "sector", "requested_by")


def hold_named(lead: Lead) -> None:
    """Have what a request names stand beside it: one statement instead of one for each of them."""
    rows = Lead.objects.filter(pk=lead.pk).select_related(*_NAMED_BY_LEAD).only("pk", *_NAMED_BY_LEAD)
    for row in rows:
        for name in _NAMED_BY_LEAD:
            if getattr(row, f"{name}_id") == getattr(lead, f"{name}_id") and getattr(row, name) is not None:
                setattr(lead, name, getattr(row, name))


def around_lead(lead: Lead, user: User, choices: Mapping[str, QuerySet]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """What stands on the page of a request, and the rows of `choices` of its forms: one statement for all of them.

    `hand_over` waits for its answer, `handed_over` is the one that brought the request to who handles it now.
    """
    offers = lead.hand_overs.select_related("sender", "receiver", "team")
    asked: dict[str, QuerySet] = {
        "history": lead.steps.select_related("by", "adviser"),
        "messages_of_lead": lead.messages.select_related("author"),
        "touches": lead.touches.select_related("campaign"),
        "interactions": lead.interactions.visible_to(user).with_people(),
        "hand_over": offers.filter(answered_at__isnull=True)[:1],
        "handed_over": offers.filter(is_accepted=True).order_by("-answered_at")[:1],
    }
    if lead.company_id is None:
        asked["matches"] = lead.matches.select_related("company", "company__region")
    told = together.ask(**asked, **{f"choices_{name}": rows for name, rows in choices.items()})
    around: dict[str, Any] = {"matches": []} | {name: told[name] for name in asked}
    for name in ("hand_over", "handed_over"):
        around[name] = next(iter(told[name]), None)
    return around, {name: told[f"choices_{name}"] for name in choices}


def leads_of(company: Company, user: User, *, limit: int = 12) -> list[Lead]:
    """The requests of a company that somebody sees, with people; one statement at most."""
    if not may_hold(company, Lead):
        return []

    def told(user: User, number: int) -> QuerySet[Lead]:
        return with_people(Lead.objects.visible_to(user)).filter(company=number)[:limit]

    return steady.rows(("requests of a company", limit), user, told, company.pk)


def referents_seen(company: Company, user: User) -> list[Referent]:
    """The planned, present and former referents of a company, latest first; one statement at most."""
    return steady.rows("referents", user, _referents_of, company.pk) if may_hold(company, Referent) else []


def _referents_of(user: User, number: int) -> QuerySet[Referent]:
    rows = Referent.objects.visible_to(user).filter(company=number)
    return rows.select_related("adviser", "organisation", "decided_by").order_by("-starts_on")


@dataclass(frozen=True)
class Promise:
    """Something promised for a day, on a request or outside one."""

    what: str
    on: datetime.date
    company: Any
    url: str
    interaction: Interaction | None = None

    @property
    def is_overdue(self) -> bool:
        return self.on < timezone.localdate()


def promises_asked(user: User, *, until: datetime.date, at_most: int = 30) -> dict[str, steady.Part]:
    """The questions whose rows `promises_from` reads: the next actions of one person up to a day."""

    def of_leads(who: User) -> Any:
        waiting = [LeadState.ASSIGNED, LeadState.TAKEN, LeadState.TREATED]
        leads = Lead.objects.visible_to(who).held_by(who).filter(next_action_on__lte=until, state__in=waiting)
        return leads.select_related("company").order_by("next_action_on", "pk")[:at_most]

    def of_exchanges(who: User) -> Any:
        open_ones = Interaction.objects.visible_to(who).filter(
            Q(author=who, keeper__isnull=True) | Q(keeper=who), next_action_done_at__isnull=True
        )
        due = open_ones.filter(next_action_on__lte=until).select_related("company")
        return due.order_by("next_action_on", "pk")[:at_most]

    return {
        "promised_leads": steady.part(("promises", until, at_most), user, of_leads),
        "promised_exchanges": steady.part(("promises of exchanges", until, at_most), user, of_exchanges),
    }


def promises_from(
    told: Mapping[str, list[Any]], user: User, *, until: datetime.date, at_most: int = 30
) -> list[Promise]:
    """What is promised, the oldest first."""
    # Who may not read what was promised is still told that something is due.
    hides = not may_read(user, Lead, "next_action")
    found = [
        Promise(x.reference if hides else x.next_action, x.next_action_on or until, x.company, x.get_absolute_url())
        for x in told["promised_leads"]
    ]
    found += [
        Promise(x.next_action, x.next_action_on or until, x.company, x.company.get_absolute_url(), x)
        for x in told["promised_exchanges"]
    ]
    return sorted(found, key=lambda promise: promise.on)[:at_most]


STEPS_OF_TIMELINE = (
    Step.RECEIVED,
    Step.ASSIGNED,
    Step.TAKEN,
    Step.TREATED,
    Step.CLOSED,
    Step.REFUSED,
    Step.HANDED_OVER,
)
