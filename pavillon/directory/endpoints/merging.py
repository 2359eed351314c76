"""Merging and undoing for other systems, rehearsed first if they like."""

from django.shortcuts import get_object_or_404
from ninja import Query, Schema
from ninja.errors import HttpError

from pavillon.core.permissions import require
from pavillon.directory import actions
from pavillon.directory.endpoints.doors import router
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.queries import what_moved, why_not_undone
from pavillon.ui.endpoints import PAGE, page_of
from pavillon.ui.shapes import ANYTHING, NUMBER, answers, counted_by_name, made_of, many, or_null, page_of_rows, row_of

MERGE = ["kind", "kept", "removed", "choices", "score", "model_version", "merged_at", "undone_at"]


# One merge: its columns, and how many rows of each table moved; rehearsed, it has no number yet.
_EVENT = row_of(MergeEvent, MERGE)["properties"] | {"id": or_null(NUMBER), "moved": counted_by_name(NUMBER)}
MERGED = made_of(_EVENT)
UNDONE = made_of(_EVENT | {"back": ANYTHING, "edited": many(ANYTHING)})


class Choices(Schema):
    """Which record is removed, and for which fields its value is taken ({"name": "removed"})."""

    removed: int
    choices: dict[str, str] = {}
    reason: str = ""
    dry_run: bool = False


class Undoing(Schema):
    dry_run: bool = False


def _told(event: MergeEvent) -> dict:
    """A merge as other systems read it: what moved by table, and what would stand in the way of its undoing."""
    return {
        "id": event.pk,
        "kind": event.kind,
        "kept": event.kept,
        "removed": event.removed,
        "choices": event.choices,
        "moved": dict(what_moved(event)),
        "score": event.score,
        "model_version": event.model_version,
        "merged_at": event.merged_at,
        "undone_at": event.undone_at,
    }


def _merge(request, model, permission, merge, pk, asked: Choices):
    rows = model.objects.visible_to(request.user)
    kept, removed = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=asked.removed)
    require(request.user, permission, kept)
    call = actions.rehearse_merge if asked.dry_run else merge
    more = {} if asked.dry_run else {"reason": asked.reason}
    try:
        return _told(call(kept=kept, removed=removed, by=request.user, choices=asked.choices, **more))
    except (actions.AlreadyMerged, actions.TwoSirens, actions.TwoAccounts) as error:
        raise HttpError(409, str(error)) from error
    except ValueError as error:
        raise HttpError(422, str(error)) from error


@router.post("/companies/{company}/merge", openapi_extra=answers(MERGED))
def merge_companies(request, company: int, asked: Choices):
    """Merge another company into this one, or with `dry_run` tell what that would do."""
    permission = "directory.merge_companies"
    return _merge(request, Company, permission, actions.merge_companies, company, asked)


@router.post("/contacts/{contact}/merge", openapi_extra=answers(MERGED))
def merge_contacts(request, contact: int, asked: Choices):
    """Merge another record of a person into this one, or with `dry_run` tell what that would do."""
    return _merge(request, Contact, "directory.merge_contacts", actions.merge_contacts, contact, asked)


@router.get("/merges", openapi_extra=answers(page_of_rows(row_of(MergeEvent, MERGE))))
def merges(
    request,
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Merges, undone ones included, in the order of their number."""
    rows = MergeEvent.objects.visible_to(request.user)
    return page_of(request, "directory.view_merges", rows, MERGE, after=after, limit=limit)


@router.post("/merges/{merge}/undo", openapi_extra=answers(UNDONE))
def undo_merge(request, merge: int, asked: Undoing):
    """Undo a merge, or with `dry_run` tell what stands in its way. 409 with the reason when it cannot be undone."""
    event = get_object_or_404(MergeEvent.objects.visible_to(request.user), pk=merge)
    require(request.user, "directory.undo_merge", event)
    if refusal := why_not_undone(event):
        raise HttpError(409, refusal)
    if asked.dry_run:
        return _told(event) | {"back": {}, "edited": []}
    try:
        done = actions.undo_merge(event=event, by=request.user)
    except actions.CannotUndo as error:
        raise HttpError(409, str(error)) from error
    event.refresh_from_db()
    return _told(event) | done
