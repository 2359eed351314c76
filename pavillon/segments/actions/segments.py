"""Segments: saved, changed, and who moved in them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.criteria import Rule, WrongRule, check_values, condition_of, labels_of, write_rule
from pavillon.directory.models import Company
from pavillon.segments.actions.marks import NameTaken
from pavillon.segments.enums import Sharing, Subject
from pavillon.segments.events import segment_moved
from pavillon.segments.models import Segment, SegmentMember, SegmentMove
from pavillon.segments.queries import members, rule_of

# What an announcement carries; whoever needs all of them reads the moves.
TOLD = 1_000


class SegmentUsed(Exception):
    """Something stands on this segment: it stays."""


@transaction.atomic
def create_segment(
    *, name: str, subject: str, rule: Rule, by: User, description: str = "", sharing: str = Sharing.PERSONAL
) -> Segment:
    """Keep a rule under a name. Raises NameTaken, and WrongRule for a value that its table does not know."""
    check_values(rule, labels_of(rule.questions(), by))
    try:
        with transaction.atomic():
            segment = Segment.objects.create(
                name=name.strip(),
                subject=subject,
                rule=write_rule(rule),
                description=description,
                sharing=sharing,
                owner=by,
                organisation=by.organisation,
            )
    except IntegrityError as error:
        raise NameTaken(_("You already have a segment called “%(name)s”.") % {"name": name}) from error
    record("segments.segment_created", segment, by=by, name=segment.name, rule=segment.rule)
    refresh_segment(segment=segment, first=True)
    return segment


@transaction.atomic
def change_segment(
    *, segment: Segment, name: str, rule: Rule, by: User, description: str = "", sharing: str = Sharing.PERSONAL
) -> Segment:
    """Change a segment. Raises NameTaken and WrongRule."""
    segment = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    check_values(rule, labels_of(rule.questions(), by))
    before = snapshot(segment)
    segment.name, segment.rule = name.strip(), write_rule(rule)
    segment.description, segment.sharing = description, sharing
    changes = changes_since(before, segment)
    if not changes:
        return segment
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        raise NameTaken(_("You already have a segment called “%(name)s”.") % {"name": name}) from error
    record("segments.segment_changed", segment, by=by, changes=changes)
    if "rule" in changes:
        refresh_segment(segment=segment)
    return segment


@transaction.atomic
def delete_segment(*, segment: Segment, by: User) -> None:
    """Raises SegmentUsed while something of a room above stands on it."""
    record("segments.segment_deleted", segment, by=by, name=segment.name, rule=segment.rule)
    try:
        with transaction.atomic():
            segment.delete()
    except ProtectedError as error:
        users = ", ".join(sorted(str(row) for row in error.protected_objects)[:5])
        raise SegmentUsed(
            _("“%(name)s” is used by: %(users)s. Give them another segment first.")
            % {"name": segment.name, "users": users}
        ) from error


@transaction.atomic
def refresh_segment(*, segment: Segment, first: bool = False) -> tuple[int, int]:
    """Compare who is in the segment with the last pass: (entered, left). Three statements whatever the size.

    The first pass of a segment only takes note: nobody "entered" because somebody wrote a rule.
    """
    segment = Segment.objects.select_for_update(of=("self",)).select_related("owner").get(pk=segment.pk)
    try:
        rule_of(segment, segment.owner)
    except WrongRule:
        # Its owner lost the right to a field: the segment keeps what it knew.
        return 0, 0
    sql, params = members(segment, segment.owner).order_by().values_list("pk").query.sql_with_params()
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH present (id) AS MATERIALIZED ({sql}), gone AS ("  # noqa: S608
            "  DELETE FROM segments_segmentmember WHERE segment_id = %s AND member NOT IN (SELECT id FROM present)"
            "  RETURNING member"
            "), come AS ("
            "  INSERT INTO segments_segmentmember (segment_id, member) SELECT %s, id FROM present"
            "  ON CONFLICT DO NOTHING RETURNING member"
            "), told AS ("
            "  INSERT INTO segments_segmentmove (segment_id, member, entered, moved_at)"
            "  SELECT %s, member, true, %s FROM come WHERE NOT %s"
            "  UNION ALL SELECT %s, member, false, %s FROM gone"
            ") SELECT (SELECT count(*) FROM come), (SELECT count(*) FROM gone), (SELECT count(*) FROM present)",
            [*params, segment.pk, segment.pk, segment.pk, now, first, segment.pk, now],
        )
        entered, left, size = cursor.fetchone()
    segment.size, segment.refreshed_at = size, now
    segment.save(update_fields=["size", "refreshed_at"])
    if (entered or left) and not first:
        _tell(segment, now)
    return (0 if first else entered), left


def _tell(segment: Segment, at: Any) -> None:
    moves = SegmentMove.objects.filter(segment=segment, moved_at=at)
    entered = list(moves.filter(entered=True).values_list("member", flat=True)[:TOLD])
    left = list(moves.filter(entered=False).values_list("member", flat=True)[:TOLD])
    segment_moved.send(sender=Segment, segment=segment, entered=entered, left=left)
    wake("segments.segment", audience="team", segment=segment.pk)


@transaction.atomic
def follow_companies(*, companies: Sequence[int]) -> int:
    """After a change of companies, by number: note the segments that they entered or left. Returns how many moves.

    A few statements for each segment, whatever the number of companies.
    """
    wanted, now, moved = set(companies), timezone.now(), 0
    was_in: dict[int, set[int]] = defaultdict(set)
    for segment_id, member in SegmentMember.objects.filter(member__in=wanted).values_list("segment_id", "member"):
        was_in[segment_id].add(member)
    segments = Segment.objects.filter(subject=Subject.COMPANIES, refreshed_at__isnull=False).select_related("owner")
    for segment in segments:
        try:
            rule = rule_of(segment, segment.owner)
        except WrongRule:
            continue
        seen = Company.objects.visible_to(segment.owner).standing().filter(pk__in=wanted)
        is_in = set(seen.filter(condition_of(rule, segment.owner)).order_by().values_list("pk", flat=True))
        entered, left = is_in - was_in[segment.pk], was_in[segment.pk] - is_in
        if not entered and not left:
            continue
        rows = [SegmentMember(segment=segment, member=pk) for pk in sorted(entered)]
        SegmentMember.objects.bulk_create(rows, ignore_conflicts=True)
        SegmentMember.objects.filter(segment=segment, member__in=left).delete()
        SegmentMove.objects.bulk_create(
            SegmentMove(segment=segment, member=pk, entered=pk in entered, moved_at=now)
            for pk in sorted(entered | left)
        )
        Segment.objects.filter(pk=segment.pk).update(size=SegmentMember.objects.filter(segment=segment).count())
        _tell(segment, now)
        moved += len(entered) + len(left)
    return moved
