"""Files of partners for other systems: bring one, read its report; the same rights as on screen."""

from dataclasses import asdict
from datetime import date

from django.shortcuts import get_object_or_404
from ninja import File, Form, Query, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from pavillon.core.permissions import require
from pavillon.core.reading import note_read
from pavillon.directory.models import Source
from pavillon.intake import actions
from pavillon.intake.enums import COMPANIES
from pavillon.intake.feeds import FEEDS
from pavillon.intake.forms.deliveries import LARGEST, LARGEST_UNPACKED
from pavillon.intake.models import Delivery
from pavillon.intake.permissions import kinds_for
from pavillon.intake.queries.showing import is_remembered
from pavillon.intake.reading import BadFile
from pavillon.privacy.enums import LegalBasis
from pavillon.ui.endpoints import PAGE, page_of
from pavillon.ui.shapes import ANYTHING, NUMBER, TEXT, answers, made_of, many, page_of_rows, row_of
from pavillon.ui.uploads import TABLES, Refused, check_upload

router = Router()
DELIVERY = [
    "kind",
    "source_id",
    "name",
    "observed_on",
    "legal_basis",
    "state",
    "rows_read",
    "rows_done",
    "problem",
    "created_at",
]


REPORT = ("columns", "rehearsed", "taken", "undone")
DELIVERED = row_of(Delivery, DELIVERY, **dict.fromkeys(REPORT, ANYTHING))
COUNTS = ("rows", "added", "known", "not_in_base", "rejected")
SIGNALS = made_of(dict.fromkeys(COUNTS, NUMBER) | {"refused": many(many(ANYTHING))})


def report_of(delivery: Delivery) -> dict:
    """What was foreseen, done and undone: counts only, no row."""
    return {"columns": delivery.mapping} | {name: getattr(delivery, name) for name in ("rehearsed", "taken", "undone")}


@router.get("/deliveries", openapi_extra=answers(page_of_rows(DELIVERED)))
def deliveries(
    request,
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Files that were brought, with their reports, in the order of their number."""
    rows = Delivery.objects.visible_to(request.user)
    return page_of(request, "intake.view_deliveries", rows, DELIVERY, after=after, limit=limit, extra=report_of)


@router.get("/deliveries/{delivery}", openapi_extra=answers(DELIVERED))
def delivery(request, delivery: int):
    """One file and its report."""
    row = get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery)
    require(request.user, "intake.view_delivery", row)
    note_read(request.user, row, how="api")
    return {"id": row.pk} | {name: getattr(row, name) for name in DELIVERY} | report_of(row)


@router.post("/deliveries", openapi_extra=answers(made_of({"id": NUMBER, "state": TEXT, "columns": ANYTHING})))
def bring_delivery(
    request,
    file: UploadedFile = File(..., description="CSV or XLSX, up to 50 MB."),
    source: str = Form(..., description="Code of the source."),
    observed_on: date = Form(..., description="The day on which the file was drawn."),
    legal_basis: LegalBasis = Form(..., description="By which right the data may be kept."),
    kind: str = Form(
        COMPANIES, description="What the rows are: companies, sites, markets, roles, exchanges, requests."
    ),
):
    """Bring a file. Columns named before are taken and the rehearsal begins; otherwise a person names them."""
    require(request.user, "intake.bring_delivery")
    found = get_object_or_404(Source.objects.visible_to(request.user), code=source)
    known = dict(kinds_for(request.user))
    if kind not in known:
        raise HttpError(422, f"Unknown kind, or none that you may bring. You may bring: {', '.join(known)}.")
    try:
        check_upload(file, takes=TABLES, most=LARGEST, unpacked=LARGEST_UNPACKED)
        brought = actions.bring_delivery(
            source=found,
            name=file.name or "file",
            content=file.read(),
            observed_on=observed_on,
            legal_basis=legal_basis,
            kind=kind,
            by=request.user,
        )
    except Refused as error:
        raise HttpError(413 if error.code == "size" else 422, str(error.message)) from error
    except (BadFile, actions.AlreadyTaken) as error:
        raise HttpError(422, str(error)) from error
    if is_remembered(brought):
        brought = actions.choose_mapping(delivery=brought, mapping=brought.mapping, by=request.user)
    return {"id": brought.pk, "state": brought.state, "columns": brought.mapping}


@router.post("/signals/{feed}", openapi_extra=answers(SIGNALS))
def import_signals(
    request,
    feed: str,
    file: UploadedFile = File(..., description="CSV or XLSX in the layout of the feed, up to 50 MB."),
    observed_on: date = Form(..., description="The day on which the file was drawn."),
):
    """Note what a source says of companies by SIREN: patents, bank, zones or customs. All of it or nothing."""
    require(request.user, "intake.import_signals")
    if feed not in FEEDS:
        raise HttpError(404, f"Unknown feed. Known are: {', '.join(FEEDS)}.")
    try:
        check_upload(file, takes=TABLES, most=LARGEST, unpacked=LARGEST_UNPACKED)
        report = actions.import_signals(feed=feed, content=file.read(), observed_on=observed_on, by=request.user)
    except Refused as error:
        raise HttpError(413 if error.code == "size" else 422, str(error.message)) from error
    except (BadFile, actions.NotApproved) as error:
        raise HttpError(422, str(error)) from error
    return asdict(report)
