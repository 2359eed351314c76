"""A person follows a company, and is told of what he chose."""

from collections.abc import Iterable

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.crm.enums import FollowTopic
from pavillon.crm.models import Follow
from pavillon.directory.actions import forwarded
from pavillon.directory.actions.moving import Moves
from pavillon.directory.models import Company


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
