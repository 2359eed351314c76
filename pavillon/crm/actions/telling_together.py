"""Who is told of comments, tasks and of what happens with a company that he follows, in each one's language."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.core.permissions import is_allowed, sees
from pavillon.crm.actions.telling import said_day
from pavillon.crm.enums import FollowTopic
from pavillon.crm.models import Comment, Discussion, Follow, RecordFollow, SharedTask
from pavillon.crm.models.records import RecordKey, record_for
from pavillon.crm.queries.together import taking_part_in
from pavillon.directory.models import Company, Contact
from pavillon.ui import steady

# Characters of a comment that go into the inbox and the letter.
EXCERPT = 400
# Asked at each exchange, where mostly nobody follows.
_interested = steady.Form(Follow.objects.interested_in, (1, "one"), (2, "two"))


def tell_comment(comment: Comment, named: list[User], *, is_new: bool = True) -> None:
    """Those named first; then who takes part in the discussion; then who follows the company."""
    discussion = comment.discussion
    company = discussion.company
    values = {"author": comment.author.full_name, "company": company.name}
    body = Truncator(comment.text).chars(EXCERPT)
    url = discussion.get_absolute_url()
    title = format_lazy(_("{author} names you about {company}"), **values)
    notify(named, "crm.mentioned", title=title, body=body, url=url, about=company)
    if not is_new:
        return
    known = {comment.author_id, *(person.pk for person in named)}
    others = [p for p in taking_part_in(discussion) if p.pk not in known and sees(p, discussion)]
    title = format_lazy(_("{author} answers about {company}"), **values)
    notify(others, "crm.discussion_answered", title=title, body=body, url=url, about=company)
    known |= {person.pk for person in others}
    if discussion.about is not None:
        title = format_lazy(_("{about}: a comment of {author}"), about=discussion.about[0], **values)
        known |= tell_record_followers(
            company,
            title=title,
            url=url,
            contact=discussion.contact,
            about=key_of(discussion),
            seeing=discussion,
            besides=known,
        )
    tell_followers(
        company,
        FollowTopic.EXCHANGES,
        title=format_lazy(_("{company}: a comment of {author}"), **values),
        url=url,
        seeing=discussion,
        besides=known,
    )


def key_of(discussion: Discussion) -> RecordKey | None:
    """The record of a room above that a discussion is about."""
    if not discussion.record_id:
        return None
    return RecordKey(
        discussion.record_kind,
        discussion.record_id,
        discussion.record_label,
        discussion.record_url,
        discussion.company_id,
    )


def _opens(person: User, about: RecordKey | None) -> bool:
    return about is not None and record_for(person, about.kind, about.number) is not None


def tell_record_followers(
    company: Company,
    *,
    title: Any,
    url: str,
    contact: Contact | None = None,
    about: RecordKey | None = None,
    body: Any = "",
    seeing: Any = None,
    besides: Iterable[int | None] = (),
) -> set[int]:
    """Tell those who follow a person of a company, or a record of a room above, and may still open it.

    Returns the numbers of those who were told. One statement while nobody follows.
    """
    known = set(besides)
    rows = RecordFollow.objects.of(contact, about).select_related("person")
    people = [
        person
        for person in (row.person for row in rows)
        if person.pk not in known
        and is_allowed(person, "crm.follow_company", company)
        and sees(person, company)
        and (sees(person, contact) if contact is not None else _opens(person, about))
        and (seeing is None or sees(person, seeing))
    ]
    if people:
        notify(people, "crm.followed", title=title, body=body, url=url, about=company)
    return {person.pk for person in people}


def tell_followers(
    company: Company,
    topic: FollowTopic,
    *,
    title: Any,
    body: Any = "",
    url: str = "",
    seeing: Any = None,
    besides: Iterable[int | None] = (),
) -> None:
    """Tell those who follow this subject of a company, still work on companies, and see what it is about.

    `besides` are numbers of people who know already. One statement while nobody follows.
    """
    known = set(besides)
    people = [follow.person for follow in _interested(company.pk, topic.value)]
    people = [
        person
        for person in people
        if person.pk not in known
        and is_allowed(person, "crm.follow_company", company)
        and sees(person, seeing if seeing is not None else company)
    ]
    if not people:
        return
    url = url or reverse("directory:company", args=[company.pk])
    notify(people, "crm.followed", title=title, body=body, url=url, about=company)


def tell_task_given(task: SharedTask) -> None:
    """Who has it to do is told; nobody is told of what he gave himself."""
    _tell_task(
        [task.given_to] if task.given_to_id != task.given_by_id else [],
        task,
        _("{by} ({organisation}) asks you: {what}"),
        _("About {company}, before the end of {day}."),
    )


TASK_CHANGES = {
    "changed": _("Changed for {day}: {what}"),
    "done": _("Done: {what}"),
    "reopened": _("To be done after all: {what}"),
}


def tell_task_change(task: SharedTask, change: str, *, by: User | None) -> None:
    """The other one of the two (both, of a rule) learns that a task was "changed", "done" or "reopened"."""
    others = [person for person in (task.given_to, task.given_by) if by is None or person.pk != by.pk]
    _tell_task(others, task, TASK_CHANGES[change], _("About {company}."))


def tell_task_is_due(task: SharedTask) -> None:
    _tell_task([task.given_to], task, _("For {day}: {what}"), _("About {company}. {by} counts on it."))


def tell_task_is_late(task: SharedTask) -> None:
    _tell_task([task.given_to, task.given_by], task, _("Late since {day}: {what}"), _("About {company}."))


def _tell_task(people: list[User], task: SharedTask, title: Any, body: Any) -> None:
    values = {
        "what": task.what,
        "company": task.company.name,
        "by": task.given_by.full_name,
        "organisation": task.asking_organisation.name,
        "day": said_day(task.due_on),
    }
    notify(
        people,
        "crm.task",
        title=format_lazy(title, **values),
        body=format_lazy(body, **values),
        url=reverse("crm:company_tasks", args=[task.company_id]),
        about=task.company,
    )
