"""A person follows a company, and is told of what he chose."""

from collections.abc import Iterable

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.crm.enums import FollowTopic
from pavillon.crm.models import Follow, RecordFollow
from pavillon.crm.models.records import RecordKey
from pavillon.directory.actions import forwarded
from pavillon.directory.actions.moving import Moves
from pavillon.directory.models import Company, Contact


@transaction.atomic
def follow_company(*, company: Company, topics: Iterable[str], by: User) -> Follow:
    """Be told of these subjects of a company from now on, instead of those before. Raises ValueError for none."""
    chosen = [topic for topic in FollowTopic.values if topic in set(topics)]
    if not chosen:
        raise ValueError("Nothing to be told of: unfollow instead.")
    company = forwarded(company)
    follow = Follow.objects.select_for_update().filter(company=company, person=by).first()
    before = follow.topics if follow else []
    if follow is None:
        follow = Follow.objects.create(company=company, person=by, topics=chosen)
    else:
        follow.topics = chosen
        follow.save(update_fields=["topics"])
    if before != chosen:
        record("crm.company_followed", follow, by=by, changes={"topics": [before, chosen]})
    return follow


@transaction.atomic
def unfollow_company(*, company: Company, by: User) -> None:
    """No longer be told of a company; nothing happens when one was not."""
    follow = Follow.objects.select_for_update().filter(company=forwarded(company), person=by).first()
    if follow is not None:
        record("crm.company_unfollowed", follow, by=by, changes={"topics": [follow.topics, []]})
        follow.delete()


@transaction.atomic
def follow_record(
    *, company: Company, by: User, contact: Contact | None = None, about: RecordKey | None = None
) -> RecordFollow:
    """Be told of what happens with a person of a company, or with a record of a room above; twice changes nothing."""
    row = RecordFollow.objects.of(contact, about).filter(person=by).first()
    if row is None:
        row = RecordFollow.objects.create(
            company=forwarded(company),
            contact=contact,
            record_kind=about.kind if about else "",
            record_id=about.number if about else None,
            person=by,
        )
        record("crm.record_followed", row, by=by, about=about.label if about else str(contact))
    return row


@transaction.atomic
def unfollow_record(*, follow: RecordFollow, by: User) -> None:
    """No longer be told, whether or not one may still open what one followed; nothing happens when one was not."""
    row = RecordFollow.objects.select_for_update().filter(pk=follow.pk).first()
    if row is not None:
        record("crm.record_unfollowed", row, by=by, about=row.record_kind or "directory.contact")
        row.delete()


def move_follows(moves: Moves, kept: Company, removed: Company) -> None:
    """A rule of merging: whoever followed both is told of what he chose of either."""
    mine = {row.person_id: row for row in Follow.objects.select_for_update().filter(company=kept)}
    for row in Follow.objects.select_for_update().filter(company=removed).order_by("pk"):
        own = Follow.objects.filter(pk=row.pk)
        if row.person_id not in mine:
            moves.change(own, company=kept)
            continue
        both = {*mine[row.person_id].topics, *row.topics}
        moves.change(
            Follow.objects.filter(pk=mine[row.person_id].pk),
            topics=[topic for topic in FollowTopic.values if topic in both],
        )
        moves.delete(own)
