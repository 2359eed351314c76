"""Two records become one, and two again."""

import json
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.directory.actions.companies import AlreadyMerged
from pavillon.directory.actions.deriving import derive
from pavillon.directory.actions.moving import Journal, Moves, images, move_everything, move_everything_back, write_image
from pavillon.directory.enums import MergeKind
from pavillon.directory.events import companies_merged, companies_parted, contacts_merged, contacts_parted
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.models.references import unique_sets
from pavillon.directory.queries.merging import (
    NOT_CHOSEN,
    merge_groups,
    side_taken,
    why_not_merged,
    why_not_undone,
)

R = TypeVar("R", Company, Contact)
MODELS: dict[str, type[Company] | type[Contact]] = {MergeKind.COMPANY: Company, MergeKind.CONTACT: Contact}
VERBS = {Company: "directory.companies_merged", Contact: "directory.contacts_merged"}


class TwoSirens(Exception):
    """Two different numbers are two legal units: related perhaps, never one company."""


class TwoAccounts(Exception):
    """People of two accounts speak for these records."""


class CannotUndo(Exception):
    """Something that happened since stands in the way; the message says what to do first."""


@house()
@transaction.atomic
def merge_companies(
    *,
    kept: Company,
    removed: Company,
    by: User | None,
    choices: dict[str, str] | None = None,
    reason: str = "",
    score: float | None = None,
    model_version: str = "",
) -> MergeEvent:
    """Keep one company of a pair of duplicates and leave a forwarding address.

    What points at the removed one follows by the rules of `models.references`. Empty columns of the kept one are
    filled from the other; `choices` ({field: "removed"}) takes the other's value on purpose. `score` and
    `model_version` are the matcher's, when it found the pair. Raises AlreadyMerged, TwoSirens, TwoAccounts, and
    ValueError for a company with itself or a field that cannot be chosen.
    """
    kept, removed = _lock_both(Company, kept, removed)
    refusal = why_not_merged(kept, removed)
    if kept.is_merged or removed.is_merged:
        raise AlreadyMerged(refusal)
    if refusal:
        raise TwoAccounts(refusal) if kept.organisation_id and removed.organisation_id else TwoSirens(refusal)
    event = _merge(kept, removed, by, choices or {}, reason=reason, score=score, model_version=model_version)
    companies_merged.send(sender=Company, kept=kept, removed=removed, by=by, event=event)
    return event


@house()
@transaction.atomic
def merge_contacts(
    *,
    kept: Contact,
    removed: Contact,
    by: User | None,
    choices: dict[str, str] | None = None,
    reason: str = "",
    score: float | None = None,
    model_version: str = "",
) -> MergeEvent:
    """Keep one record of a person; the same promises as `merge_companies`. Raises AlreadyMerged, TwoAccounts."""
    kept, removed = _lock_both(Contact, kept, removed)
    refusal = why_not_merged(kept, removed)
    if kept.is_merged or removed.is_merged:
        raise AlreadyMerged(refusal)
    if refusal:
        raise TwoAccounts(refusal)
    event = _merge(kept, removed, by, choices or {}, reason=reason, score=score, model_version=model_version)
    contacts_merged.send(sender=Contact, kept=kept, removed=removed, by=by, event=event)
    return event


def _lock_both(model: type[R], kept: R, removed: R) -> tuple[R, R]:
    """Both rows, locked in the order of their numbers: two merges of one pair never wait for each other."""
    if kept.pk == removed.pk:
        raise ValueError("A record cannot be merged with itself")
    rows = model._base_manager.select_for_update(of=("self",)).filter(pk__in=[kept.pk, removed.pk]).order_by("pk")
    pair = {row.pk: row for row in rows}
    return pair[kept.pk], pair[removed.pk]


def _merge(kept: R, removed: R, by: User | None, choices: dict[str, str], **found: Any) -> MergeEvent:
    model, groups = type(kept), merge_groups(type(kept))
    wrong = sorted(set(choices) - set(groups))
    if wrong or set(choices.values()) - {"kept", "removed"}:
        raise ValueError(f"choices: {', '.join(wrong) or choices} – one of {sorted(groups)}: kept or removed")
    was, before = snapshot(kept), images(model, [kept.pk, removed.pk])
    moves = Moves(by=by, groups=groups, taken=_give_values(kept, removed, groups, choices))
    move_everything(moves, kept, removed)
    after = images(model, [kept.pk, removed.pk])
    event = MergeEvent.objects.create(
        kind=MergeKind.of(kept),
        kept=kept.pk,
        removed=removed.pk,
        kept_name=str(kept),
        removed_name=str(removed),
        choices={name: side for name, side in choices.items() if side == "removed"},
        before={"kept": before[kept.pk], "removed": before[removed.pk]},
        after={
            "kept": _difference(before[kept.pk], after[kept.pk]),
            "removed": _difference(before[removed.pk], after[removed.pk]),
        },
        moved=moves.journal(),
        merged_by=by,
        **found,
    )
    # Names of people stay out of the trail's facts: they can be erased, the trail cannot.
    told: dict[str, Any] = {"removed": removed.name} if isinstance(removed, Company) else {}
    about = [kept, removed] if isinstance(kept, Company) else [kept, removed, kept.company]
    record(VERBS[model], *about, by=by, changes=changes_since(was, kept), merge=event.pk, **told)
    return event


def _difference(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    return {
        name: [before[name], new]
        for name, new in after.items()
        if before[name] != new and name not in ("changed_at", "created_at")
    }


def _give_values(kept: R, removed: R, groups: dict[str, tuple[str, ...]], choices: dict[str, str]) -> set[str]:
    """Write what the kept record says from now on, and the forwarding address of the other; returns what it took.

    A number that stands once in the table goes with the group that it belongs to.
    """
    unique = {names[0] for names, condition in unique_sets(type(kept)) if len(names) == 1 and not condition}
    fields = {f.name: f for f in type(kept)._meta.concrete_fields}
    taken = {
        group
        for group, columns in (groups | {name: (name,) for name in NOT_CHOSEN[type(kept)]}).items()
        if choices.get(group, side_taken(kept, removed, columns)) == "removed"
    }
    for group in taken:
        for name in groups.get(group, (group,)):
            column = fields[name].attname
            value = getattr(removed, column)
            if name in unique and fields[name].null:
                setattr(removed, column, None)
            setattr(kept, column, value)
    derive(kept)
    removed.merged_into = kept
    removed.save()
    kept.save()
    return taken


@house()
@transaction.atomic
def undo_merge(*, event: MergeEvent, by: User | None) -> dict[str, Any]:
    """Make two records of one again, with what was edited since on the right side.

    What the merge moved goes back unless it was given away since; what was added since stays with the kept record,
    unless it names the removed one. Columns of the kept record that were edited since stay as they are. Merges into
    one record may be undone in any order. Returns {"back": {column: rows}, "edited": [fields left as they are]}.
    Raises CannotUndo with what stands in the way.
    """
    model = MODELS[event.kind]
    kept, removed = _lock_both(
        model,  # type: ignore[type-var]
        *(model._base_manager.get(pk=pk) for pk in (event.kept, event.removed)),
    )
    event = MergeEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    refusal = why_not_undone(event)
    if refusal:
        raise CannotUndo(refusal)
    later = list(
        MergeEvent.objects.standing()
        .select_for_update(of=("self",))
        .filter(kind=event.kind, kept=event.kept, pk__gt=event.pk)
        .order_by("pk")
    )
    was = snapshot(kept)
    edited = _restore_kept(model, event, later)
    write_image(model, removed.pk, _still_as_merged(model, event.after["removed"], removed.pk))
    model._base_manager.filter(pk__in=[kept.pk, removed.pk]).update(changed_at=timezone.now())
    back = move_everything_back(event.moved, kept, removed)
    event.undone_at, event.undone_by = timezone.now(), by
    event.save(update_fields=["undone_at", "undone_by"])
    kept, removed = (model._base_manager.get(pk=pk) for pk in (event.kept, event.removed))
    signal = companies_parted if model is Company else contacts_parted
    about = [kept, removed] if isinstance(kept, Company) else [kept, removed, kept.company]
    record("directory.merge_undone", *about, by=by, changes=changes_since(was, kept), merge=event.pk)
    signal.send(sender=model, kept=kept, removed=removed, by=by, event=event)
    return {"back": back, "edited": edited}


def _still_as_merged(model: type[models.Model], columns: dict[str, list[str]], pk: int) -> dict[str, str]:
    """The values before, for columns that still say what the merge wrote."""
    now = images(model, [pk])[pk]
    return {name: before for name, (before, after) in columns.items() if same_value(model, name, now[name], after)}


def same_value(model: type[models.Model], column: str, one: str, other: str) -> bool:
    """Whether two JSON texts of a column say the same: each encryption of one text looks different."""
    if one == other:
        return True
    field = next((f for f in model._meta.concrete_fields if f.column == column), None)
    if not hasattr(field, "for_the_trail"):
        return False
    plain = [field.from_db_value(json.loads(text), None, None) for text in (one, other)]  # type: ignore[union-attr]
    return bool(plain[0] == plain[1])


def _restore_kept(model: type[models.Model], event: MergeEvent, later: list[MergeEvent]) -> list[str]:
    """Take the merge out of the kept record's columns; returns the fields that were edited since.

    A later merge into the same record may have written over a column: then it is the later one's "before" that
    changes, as if this merge had never been. A column that becomes empty is filled from the next merged record.
    """
    now, image, edited = images(model, [event.kept])[event.kept], {}, []
    unique = {name for names, _condition in unique_sets(model) for name in names}
    fields = {f.column: f for f in model._meta.concrete_fields}
    for column, (before, after) in event.after["kept"].items():
        following = next((each for each in later if column in each.after["kept"]), None)
        if following is not None and same_value(model, column, following.after["kept"][column][0], after):
            following.after["kept"][column][0] = following.before["kept"][column] = before
            following.save(update_fields=["after", "before"])
        elif same_value(model, column, now[column], after):
            image[column] = before
            if before in ("null", '""', "false") and fields[column].name not in unique:
                image[column] = _filled_from(later, column, before)
        elif fields[column].editable:
            edited.append(fields[column].name)
    write_image(model, event.kept, image)
    return edited


def _filled_from(later: list[MergeEvent], column: str, empty: str) -> str:
    """What the next record that was merged into the kept one says in a column."""
    for each in later:
        value = str(each.before["removed"].get(column, "null"))
        if value not in ("null", '""', "false"):
            each.after["kept"][column] = [empty, value]
            each.save(update_fields=["after"])
            return value
    return empty


class Rehearsed(Exception):
    """Carries what a rehearsal found out of the transaction that it undoes."""

    def __init__(self, event: MergeEvent) -> None:
        self.event = event
        super().__init__("rehearsed")


@house()
def rehearse_merge(*, kept: R, removed: R, by: User | None, choices: dict[str, str] | None = None) -> MergeEvent:
    """What a merge would do, told by doing it and taking everything back: the event has no number.

    Raises what the merge would raise.
    """
    merge: Any = merge_companies if isinstance(kept, Company) else merge_contacts
    try:
        with transaction.atomic():
            raise Rehearsed(merge(kept=kept, removed=removed, by=by, choices=choices))
    except Rehearsed as rehearsed:
        event = rehearsed.event
    event.pk = None
    return event


@house()
@transaction.atomic
def gather_late_rows(event: MergeEvent) -> Journal:
    """Let rows follow that were written to the removed record while, or after, it was merged; part of the same merge.

    A page that was open before the merge may name the removed record after it. Returns what moved.
    """
    model = MODELS[event.kind]
    kept, removed = _lock_both(
        model,  # type: ignore[type-var]
        *(model._base_manager.get(pk=pk) for pk in (event.kept, event.removed)),
    )
    event = MergeEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.is_undone:
        return {}
    moves = Moves(by=None)
    move_everything(moves, kept, removed)
    late = moves.journal()
    if late:
        event.moved = _both(event.moved, late)
        event.save(update_fields=["moved"])
        record("directory.late_rows_gathered", kept, removed, by=None, merge=event.pk)
    return late


def _both(first: Any, second: Any) -> Any:
    """Two journals as one: lists one after the other, whatever they are the lists of."""
    if isinstance(first, dict):
        return first | {name: _both(first[name], part) if name in first else part for name, part in second.items()}
    return [*first, *second]


@house()
@transaction.atomic
def forget_merge(event: MergeEvent) -> None:
    """Lose what a merge kept of a person: it can no longer be undone, and names nobody."""
    event.before, event.after, event.kept_name, event.removed_name = {}, {}, "", ""
    event.save(update_fields=["before", "after", "kept_name", "removed_name"])
