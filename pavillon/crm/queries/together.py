"""Who may be named, given a task or told; what is discussed, followed and to be done about a company."""

import datetime
import re
from dataclasses import dataclass, field

from django.db.models import F, Prefetch, Q, QuerySet

from pavillon.accounts.models import Membership, User
from pavillon.crm.models import Comment, Discussion, Follow, Lead, Mention, RecordFollow, SharedTask
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.models.records import RecordKey, record_for
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import plain
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady, together

# An @ that begins a word (not that of an address), and what may be a name behind it.
NAMED = re.compile(r"(?<![\w.+-])@([^\s@][^@\n]{0,80}@[\w.-]+\.\w+|[^\s@][^@\n]{0,80})")
ADDRESS = re.compile(r"^[\w.+-]+@[\w.-]+\.\w+")
WORDS_OF_A_NAME = 6
AT_MOST = 10
SUGGESTED = 8
SHOWN = 20


@dataclass
class Named:
    """Whom a text names: people, names that nobody has, and names that several have."""

    people: list[User] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)


def team_members() -> QuerySet[User]:
    """Active people whose role lets them read what is said about companies, in any organisation."""
    return User.objects.working().acting_in(role__in=LEAD_READERS)


def people_named_in(text: str) -> Named:
    """The people behind each “@First Last” or “@address” of a text: at most one statement.

    The longest name wins; case, accents and signs do not count.
    """
    found = Named()
    asked = [match.group(1).strip() for match in NAMED.finditer(text)]
    if not asked:
        return found
    by_name: dict[str, list[User]] = {}
    by_address: dict[str, User] = {}
    for user in team_members():
        by_name.setdefault(plain(user.full_name), []).append(user)
        by_address[user.email] = user
    people: dict[int, User] = {}
    for words in asked:
        address = ADDRESS.match(words)
        if address:
            holders = [by_address[a] for a in [address.group().lower()] if a in by_address]
            name = address.group()
        else:
            holders, name = _longest(plain(words).split(), by_name, words)
        if not holders:
            found.unknown.append(name)
        elif len(holders) > 1:
            found.several.append(name)
        people |= {user.pk: user for user in holders if len(holders) == 1}
    found.people = list(people.values())
    return found


def _longest(words: list[str], by_name: dict[str, list[User]], typed: str) -> tuple[list[User], str]:
    for length in range(min(len(words), WORDS_OF_A_NAME), 0, -1):
        holders = by_name.get(" ".join(words[:length]), [])
        if holders:
            return holders, " ".join(typed.split()[:length])
    return [], " ".join(typed.split()[:2])


def suggested_people(text: str, user: User) -> list[Membership]:
    """Colleagues of the whole team whose first or last name, or address, begins as typed; one's own organisation first.

    Their current roles with person and organisation, each person once.
    """
    rows = Membership.objects.current().filter(role__in=LEAD_READERS, user__is_active=True).exclude(user=user)
    for word in text.split()[:3]:
        rows = rows.filter(
            Q(user__first_name__unaccent__istartswith=word)
            | Q(user__last_name__unaccent__istartswith=word)
            | Q(user__email__istartswith=word)
        )
    rows = rows.select_related("user", "organisation").order_by("user__last_name", "user__first_name", "-is_default")
    near = list(rows.filter(organisation=user.organisation)[:SUGGESTED])
    others = [row for row in rows[: SUGGESTED * 2] if row.user_id not in {n.user_id for n in near}]
    once = {row.user_id: row for row in reversed([*near, *others])}
    return list(reversed(once.values()))[:SUGGESTED]


def discussions_of(
    company: Company,
    user: User,
    *,
    lead: Lead | None = None,
    contact: Contact | None = None,
    about: RecordKey | None = None,
) -> list[Discussion]:
    """The latest discussions that the reader may find, each with its comments and who was named: three statements.

    Of the company with all of its records, or of one of them.
    """
    if contact is lead is about is None:
        if not may_hold(company, Discussion):
            return []
        return steady.rows("discussions of a company", user, _about_company, company.pk)
    rows = Discussion.objects.visible_to(user)
    if contact is not None:
        rows = rows.filter(contact=contact)
    elif about is not None:
        rows = rows.filter(record_kind=about.kind, record_id=about.number)
    else:
        rows = rows.filter(company=company, lead=lead)
    return list(with_comments(rows)[:SHOWN])


def _about_company(user: User, number: int) -> QuerySet[Discussion]:
    return with_comments(Discussion.objects.visible_to(user).filter(company=number))[:SHOWN]


def with_comments(rows: QuerySet[Discussion]) -> QuerySet[Discussion]:
    comments = Comment.objects.select_related("author", "organisation")
    named = Mention.objects.select_related("person").order_by("named_at", "pk")
    return rows.select_related("organisation", "region", "lead", "company", "contact", "started_by").prefetch_related(
        Prefetch("comments", comments), Prefetch("mentions", named)
    )


def taking_part_in(discussion: Discussion) -> list[User]:
    """Who wrote in a discussion or was named in it, and is still at work."""
    wrote = discussion.comments.values("author")
    named = discussion.mentions.values("person")
    return list(User.objects.working().filter(Q(pk__in=wrote) | Q(pk__in=named)).order_by("pk"))


def own_follow(company: Company, user: User) -> Follow | None:
    """Whether he follows it himself; asked of none that nobody follows."""
    if not may_hold(company, Follow):
        return None
    return next(iter(steady.rows("own follow", user, _followed_by, company.pk)), None)


def _followed_by(user: User, number: int) -> QuerySet[Follow]:
    return Follow.objects.filter(company=number, person=user).order_by("pk")[:1]


def followers_of(company: Company, user: User) -> list[Follow]:
    return steady.rows("followers", user, _followers_of, company.pk) if may_hold(company, Follow) else []


def _followers_of(user: User, number: int) -> QuerySet[Follow]:
    rows = Follow.objects.visible_to(user).filter(company=number).select_related("person")
    return rows.order_by("person__last_name", "pk")[:SHOWN]


@dataclass(frozen=True)
class Followed:
    """Who follows a person of a company or a record, and the reader's own row when he does."""

    people: list[User]
    mine: RecordFollow | None


def record_followers(user: User, *, contact: Contact | None = None, about: RecordKey | None = None) -> Followed:
    """One statement."""
    found = RecordFollow.objects.visible_to(user).of(contact, about).select_related("person")
    rows = sorted(found, key=lambda row: (row.person.last_name, row.pk))
    mine = next((row for row in rows if row.person_id == user.pk), None)
    return Followed(people=[row.person for row in rows[:SHOWN]], mine=mine)


def followed_by(follow: RecordFollow, user: User) -> tuple[str, str]:
    """The name and address of what a row follows, ("", "") when the reader may no longer open it. One statement."""
    if follow.contact_id:
        contact = Contact.objects.visible_to(user).filter(pk=follow.contact_id).first()
        return (str(contact), contact.get_absolute_url()) if contact else ("", "")
    about = record_for(user, follow.record_kind, follow.record_id or 0)
    return (about.label, about.url) if about else ("", "")


def tasks_of(company: Company, user: User) -> list[SharedTask]:
    """What is to be done about a company, then what was done last: two statements."""
    if not may_hold(company, SharedTask):
        return []
    waiting = steady.rows("tasks that wait", user, _waiting_of, company.pk)
    return [*waiting, *steady.rows("tasks that are done", user, _done_of, company.pk)]


def _waiting_of(user: User, number: int) -> QuerySet[SharedTask]:
    rows = SharedTask.objects.visible_to(user).with_people().filter(company=number)
    return rows.waiting().order_by("due_on", "pk")[:SHOWN]


def _done_of(user: User, number: int) -> QuerySet[SharedTask]:
    rows = SharedTask.objects.visible_to(user).with_people().filter(company=number)
    return rows.filter(done_at__isnull=False).order_by("-done_at")[:5]


@dataclass(frozen=True)
class TasksOfPerson:
    """What one person has to do, and what he asked of others, the earliest day first."""

    mine: list[SharedTask]
    asked: list[SharedTask]

    def __bool__(self) -> bool:
        return bool(self.mine or self.asked)


def tasks_of_person(user: User) -> TasksOfPerson:
    """One statement, and one for each of the two that has some."""
    waits = together.exist(mine=_any_given_to.part(user.pk), asked=_any_asked_by.part(user.pk))
    return TasksOfPerson(
        mine=steady.rows("tasks of mine", user, _given_to) if waits["mine"] else [],
        asked=steady.rows("tasks I asked for", user, _asked_for) if waits["asked"] else [],
    )


def _any(*, to: int | None = None, by: int | None = None) -> QuerySet[SharedTask]:
    """Whether there can be any, before the rights make the question a long one: never shown."""
    rows = SharedTask.objects.waiting().order_by().values("pk")
    return rows.filter(given_to=to) if to else rows.filter(given_by=by).exclude(given_to=by)


_any_given_to = steady.Form(lambda person: _any(to=person), (7_770_000_001,), (8_880_000_001,))
_any_asked_by = steady.Form(lambda person: _any(by=person), (7_770_000_001,), (8_880_000_001,))


def _given_to(user: User) -> QuerySet[SharedTask]:
    rows = SharedTask.objects.visible_to(user).with_people().waiting().order_by("due_on", "pk")
    return rows.filter(given_to=user)[:SHOWN]


def _asked_for(user: User) -> QuerySet[SharedTask]:
    rows = SharedTask.objects.visible_to(user).with_people().waiting().order_by("due_on", "pk")
    return rows.filter(given_by=user).exclude(given_to=user)[:SHOWN]


def tasks_to_tell(today: datetime.date) -> QuerySet[SharedTask]:
    """Tasks of which somebody has to be told: due by the next day, or late, and not yet told for that day."""
    late = Q(due_on__lt=today) & (Q(told_late_for__isnull=True) | ~Q(told_late_for=F("due_on")))
    near = Q(due_on__gte=today, due_on__lte=today + datetime.timedelta(days=1))
    near &= Q(reminded_for__isnull=True) | ~Q(reminded_for=F("due_on"))
    return SharedTask.objects.waiting().with_people().filter(late | near).order_by("pk")
