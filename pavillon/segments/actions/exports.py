"""Files that leave the base: asked for, measured against the limits, approved, written, deleted."""

import csv
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.encryption import DataLocked, met_locked_values
from pavillon.core.reading import note_read
from pavillon.directory.criteria import Column, cells_of
from pavillon.security.actions import seal_path
from pavillon.segments.enums import ExportState, Layout
from pavillon.segments.events import export_blocked
from pavillon.segments.models import ExportFile, ExportLimit
from pavillon.segments.queries.content import content_of
from pavillon.segments.queries.exports import limit_in_force, rows_this_hour
from pavillon.ui.exports import plain_cell
from pavillon.vigilance import actions as vigilance

# Up to this many rows the file is there when the page answers; more are written by a worker.
AT_ONCE = 1_000
BATCH = 2_000
KEPT_DAYS = 7
# What a sheet can hold, its head left out.
LARGEST_SHEET = 1_048_575


class NotInState(Exception):
    """The file is no longer where this act begins; the message says where it is."""


def _locked(export: ExportFile, *states: str) -> ExportFile:
    export = ExportFile.objects.select_for_update(of=("self",)).get(pk=export.pk)
    if export.state not in states:
        raise NotInState(_("This export is already: %(state)s.") % {"state": export.get_state_display()})
    return export


def _officers() -> Iterable[User]:
    return User.objects.working().acting_in(role=Role.SECURITY_OFFICER).distinct()


def export_list(
    *,
    subject: str,
    query: str,
    sentence: str,
    rows: int,
    format: str,
    by: User,
    layout: str = Layout.WORDS,
    language: str = "fr",
    part: str = "",
) -> ExportFile:
    """Ask for a file of a list. Within the limits it is granted at once; above, it is blocked and security hears of it.

    The limits count every list of one person together, within the hour; the rows also come out of his reading budget
    (`vigilance`), which may want him to prove who he is first: raises ProofWanted.
    """
    limit = limit_in_force()
    is_affordable = rows <= limit.approval_rows and rows_this_hour(by) + rows <= limit.hourly_rows
    is_affordable = is_affordable and vigilance.reserve_rows(user=by, rows=rows)
    with transaction.atomic():
        # Two files asked for at once must not both pass under the limit.
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        taken = rows_this_hour(by)
        is_within = is_affordable and taken + rows <= limit.hourly_rows
        export = ExportFile.objects.create(
            author=by,
            acting=by.acting,
            subject=subject,
            part=part,
            query=query,
            sentence=sentence,
            rows=rows,
            format=format,
            layout=layout,
            language=language,
            watermark=f"EXP-{secrets.token_hex(5).upper()}",
            state=ExportState.QUEUED if is_within else ExportState.BLOCKED,
            granted_at=timezone.now() if is_within else None,
        )
        facts: dict[str, Any] = {"rows": rows, "watermark": export.watermark, "list": sentence}
        if is_within:
            record("segments.export_granted", export, by=by, **facts)
            if rows > AT_ONCE:
                app.configure_task("segments.write_export").defer(export_id=export.pk)
        else:
            record("segments.export_blocked", export, by=by, taken=taken, **facts)
            notify(
                _officers(),
                "segments.export_blocked",
                title=_("Export blocked: %(rows)s rows") % {"rows": rows},
                body=_(
                    "%(person)s (%(organisation)s) asked for %(rows)s rows, after %(taken)s within the hour: %(list)s"
                )
                % {
                    "person": by.full_name,
                    "organisation": by.organisation,
                    "rows": rows,
                    "taken": taken,
                    "list": sentence,
                },
                url=export.get_absolute_url(),
            )
            export_blocked.send(sender=ExportFile, export=export, by=by)
    if is_within and rows <= AT_ONCE:
        write_export(export=export)
        export.refresh_from_db()
    return export


@transaction.atomic
def request_approval(*, export: ExportFile, reason: str, by: User) -> ExportFile:
    """Ask security to let a blocked file go, with a reason. Raises NotInState."""
    export = _locked(export, ExportState.BLOCKED)
    before = snapshot(export)
    export.state, export.reason = ExportState.WAITING, reason
    export.save()
    record("segments.export_requested", export, by=by, changes=changes_since(before, export))
    notify(
        _officers(),
        "segments.export_blocked",
        title=_("Approval asked: %(rows)s rows") % {"rows": export.rows},
        body=f"{by.full_name}: {reason}",
        url=export.get_absolute_url(),
    )
    return export


@transaction.atomic
def approve_export(*, export: ExportFile, reason: str, by: User) -> ExportFile:
    """Let a file above the limits go; it is written at once. Raises NotInState."""
    export = _locked(export, ExportState.WAITING)
    before = snapshot(export)
    export.state, export.decision = ExportState.QUEUED, reason
    export.decided_by, export.decided_at = by, timezone.now()
    export.granted_at = export.decided_at
    export.save()
    record("segments.export_approved", export, by=by, changes=changes_since(before, export))
    vigilance.allow_records(user=export.author, records=export.rows, reason=export.watermark, by=by)
    notify(
        [export.author],
        "segments.export_decided",
        title=_("Your export is approved"),
        body=reason,
        url=export.get_absolute_url(),
    )
    wake("segments.export", people=[export.author_id], export=export.pk)
    app.configure_task("segments.write_export").defer(export_id=export.pk)
    return export


@transaction.atomic
def refuse_export(*, export: ExportFile, reason: str, by: User) -> ExportFile:
    """Keep a file in. Raises NotInState."""
    export = _locked(export, ExportState.WAITING, ExportState.BLOCKED)
    before = snapshot(export)
    export.state, export.decision = ExportState.REFUSED, reason
    export.decided_by, export.decided_at = by, timezone.now()
    export.save()
    record("segments.export_refused", export, by=by, changes=changes_since(before, export))
    notify(
        [export.author],
        "segments.export_decided",
        title=_("Your export is refused"),
        body=reason,
        url=export.get_absolute_url(),
    )
    wake("segments.export", people=[export.author_id], export=export.pk)
    return export


@transaction.atomic
def cancel_export(*, export: ExportFile, by: User) -> ExportFile:
    """Give a file up; a worker that writes it stops at its next batch. Raises NotInState."""
    export = _locked(
        export, ExportState.QUEUED, ExportState.WRITING, ExportState.WAITING, ExportState.BLOCKED, ExportState.READY
    )
    before = snapshot(export)
    export.state = ExportState.CANCELLED
    export.save()
    export.path.unlink(missing_ok=True)
    record("segments.export_cancelled", export, by=by, changes=changes_since(before, export))
    return export


def write_export(*, export: ExportFile) -> None:
    """Write a granted file with the rights of its author as they are now; memory does not grow with the rows.

    Not one transaction: progress is seen while the rows go by, and a worker killed midway begins again.
    """
    with transaction.atomic():
        export = ExportFile.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if export.state not in (ExportState.QUEUED, ExportState.WRITING):
            return
        author = User.objects.get(pk=export.author_id)
        if export.acting is None or not export.acting.is_current:
            _fail(export, author)
            return
        export.state, export.written = ExportState.WRITING, 0
        export.save(update_fields=["state", "written", "changed_at"])
    author.acting = export.acting
    export.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with translation.override(export.language):
        rows, columns = content_of(export, author)
        met_locked_values(False)
        try:
            written = _write(export, author, rows, columns)
            if met_locked_values():
                raise DataLocked  # a file with holes would pass for a whole one
        except _Cancelled:
            export.path.unlink(missing_ok=True)
            return
    with transaction.atomic():
        export = ExportFile.objects.select_for_update(of=("self",)).get(pk=export.pk)
        if export.state != ExportState.WRITING:
            export.path.unlink(missing_ok=True)
            return
        with export.path.open("rb") as file:
            export.digest = hashlib.file_digest(file, "sha256").hexdigest()
        seal_path(export.path, export.place)
        export.state, export.written = ExportState.READY, written
        export.expires_at = timezone.now() + timedelta(days=KEPT_DAYS)
        export.save()
        record("segments.export_written", export, by=author, rows=written, digest=export.digest)
        if written > AT_ONCE:
            notify(
                [author],
                "segments.export_decided",
                title=_("Your export is ready"),
                body=export.sentence,
                url=export.get_absolute_url(),
            )
        wake("segments.export", people=[author.pk], export=export.pk)


def _fail(export: ExportFile, author: User) -> None:
    """The role whose rights the file would have is over: nothing is written, and its author is told."""
    with translation.override(export.language):
        note = _("The role in which this was asked for has ended: ask again in another one.")
    export.state, export.note = ExportState.FAILED, note
    export.save(update_fields=["state", "note", "changed_at"])
    record("segments.export_failed", export, by=author)
    title = gettext_lazy("Your export was not written")
    notify([author], "segments.export_decided", title=title, body=note, url=export.get_absolute_url())
    wake("segments.export", people=[author.pk], export=export.pk)


class _Cancelled(Exception):
    pass


def _write(export: ExportFile, author: User, rows: Any, columns: Sequence[Column]) -> int:
    heads = [c.name if export.layout == Layout.EXCHANGE else str(c.label) for c in columns]
    heads.append("export" if export.layout == Layout.EXCHANGE else _("Export"))
    lines = _lines(export, author, rows, columns)
    return _write_csv(export, heads, lines) if export.format == "csv" else _write_xlsx(export, heads, lines)


def _lines(export: ExportFile, author: User, rows: Any, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Rows of the file, read through a cursor of the server, a batch at a time."""
    source = iter(rows.iterator(chunk_size=BATCH))
    written = 0
    while batch := list(islice(source, BATCH)):
        with vigilance.reserved():  # counted when the file was granted
            note_read(author, rows.model, how="export", rows=len(batch), ids=[row.pk for row in batch])
        for values in cells_of(columns, batch, author):
            yield [*values, export.watermark]
        written += len(batch)
        alive = ExportFile.objects.filter(pk=export.pk, state=ExportState.WRITING).update(written=written)
        if not alive:
            raise _Cancelled
        wake("segments.export", people=[author.pk], export=export.pk)


def _write_csv(export: ExportFile, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    count = 0
    with export.path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(heads)
        for line in lines:
            writer.writerow([plain_cell(cell) for cell in line])
            count += 1
    return count


def _write_xlsx(export: ExportFile, heads: Sequence[str], lines: Iterable[Sequence[Any]]) -> int:
    # The library is loaded by whoever writes a workbook: a start of the product does without.
    import xlsxwriter

    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "remove_timezone": True}
    with xlsxwriter.Workbook(str(export.path), options) as book:
        book.set_properties({"title": export.watermark, "comments": str(export.author_id)})
        bold = book.add_format({"bold": True})
        sheet = None
        for line in lines:
            if sheet is None or count % LARGEST_SHEET == 0:
                sheet = book.add_worksheet()
                sheet.set_footer(f"&C{export.watermark}")
                sheet.write_row(0, 0, heads, bold)
                sheet.freeze_panes(1, 0)
            sheet.write_row(1 + count % LARGEST_SHEET, 0, [_typed(cell) for cell in line])
            count += 1
        if sheet is None:
            book.add_worksheet().write_row(0, 0, heads, bold)
    return count


def _typed(cell: Any) -> Any:
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else plain_cell(cell, decimal=".")


@transaction.atomic
def note_download(*, export: ExportFile, by: User) -> None:
    """The author fetches his file. Raises NotInState when it is not there."""
    if export.state != ExportState.READY or not export.path.exists():
        raise NotInState(_("This export is not there: %(state)s.") % {"state": export.get_state_display()})
    record("segments.export_downloaded", export, by=by, rows=export.written, watermark=export.watermark)


@transaction.atomic
def expire_exports() -> int:
    """Delete files after their days; their lines stay. Returns how many."""
    late = list(ExportFile.objects.filter(state=ExportState.READY, expires_at__lt=timezone.now()))
    for export in late:
        export.path.unlink(missing_ok=True)
        export.state = ExportState.EXPIRED
        export.save(update_fields=["state", "changed_at"])
    if late:
        record("segments.exports_expired", *late[:50], by=None, files=len(late))
    return len(late)


@transaction.atomic
def change_export_limit(*, hourly_rows: int, approval_rows: int, reason: str, by: User) -> ExportLimit:
    """Say how many rows may leave, and why; earlier decisions stay readable."""
    limit = ExportLimit.objects.create(
        hourly_rows=hourly_rows, approval_rows=approval_rows, reason=reason, decided_by=by
    )
    record(
        "segments.export_limit_changed",
        limit,
        by=by,
        hourly_rows=hourly_rows,
        approval_rows=approval_rows,
        reason=reason,
    )
    return limit
