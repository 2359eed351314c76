"""What every room's endpoints share: an endpoint is a view in another accent, with the same two checks."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja.errors import HttpError

from pavillon.core.permissions import require
from pavillon.core.policy import readable
from pavillon.core.reading import note_read
from pavillon.ui.exports import rows_for_files

PAGE = 50
LARGEST_PAGE = 200

Row = dict[str, Any]


def plain(value: Any) -> Any:
    """A value as JSON carries it: related rows by their key."""
    return value.pk if isinstance(value, Model) else value


def as_row(user: Any, row: Model, fields: Iterable[str]) -> Row:
    """The fields of a row that this person may read. Forbidden ones are absent, not null."""
    return {"id": row.pk} | {name: plain(getattr(row, name)) for name in readable(user, row, fields)}


def one(request: HttpRequest, permission: str, model: Any, pk: Any, fields: Iterable[str]) -> Row:
    """One object as JSON: 404 when unseen, 403 when refused; the read is logged."""
    row = get_object_or_404(rows_for_files(model.objects.visible_to(request.user), request.user), pk=pk)
    require(request.user, permission, row)
    note_read(request.user, row, how="api")
    return as_row(request.user, row, fields)


def page_of(
    request: HttpRequest,
    permission: str,
    rows: QuerySet[Any],
    fields: Iterable[str],
    *,
    after: int | None = None,
    limit: int = PAGE,
    extra: Callable[[Any], Row] | None = None,
) -> Row:
    """A page of objects in the order of their number: {"items": […], "next": number or null}.

    `rows` comes from `visible_to`; what leaves in no file leaves by no interface either. `after` is the number of the
    last object of the page before: such pages cost the same at any depth and none is skipped while others are added.
    """
    require(request.user, permission)
    if not 1 <= limit <= LARGEST_PAGE:
        raise HttpError(422, f"limit {limit}: give a number from 1 to {LARGEST_PAGE}")
    rows = rows_for_files(rows, request.user).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows[: limit + 1])
    shown, fields = found[:limit], list(fields)
    if shown:
        note_read(request.user, rows.model, how="api", rows=len(shown), ids=[row.pk for row in shown])
    items = [as_row(request.user, row, fields) | (extra(row) if extra else {}) for row in shown]
    return {"items": items, "next": shown[-1].pk if len(found) > limit else None}
