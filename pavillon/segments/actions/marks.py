"""Tags and target lists, one company or ten thousand at a time; each bulk gesture can be taken back."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.segments.enums import Gesture
from pavillon.segments.events import target_list_published
from pavillon.segments.models import BulkAct, Tag, Tagging, TargetList, TargetReader, TargetRow, TargetSize


class NameTaken(Exception):
    """One has something of this name already."""


class AlreadyUndone(Exception):
    """The gesture was taken back before."""


@transaction.atomic
def tag_companies(*, companies: Sequence[int], tag: str, by: User) -> BulkAct:
    """Put a tag of one's organisation on companies (their numbers, all visible to `by`)."""
    word, _made = Tag.objects.get_or_create(
        organisation=by.organisation, name=" ".join(tag.split())[:40], defaults={"made_by": by}
    )
    known = set(Tagging.objects.filter(tag=word, company__in=companies).values_list("company_id", flat=True))
    new = [pk for pk in companies if pk not in known]
    Tagging.objects.bulk_create(
        (Tagging(tag=word, company_id=pk, tagged_by=by) for pk in new), batch_size=2000, ignore_conflicts=True
    )
    act = BulkAct.objects.create(gesture=Gesture.TAG, done_by=by, tag=word, asked=len(companies), done=new)
    record("segments.companies_tagged", word, by=by, tag=word.name, companies=len(new))
    return act


@transaction.atomic
def create_target_list(*, name: str, origin: str, by: User, note: str = "") -> TargetList:
    """An empty target list. Raises NameTaken."""
    try:
        with transaction.atomic():
            made = TargetList.objects.create(
                name=name.strip(), origin=origin, note=note, author=by, organisation=by.organisation
            )
    except IntegrityError as error:
        raise NameTaken(_("You already have a target list called “%(name)s”.") % {"name": name}) from error
    record("segments.target_list_created", made, by=by, name=made.name, origin=origin)
    return made


@transaction.atomic
def target_companies(*, companies: Sequence[int], target_list: TargetList, by: User) -> BulkAct:
    """Put companies in a target list."""
    known = set(
        TargetRow.objects.filter(target_list=target_list, company__in=companies).values_list("company_id", flat=True)
    )
    new = [pk for pk in companies if pk not in known]
    TargetRow.objects.bulk_create(
        (TargetRow(target_list=target_list, company_id=pk) for pk in new), batch_size=2000, ignore_conflicts=True
    )
    act = BulkAct.objects.create(
        gesture=Gesture.TARGET, done_by=by, target_list=target_list, asked=len(companies), done=new
    )
    record("segments.companies_targeted", target_list, by=by, companies=len(new))
    return act


@transaction.atomic
def undo_bulk(*, act: BulkAct, by: User) -> int:
    """Take a bulk gesture back: only from the companies that it changed. Raises AlreadyUndone."""
    act = BulkAct.objects.select_for_update(of=("self",)).get(pk=act.pk)
    if act.undone_at is not None:
        raise AlreadyUndone
    if act.gesture == Gesture.TAG:
        gone, _each = Tagging.objects.filter(tag=act.tag, company__in=act.done).delete()
    else:
        gone, _each = TargetRow.objects.filter(target_list=act.target_list, company__in=act.done).delete()
    act.undone_at = timezone.now()
    act.save(update_fields=["undone_at"])
    record("segments.bulk_undone", act, by=by, companies=gone)
    return gone


@transaction.atomic
def publish_target_list(*, target_list: TargetList, readers: Iterable[User], by: User) -> TargetList:
    """Give a target list to advisers: it stands among their targets, and they are told."""
    target_list = TargetList.objects.select_for_update(of=("self",)).get(pk=target_list.pk)
    before = snapshot(target_list)
    known = set(TargetReader.objects.filter(target_list=target_list).values_list("user_id", flat=True))
    new = [person for person in readers if person.pk not in known]
    TargetReader.objects.bulk_create(TargetReader(target_list=target_list, user=person) for person in new)
    target_list.published_at = target_list.published_at or timezone.now()
    target_list.save(update_fields=["published_at", "changed_at"])
    record(
        "segments.target_list_published",
        target_list,
        by=by,
        changes=changes_since(before, target_list),
        readers=len(new),
        origin=target_list.origin,
    )
    notify(
        new,
        "segments.target_list",
        title=_("Targets: %(name)s") % {"name": target_list.name},
        body=_("%(author)s recommends %(n)s companies to you (%(origin)s). %(note)s")
        % {
            "author": by.full_name,
            "n": target_list.rows.count(),
            "origin": target_list.get_origin_display(),
            "note": target_list.note,
        },
        url=target_list.get_absolute_url(),
    )
    target_list_published.send(sender=TargetList, target_list=target_list, readers=new, by=by)
    return target_list


@transaction.atomic
def change_target_size(*, above: int, below: int, reason: str, by: User) -> TargetSize:
    """Say which headcount prospecting aims at, and why; earlier decisions stay readable."""
    made = TargetSize.objects.create(above=above, below=below, reason=reason, decided_by=by)
    record("segments.target_size_changed", made, by=by, above=above, below=below, reason=reason)
    return made
