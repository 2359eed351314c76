"""Comments on a company: whoever is named is told and reads them, in whatever organisation."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.permissions import is_allowed, sees
from pavillon.crm.actions.telling_together import tell_comment
from pavillon.crm.enums import Visibility
from pavillon.crm.models import Comment, Discussion, Lead, Mention
from pavillon.crm.models.records import RecordKey, record_for
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact


class MayNotRead(Exception):
    """Somebody was named who may not open the company: naming him would not let him answer."""


@transaction.atomic
def start_discussion(
    *,
    company: Company,
    text: str,
    by: User,
    visibility: str = Visibility.ORGANISATION,
    lead: Lead | None = None,
    contact: Contact | None = None,
    about: RecordKey | None = None,
    people: Iterable[User] = (),
) -> Discussion:
    """Say something about a company, one of its requests or people, or a record of a room above (`about`).

    In one's organisation's name.

    `people` are those whom the text names: they read the discussion whatever its visibility. Raises MayNotRead.
    """
    company = forwarded(company)
    discussion = Discussion.objects.create(
        company=company,
        lead=lead,
        contact=contact,
        record_kind=about.kind if about else "",
        record_id=about.number if about else None,
        record_label=about.label[:250] if about else "",
        record_url=about.url if about else "",
        started_by=by,
        organisation=by.organisation,
        region_id=by.region_id or (by.acting.covers_id if by.acting else None) or company.region_id,
        visibility=visibility,
    )
    _say(discussion, text, people, by)
    return discussion


@transaction.atomic
def answer_discussion(*, discussion: Discussion, text: str, by: User, people: Iterable[User] = ()) -> Comment:
    """Add a comment; those who take part are told. Raises MayNotRead."""
    discussion = Discussion.objects.select_for_update(of=("self",)).get(pk=discussion.pk)
    return _say(discussion, text, people, by)


@transaction.atomic
def change_comment(*, comment: Comment, text: str, by: User, people: Iterable[User] = ()) -> Comment:
    """Its author corrects it; the trail keeps both versions, and those newly named are told. Raises MayNotRead."""
    comment = Comment.objects.select_for_update(of=("self",)).select_related("discussion").get(pk=comment.pk)
    before = snapshot(comment)
    comment.text = text
    changes = changes_since(before, comment)
    if changes:
        comment.changed_at = timezone.now()
        comment.save()
        record("crm.comment_changed", comment, comment.discussion, by=by, changes=changes)
        tell_comment(comment, _name(comment.discussion, people, by), is_new=False)
        wake_discussion(comment.discussion)
    return comment


def _say(discussion: Discussion, text: str, people: Iterable[User], by: User) -> Comment:
    comment = Comment.objects.create(
        discussion=discussion, author=by, organisation=by.organisation, text=text, written_at=timezone.now()
    )
    discussion.last_said_at = comment.written_at
    discussion.save(update_fields=["last_said_at", "changed_at"])
    named = _name(discussion, people, by)
    record("crm.comment_written", comment, discussion, by=by, named=[person.pk for person in named])
    tell_comment(comment, named)
    wake_discussion(discussion)
    return comment


def _name(discussion: Discussion, people: Iterable[User], by: User) -> list[User]:
    """Open the discussion to those who are named; returns those who were not yet in it."""
    known = set(discussion.mentions.values_list("person", flat=True))
    new = [person for person in people if person.pk not in known and person.pk != by.pk]
    for person in new:
        if not _may_read(person, discussion):
            raise MayNotRead(_("%(person)s may not open this company.") % {"person": person})
    Mention.objects.bulk_create(Mention(discussion=discussion, person=person, by=by) for person in new)
    return new


def _may_read(person: User, discussion: Discussion) -> bool:
    """Whether a person may open the company, and the person or record that the discussion is about."""
    if not (sees(person, discussion.company) and is_allowed(person, "crm.view_discussions", discussion.company)):
        return False
    if discussion.contact is not None:
        return sees(person, discussion.contact)
    return not discussion.record_id or record_for(person, discussion.record_kind, discussion.record_id) is not None


def wake_discussion(discussion: Discussion) -> None:
    """Open pages look again; a hint never reaches those who may not know that the discussion exists."""
    shared = discussion.visibility != Visibility.ORGANISATION
    audience = "team" if shared else f"organisation:{discussion.organisation_id}"
    people = list(discussion.mentions.values_list("person", flat=True))
    wake("crm.discussion", people=people, audience=audience, company=discussion.company_id)
