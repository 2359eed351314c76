"""A team on one day: who is busy when, who is away, and what time it is there."""

import datetime
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils import timezone

from pavillon.accounts.models import Office, User
from pavillon.accounts.queries import know_roles
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import busy_of, midnight
from pavillon.agenda.queries.meetings import person_of
from pavillon.agenda.queries.origins import name_by_words
from pavillon.core.policy import may_read
from pavillon.reference.queries import holidays

# On the reader's clock; who works elsewhere may be there outside it.
FIRST_HOUR, LAST_HOUR = 7, 20
MOST_PEOPLE = 100


@dataclass
class Hour:
    """One hour of one person: "free", "busy" or "away", and what may be read about it."""

    at: datetime.datetime
    state: str
    titles: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return ", ".join(self.titles)


@dataclass
class Member:
    """One person on that day. `there` is the present hour where he is, `shift` hours ahead of the reader."""

    person: User
    hours: list[Hour]
    there: datetime.datetime
    shift: float
    is_away: bool = False
    is_colleague: bool = True
    holiday: str = ""
    follow_ups: list[Entry] = field(default_factory=list)


@dataclass
class Team:
    """The people shown, the offices one can choose among, and what was asked for and not found."""

    hours: list[datetime.datetime]
    members: list[Member]
    offices: list[Office]
    office: str
    email: str
    is_unknown: bool
    is_cut: bool


def team_on(reader: User, day: datetime.date, *, email: str = "", office: str = "") -> Team:
    """The colleagues of one's organisation, and whoever of the team is asked for by his address: eight statements.

    Of a colleague one reads what he shares; of everybody else only when he is taken. Follow-ups are called as
    the rooms that put them there call them, at a statement or two for each of these rooms.
    """
    known = User.objects.visible_to(reader).working().of_the_team().select_related("office", "country")
    people = list(known.order_by("last_name", "first_name", "pk")[: MOST_PEOPLE + 1])
    is_cut, people = len(people) > MOST_PEOPLE, people[:MOST_PEOPLE]
    shows_offices = may_read(reader, User, "office")
    offices = sorted({each.office for each in people if each.office}, key=str) if shows_offices else []
    if office and shows_offices:
        people = [each for each in people if str(each.office_id) == office]
    guest, colleagues = person_of(email) if email else None, set(people)
    if guest is not None and guest not in people:
        people = [guest, *people]
    know_roles(people)
    since, until = midnight(day), midnight(day + datetime.timedelta(days=1))
    readable = Entry.objects.visible_to(reader).between(since, until).filter(owner__in=[p.pk for p in people])
    shown: dict[int, list[Entry]] = {}
    for entry in readable.select_related("company").order_by("starts_at"):
        shown.setdefault(entry.owner_id, []).append(entry)
    taken: dict[int, list[tuple[datetime.datetime, datetime.datetime, str]]] = {}
    for who, a, b, kind in busy_of(people, since, until):
        taken.setdefault(who, []).append((a, b, kind))
    name_by_words([entry for entries in shown.values() for entry in entries if _is_follow_up(entry)], reader)
    hours = [since.replace(hour=hour) for hour in range(FIRST_HOUR, LAST_HOUR)]
    members = [_member(person, day, hours, shown.get(person.pk, []), taken.get(person.pk, [])) for person in people]
    for member in members:
        member.is_colleague = member.person != guest or member.person in colleagues
    return Team(hours, members, offices, office, email, bool(email) and guest is None, is_cut)


def _member(
    person: User,
    day: datetime.date,
    hours: list[datetime.datetime],
    shown: list[Entry],
    taken: list[tuple[datetime.datetime, datetime.datetime, str]],
) -> Member:
    zone = ZoneInfo(person.time_zone)
    now = timezone.now()
    mine, there = timezone.localtime(now).utcoffset(), now.astimezone(zone).utcoffset()
    assert mine is not None
    assert there is not None
    return Member(
        person,
        [_hour(at, shown, taken) for at in hours],
        now.astimezone(zone),
        (there - mine).total_seconds() / 3600,
        is_away=any(kind == EntryKind.ABSENCE for _a, _b, kind in taken),
        holiday=holidays(day.year, person.region_id).get(day, "") if person.time_zone == "Europe/Paris" else "",
        follow_ups=[entry for entry in shown if _is_follow_up(entry)],
    )


def _is_follow_up(entry: Entry) -> bool:
    return entry.kind == EntryKind.TASK and entry.done_at is None


def _hour(
    at: datetime.datetime, shown: list[Entry], taken: list[tuple[datetime.datetime, datetime.datetime, str]]
) -> Hour:
    end = at + datetime.timedelta(hours=1)
    kinds = {kind for a, b, kind in taken if a < end and b > at}
    state = "away" if EntryKind.ABSENCE in kinds else "busy" if kinds else "free"
    return Hour(at, state, [entry.title for entry in shown if entry.starts_at < end and entry.ends_at > at])
