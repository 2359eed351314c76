"""One line of time for a company: what every organisation did with it, as far as the reader may see."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import Membership, User
from pavillon.activity.models import Entry, Thread
from pavillon.core.policy import may_read
from pavillon.crm.enums import InteractionKind, InteractionOutcome, Step, Visibility
from pavillon.crm.models import Interaction, Lead, LeadStep
from pavillon.crm.queries.leads import STEPS_OF_TIMELINE
from pavillon.directory.models import Company
from pavillon.directory.queries import former_numbers
from pavillon.directory.queries.traces import may_hold
from pavillon.security.queries import sentence_of
from pavillon.ui import steady
from pavillon.ui.keyset import among

LENGTH = 30
REQUESTS, CHANGES, SERVICES, OFFERS = "requests", "changes", "services", "offers"
ICONS = {
    InteractionKind.CALL: "phone",
    InteractionKind.VISIT: "map-pin",
    InteractionKind.MAIL: "mail",
    InteractionKind.MEETING: "users",
    InteractionKind.NOTE: "pencil",
}
TONES = {
    InteractionOutcome.POSITIVE: "ok",
    InteractionOutcome.TO_FOLLOW: "warn",
    InteractionOutcome.NEGATIVE: "bad",
    InteractionOutcome.NO_ANSWER: "bad",
}


@dataclass(frozen=True)
class Link:
    """What a room above keeps of an exchange, and where: the mail that it was, for example."""

    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class Happening:
    """One line of the timeline, whatever it comes from."""

    at: datetime.datetime
    title: str
    icon: str
    who: str
    text: str = ""
    tone: str = ""
    badge: str = ""
    url: str = ""
    reason: str = ""
    interaction: Interaction | None = None
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass
class Timeline:
    """A page of happenings by day; `before` is where the next page begins, None at the end."""

    days: list[tuple[datetime.date, list[Happening]]] = field(default_factory=list)
    before: datetime.datetime | None = None
    kind: str = ""


# teller(company, user, before) -> the latest happenings before a moment that the user may see, LENGTH + 1 at least
Teller = Callable[[Company, User, datetime.datetime], list[Happening]]
_tellers: dict[str, Teller] = {}


def add_teller(kind: str, teller: Teller) -> None:
    """A room above lets its happenings stand in the timeline, under a filter of their own."""
    _tellers[kind] = teller


# linker(interactions, user) -> {number of an interaction: where a room above keeps what it was made of}
Linker = Callable[[list[Interaction], User], dict[int, Link]]
_linkers: list[Linker] = []


def add_linker(linker: Linker) -> None:
    """A room above leads from an exchange to what it keeps of it."""
    _linkers.append(linker)


# opener(numbers, user) -> {number of a row of one table that this reader may open: where}; one statement
Opener = Callable[[list[int], User], dict[int, Link]]
_openers: dict[str, Opener] = {}


def add_opener(table: str, opener: Opener) -> None:
    """Lines of the trail that are about a row of a room above ("showroom.enquiry") lead to it."""
    _openers[table] = opener


def told_kinds() -> set[str]:
    """The filters that rooms above fill."""
    return set(_tellers)


def why_visible(interaction: Interaction, user: User) -> str:
    """The reason for which this reader finds an interaction."""
    if interaction.author_id == user.pk:
        own = {
            Visibility.ORGANISATION: _("You wrote it; your organisation alone reads it."),
            Visibility.REGION: _("You wrote it and shared it with the team of the region."),
            Visibility.TEAM: _("You wrote it and shared it with the whole team."),
        }
        return own[Visibility(interaction.visibility)]
    if user.acting and interaction.organisation_id == user.acting.organisation_id:
        return _("You see this because it was written in your organisation.")
    if interaction.visibility == Visibility.TEAM:
        return _("You see this because %(organisation)s shares it with the whole team.") % {
            "organisation": interaction.organisation
        }
    return _("You see this because %(organisation)s shares it within its region and with the national level.") % {
        "organisation": interaction.organisation
    }


def timeline_of(company: Company, user: User, *, kind: str = "", before: datetime.datetime | None = None) -> Timeline:
    """Interactions, steps of requests, changes of the record and what rooms above tell, latest first.

    At most three statements, and those of the rooms above (tellers, linkers and openers). `kind` is one of
    `InteractionKind`, "requests", "changes", one of `told_kinds` or "" for all. `before` continues an earlier page.
    """
    before = before or timezone.now() + datetime.timedelta(days=1)
    found: list[Happening] = []
    if kind in ("", *InteractionKind.values):
        found += _interactions(company, user, kind, before)
    if kind in ("", REQUESTS):
        found += _steps(company, user, before)
    if kind in ("", CHANGES):
        found += _entries(company, user, before)
    for told, teller in _tellers.items():
        if kind in ("", told):
            found += teller(company, user, before)
    found.sort(key=lambda happening: happening.at, reverse=True)
    shown = found[:LENGTH]
    days = [(day, list(lines)) for day, lines in groupby(shown, key=lambda happening: timezone.localdate(happening.at))]
    return Timeline(days, shown[-1].at if len(found) > LENGTH else None, kind)


def _interactions(company: Company, user: User, kind: str, before: datetime.datetime) -> list[Happening]:
    if not may_hold(company, Interaction):
        return []

    def told(user: User, number: int, before: datetime.datetime) -> QuerySet[Interaction]:
        rows = Interaction.objects.visible_to(user).with_people().filter(company=number, happened_at__lt=before)
        return (rows.filter(kind=kind) if kind else rows).order_by("-happened_at")[: LENGTH + 1]

    found = steady.rows(("timeline", kind), user, told, company.pk, before)
    may_see_words = may_read(user, Interaction, "summary")
    links = [linker(found, user) for linker in _linkers] if found and may_see_words else []
    return [
        Happening(
            at=row.happened_at,
            title=_interaction_title(row),
            icon=ICONS[InteractionKind(row.kind)],
            who=_who(row),
            text=row.summary if may_see_words else "",
            tone=TONES.get(row.outcome, ""),
            badge=row.get_outcome_display() if row.outcome else "",
            reason=why_visible(row, user),
            interaction=row,
            tags=_promise(row),
            links=tuple(known[row.pk] for known in links if row.pk in known),
        )
        for row in found
    ]


def _interaction_title(row: Interaction) -> str:
    if row.duration_minutes:
        return _("%(kind)s, %(minutes)s min") % {"kind": row.get_kind_display(), "minutes": row.duration_minutes}
    return str(row.get_kind_display())


def _who(row: Interaction) -> str:
    who = f"{row.author} · {row.organisation}"
    return f"{who} → {row.contact}" if row.contact else who


def _promise(row: Interaction) -> tuple[str, ...]:
    return (row.next_action,) if row.next_action and row.next_action_done_at is None else ()


def _steps(company: Company, user: User, before: datetime.datetime) -> list[Happening]:
    if not may_hold(company, Lead):
        return []
    rows = steady.rows("steps of a timeline", user, _steps_before, company.pk, before)
    return [
        Happening(
            at=row.at,
            title=_("%(step)s: %(subject)s") % {"step": row.get_step_display(), "subject": row.lead.title},
            icon="inbox" if row.step == Step.RECEIVED else "route" if row.step == Step.ASSIGNED else "circle-check",
            who=_step_who(row),
            tone="ok" if row.step in (Step.TAKEN, Step.TREATED, Step.CLOSED) else "",
            url=row.lead.get_absolute_url(),
            tags=(row.lead.reference,),
        )
        for row in rows
    ]


def _steps_before(user: User, number: int, before: datetime.datetime) -> QuerySet[LeadStep]:
    held = Membership.objects.filter(user=OuterRef("person"), starts_on__lte=OuterRef("at__date"))
    # As keys: as a question of its own PostgreSQL may read all steps of all requests beside it.
    leads = among(Lead.objects.visible_to(user).filter(company=number).order_by().values("pk"), "lead")
    return (
        LeadStep.objects.filter(leads, at__lt=before, step__in=STEPS_OF_TIMELINE)
        .annotate(person=Coalesce("adviser", "by"))
        # For whom that person spoke then, which need not be whose the request is now.
        .annotate(spoke_for=Subquery(held.order_by("-starts_on", "-pk").values("organisation__name")[:1]))
        .select_related("lead", "by", "adviser")
        .order_by("-at", "-pk")[: LENGTH + 1]
    )


def _step_who(row: Any) -> str:
    person = row.adviser or row.by
    if person is None:
        return _("Automatic")
    return f"{person} · {row.spoke_for}" if row.spoke_for else str(person)


def _entries(company: Company, user: User, before: datetime.datetime) -> list[Happening]:
    """What was recorded about the company and records merged into it. The trail of requests is not among them."""
    rows: Any
    if may_hold(company, Company):
        rows = _latest_of(Entry.objects.about_any(Company, former_numbers(company)), before)
    else:
        rows = _entries_of_one(ContentType.objects.get_for_model(Company).pk, str(company.pk), before)
    rows = list(rows)
    doors = _doors(rows, user)
    return [
        Happening(
            at=row.happened_at,
            title=sentence_of(row.as_line()),
            icon="square-pen",
            who=" · ".join(str(part) for part in (row.actor, row.organisation) if part) or _("Automatic"),
            tags=_changed_fields(company, row),
            links=tuple(doors[subject] for subject in row.subjects if subject in doors),
        )
        for row in rows
    ]


def _doors(rows: list[Entry], user: User) -> dict[str, Link]:
    """Where the reader opens what these lines are also about ("showroom.enquiry:12"), as far as he may."""
    numbers: dict[str, set[int]] = {}
    for table, _colon, key in (subject.partition(":") for row in rows for subject in row.subjects):
        if table in _openers and key.isdecimal():
            numbers.setdefault(table, set()).add(int(key))
    return {
        f"{table}:{number}": link
        for table, keys in numbers.items()
        for number, link in _openers[table](sorted(keys), user).items()
    }


def _latest_of(entries: QuerySet[Entry], before: datetime.datetime) -> QuerySet[Entry]:
    rows = entries.filter(happened_at__lt=before).select_related("actor", "organisation")
    return rows.order_by("-happened_at", "-pk")[: LENGTH + 1]


def _of_one(kind: int, key: str, before: datetime.datetime) -> QuerySet[Entry]:
    """The trail of a record into which none was merged."""
    threads = Thread.objects.filter(content_type=kind, object_id=key)
    return _latest_of(Entry.objects.filter(pk__in=threads.values("entry")), before)


_entries_of_one = steady.Form(
    _of_one,
    (5_550_000_001, "a record", datetime.datetime(1802, 1, 1, tzinfo=datetime.UTC)),
    (6_660_000_001, "another", datetime.datetime(1852, 1, 1, tzinfo=datetime.UTC)),
)


def _changed_fields(company: Company, entry: Entry) -> tuple[str, ...]:
    """The names of the company's fields that changed; never values, which the matrix may hide from this reader."""
    fields = {f.attname: str(f.verbose_name) for f in company._meta.concrete_fields}
    if not entry.verb.startswith("directory.compan") or "born" in entry.facts:
        # The changes of another row, a contact's or a diagnosis's, have fields of their own; at its start all is new.
        return ()
    return tuple(fields[name][:1].upper() + fields[name][1:] for name in entry.changes if name in fields)
