"""Taking the SIRENE register in: the official stock files, or our synthetic ones in the same layout.

A run reads and checks the whole file before anything is written; then it writes in batches, each with its place in one
commit. Killed at any point and begun again, it ends with the same rows and the same counts.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory import register_sql as sql
from pavillon.directory.actions.register_following import follow_register, hide_people
from pavillon.directory.actions.register_progress import Progress, Tell, silent
from pavillon.directory.enums import RegisterFileKind, RunState
from pavillon.directory.models import RegisterEstablishment, RegisterRun, RegisterUnit
from pavillon.directory.queries import import_folder, memory_file, old_rejects, rejects_file, work_folder
from pavillon.directory.sirene import Form, RegisterFile, WrongFile, digest_of, recognise, unpack
from pavillon.directory.sirene_columns import TABLES
from pavillon.directory.sirene_rejects import REASONS, write_rejects
from pavillon.directory.staging import Counts, Staging
from pavillon.reference.models import DataSet

# More refused rows than this share: the file is not what it says. A few wrong rows are no reason.
MOST_REFUSED, FEW_REFUSED = 0.1, 20
# Asked for one by one rather than fetching all that the register holds.
FEW_ROWS = 20_000
# Smaller files are read whole: remembering the register would cost more than they do.
SKIMMED_FROM = 8 << 20
PAGES = 1000
# With fewer new rows than this share, PostgreSQL's own statistics stay good enough.
WORTH_ANALYSING = 0.05
BATCH_BYTES = 16 << 20
LOCK = "directory.import_register"
# Seconds. The server notices that a killed process is gone when its statement ends, not before.
PATIENCE = 10


class ImportRunning(Exception):
    """Another file of the register is being taken in."""

    def __init__(self) -> None:
        super().__init__(_("Another import of the register is under way. Wait until it is done."))


def import_register(
    paths: list[Path],
    *,
    kind: str = "auto",
    synthetic: bool | None = None,
    force: bool = False,
    takes_good_rows: bool = False,
    tell: Tell = silent,
) -> list[RegisterRun]:
    """Take stock files in, units before establishments. Raises WrongFile with the remedy, ImportRunning.

    All headers are looked at before anything is written. Rows that are as they were are not written; a file that was
    taken before is skipped by its digest unless `force`. `synthetic` labels the rows; None asks the file's name.
    """
    files = sorted((recognise(path, kind) for path in paths), key=lambda file: file.kind != RegisterFileKind.UNITS)
    runs = [
        ask_import(file=file, synthetic=synthetic, force=force, takes_good_rows=takes_good_rows, by=None)
        for file in files
    ]
    return [carry_out_import(run, tell) for run in runs]


def ask_import(
    *,
    file: RegisterFile,
    by: User | None,
    synthetic: bool | None = None,
    force: bool = False,
    takes_good_rows: bool = False,
) -> RegisterRun:
    """Note that a recognised file shall be taken in; `carry_out_import` does it, here or in a worker."""
    return RegisterRun.objects.create(
        kind=file.kind,
        file_name=file.path.name,
        path=str(file.path.absolute()),
        size=file.path.stat().st_size,
        is_synthetic=file.is_synthetic if synthetic is None else synthetic,
        is_forced=force,
        takes_good_rows=takes_good_rows,
        asked_by=by,
    )


@transaction.atomic
def ask_register_import(*, file: RegisterFile, by: User, force: bool = False, good_rows: bool = False) -> RegisterRun:
    """Ask a worker to take a recognised file in; the returned run tells how far it is."""
    run = ask_import(file=file, by=by, force=force, takes_good_rows=good_rows)
    app.configure_task("directory.import_register").defer(run_id=run.pk)
    return run


def import_good_rows(*, run: RegisterRun, by: User) -> RegisterRun:
    """Take in the right rows of a file that was refused for its wrong ones. Raises WrongFile when it is gone."""
    file = recognise(Path(run.path), run.kind or "auto")
    return ask_register_import(file=file, force=True, good_rows=True, by=by)


def keep_register_file(*, upload: UploadedFile) -> RegisterFile:
    """Put a file that was sent into the folder of imports, under a name of its own. Raises WrongFile: then it is gone.

    A file of the same name is left alone.
    """
    folder = import_folder()
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(upload.name or "register.csv").name
    target = folder / name
    if target.exists():
        target = folder / f"{timezone.now():%Y%m%d-%H%M%S}-{name}"
    with target.open("wb") as stream:
        for chunk in upload.chunks():
            stream.write(chunk)
    try:
        return recognise(target)
    except WrongFile:
        target.unlink()
        raise


def carry_out_import(run: RegisterRun, tell: Tell = silent) -> RegisterRun:
    """Take the file of a run in, from where it was left. Returns the run that did it.

    The same file given again continues the run that was killed. Raises WrongFile (the run says so too, nothing was
    changed) and ImportRunning.
    """
    with _alone():
        run.refresh_from_db()
        if not run.is_under_way:
            return run
        try:
            return _go_through(run, tell)
        except WrongFile as error:
            _refuse(run, str(error))
            raise


@contextmanager
def _alone() -> Iterator[None]:
    """One import at a time; PostgreSQL forgets the lock soon after the process that held it is gone."""
    with connection.cursor() as cursor:
        patience = monotonic() + PATIENCE
        while not _locks(cursor):
            if monotonic() > patience:
                raise ImportRunning
            sleep(0.1)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [LOCK])


def _locks(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [LOCK])
    return bool(cursor.fetchone()[0])


def _go_through(run: RegisterRun, tell: Tell) -> RegisterRun:
    file = recognise(Path(run.path), run.kind or "auto")
    digest = digest_of(file.path, is_text=file.form is Form.CSV)
    run, is_known = _same_before(run, digest)
    if is_known:
        return run
    progress = Progress(run, tell)
    _restore_keys(besides=run if _has_differences(run) else None)
    if not _has_differences(run):
        _find_differences(run, file, progress)
    if run.state == RunState.WRITING:
        _write_differences(run, progress)
    follow_register(run, progress)
    _finish(run, file)
    progress.end()
    return run


def _same_before(run: RegisterRun, digest: str) -> tuple[RegisterRun, bool]:
    """The run to continue, and whether the register has this very file already."""
    others = RegisterRun.objects.exclude(pk=run.pk).exclude(state=RunState.WAITING).unfinished()
    killed = others.filter(digest=digest, kind=run.kind, is_synthetic=run.is_synthetic).order_by("pk").last()
    if killed is not None and run.state == RunState.WAITING:
        run.delete()
        run = killed
    # Nobody else works: what is under way besides was killed, and this file takes its place.
    for other in others.exclude(pk=run.pk):
        _refuse(other, _("Broken off; another file was imported since."))
    if not run.is_forced and DataSet.objects.filter(pk=_code(run), fingerprint=digest).exists():
        run.is_same_file, run.digest, run.percent = True, digest, 100
        _move(run, RunState.DONE, "is_same_file", "digest", "percent")
        return run, True
    if run.state == RunState.WAITING:
        run.started_at, run.digest = timezone.now(), digest
        _move(run, RunState.READING, "started_at", "digest")
    return run, False


def _move(run: RegisterRun, state: RunState, *fields: str) -> None:
    run.state = state
    if state in (RunState.DONE, RunState.REFUSED):
        run.finished_at = timezone.now()
        run.started_at = run.started_at or run.finished_at
    run.save(update_fields=["state", "started_at", "finished_at", "changed_at", *fields])


def _refuse(run: RegisterRun, message: str) -> None:
    run.message = message
    _move(run, RunState.REFUSED, "message")
    shutil.rmtree(work_folder(run), ignore_errors=True)


def _delta(run: RegisterRun) -> Path:
    return work_folder(run) / "differences.csv"


def _has_differences(run: RegisterRun) -> bool:
    """Whether the file was read to its end before, by this run."""
    return run.state in (RunState.WRITING, RunState.FOLLOWING) and (
        run.state == RunState.FOLLOWING or _delta(run).exists()
    )


def _find_differences(run: RegisterRun, file: RegisterFile, progress: Progress) -> None:
    """Read, check, compare; leave the rows that differ and those refused in files. Raises WrongFile."""
    first_time = run.state == RunState.READING or run.state == RunState.COMPARING
    folder = work_folder(run)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text = unpack(file, folder, lambda done, size: progress.share(RunState.READING, 0.3 * done / max(size, 1)))
    with Staging(folder, file, text, synthetic=run.is_synthetic) as staging:
        is_recalled = _recall(run, staging)
        if text.stat().st_size >= SKIMMED_FROM:
            staging.skim(lambda share: progress.share(RunState.READING, 0.3 + 0.2 * share))
        staging.read(lambda share: progress.share(RunState.READING, 0.5 + 0.5 * share))
        if run.kind == RegisterFileKind.OFFICES:
            few = staging.few_units(FEW_ROWS)
            staging.take_units(_fetch(RegisterFileKind.UNITS, sql.UNIT_LINE, folder / "units.csv", few))
        _move(run, RunState.COMPARING) if first_time else None
        run.digest_probe = staging.probe()
        if not is_recalled:
            _take_known(run, staging, folder)
        counts = staging.compare()
        if not counts.read:
            raise WrongFile(_("%(name)s: there is no row below the header.") % {"name": file.path.name})
        if counts.rejected:
            write_rejects(rejects_file(run), staging)
        _check_share(run, counts, staging)
        draft = folder / "differences.part"
        staging.write_differences(draft, run.pk, lambda share: progress.share(RunState.COMPARING, share))
        if text.stat().st_size >= SKIMMED_FROM and (staging.anything_read() or not is_recalled):
            staging.remember(_memory_draft(run))
        plan = {"only_creates": staging.only_creates(), "is_first": not _has_rows(run)}
        (folder / "plan.json").write_text(json.dumps(plan))
    _sync(draft)
    draft.rename(_delta(run))
    if first_time:
        # Told once: after a crash, rows that were written meanwhile would count as unchanged.
        for name, value in vars(counts).items():
            setattr(run, name, value)
    run.written = 0
    _move(run, RunState.WRITING, *vars(counts), "written", "digest_probe")


def _recall(run: RegisterRun, staging: Staging) -> bool:
    """Give the reader what the last run remembered, if that is what the register holds; whether it was."""
    memory = memory_file(RegisterFileKind(run.kind))
    if staging.text.stat().st_size < SKIMMED_FROM or not memory.exists() or _is_of_another_reader(run, staging):
        return False
    rows, digested, digest = _ask(sql.fingerprint(RegisterFileKind(run.kind)))[0]
    if rows - digested > FEW_ROWS:
        return False
    forgotten = [key for (key,) in _ask(sql.forgotten(RegisterFileKind(run.kind)))] if rows != digested else []
    return staging.recall(memory, forgotten, rows=rows, digest=digest)


def _memory_draft(run: RegisterRun) -> Path:
    return work_folder(run) / "memory.parquet"


def _ask(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, *values)
        return cursor.fetchall()


def _has_rows(run: RegisterRun) -> bool:
    rows = RegisterUnit if run.kind == RegisterFileKind.UNITS else RegisterEstablishment
    return rows.objects.exists()


def _fetch(kind: RegisterFileKind, line: str, target: Path, keys: list[str] | None) -> Path:
    """Lines that PostgreSQL makes of its rows, in a file: all of them, or those of some numbers.

    Some thousands of rows come as one text: a driver that sees every row would cost more than the rows.
    """
    if keys is not None:
        ((text,),) = _ask(sql.lines_of_numbers(kind, line), [keys])
        target.write_text(f"{text}\n" if text else "")
        return target
    ((pages,),) = _ask("SELECT pg_relation_size(%s) / current_setting('block_size')::int", [TABLES[kind]])
    with target.open("w", encoding="utf-8") as stream:
        for first in range(0, pages, PAGES):
            ((text,),) = _ask(sql.lines_of_pages(kind, line), [f"({first},0)", f"({first + PAGES},0)"])
            stream.write(f"{text}\n" if text else "")
    return target


def _fetch_rows(kind: RegisterFileKind, target: Path) -> Path:
    """All that the register holds, in a file."""
    with connection.cursor() as cursor, target.open("wb") as stream, cursor.copy(sql.known_rows(kind)) as copy:
        for chunk in copy:
            stream.write(chunk)
    return target


def _is_of_another_reader(run: RegisterRun, staging: Staging) -> bool:
    """Whether the digests that stand were made by another version of the reader."""
    last = RegisterRun.objects.filter(kind=run.kind, digest_probe__isnull=False).exclude(pk=run.pk)
    probe = last.order_by("-pk").values_list("digest_probe", flat=True).first()
    return probe is not None and probe != staging.probe()


def _take_known(run: RegisterRun, staging: Staging, folder: Path) -> None:
    """Give the reader what the register holds: digests, or whole rows when another reader computed them."""
    kind = RegisterFileKind(run.kind)
    if _is_of_another_reader(run, staging):
        staging.take_known_rows(_fetch_rows(kind, folder / "known.csv"))
        return
    keys = staging.few_keys(FEW_ROWS)
    staging.take_known(_fetch(kind, sql.known_line(kind), folder / "known.csv", keys))


def _check_share(run: RegisterRun, counts: Counts, staging: Staging) -> None:
    """A file of which too much is wrong is not taken, unless somebody said that its good rows shall be."""
    too_many = counts.rejected > FEW_REFUSED and counts.rejected > MOST_REFUSED * counts.read
    if run.takes_good_rows or not too_many:
        return
    run.read, run.rejected = counts.read, counts.rejected
    run.save(update_fields=["read", "rejected"])
    reasons = "; ".join(f"{REASONS[code]}: {count}" for code, count in staging.reasons()[:4])
    raise WrongFile(
        ngettext(
            "%(name)s: %(rejected)s of %(read)s row is refused (%(reasons)s).",
            "%(name)s: %(rejected)s of %(read)s rows are refused (%(reasons)s).",
            counts.read,
        )
        % {"name": run.file_name, "rejected": counts.rejected, "read": counts.read, "reasons": reasons}
        + " "
        + _("Look at the refused rows: if the others are right, import them alone (--good-rows).")
    )


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _write_differences(run: RegisterRun, progress: Progress) -> None:
    """Write batch by batch: the rows and the place reached in one commit."""
    path, kind = _delta(run), RegisterFileKind(run.kind)
    plan = json.loads((work_folder(run) / "plan.json").read_text())
    size = path.stat().st_size
    if plan["is_first"] and size:
        # An empty table has nothing to find: its index is made once, at the end, in a third of the time.
        _run_sql(sql.drop_key(kind))
    with path.open("rb") as stream:
        stream.seek(run.written)
        while batch := _next_batch(stream):
            with transaction.atomic(), connection.cursor() as cursor:
                # Only for the register: a crash of the machine may lose the last batches, and their place with them.
                cursor.execute("SET LOCAL synchronous_commit = off")
                if plan["only_creates"]:
                    _copy(cursor, sql.pour(kind, TABLES[kind]), batch)
                else:
                    _take_batch(cursor, kind, batch)
                run.written += len(batch)
                RegisterRun.objects.filter(pk=run.pk).update(written=run.written)
            progress.share(RunState.WRITING, 0.9 * run.written / max(size, 1))
    _restore_keys()
    if run.created + run.changed + run.closed > WORTH_ANALYSING * run.read:
        _run_sql(sql.analyse(kind))
    _move(run, RunState.FOLLOWING)


def _run_sql(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)


@transaction.atomic
def _restore_keys(besides: RegisterRun | None = None) -> None:
    """Give back the index that a first load took away; `besides` is a run that goes on writing."""
    for kind in RegisterFileKind:
        is_writing = besides is not None and besides.kind == kind and besides.state == RunState.WRITING
        if not is_writing and not _ask(sql.has_key(kind))[0][0]:
            _run_sql(sql.SPACE_FOR_INDEX)
            _run_sql(sql.add_key(kind))


def _next_batch(stream: IO[bytes]) -> bytes:
    """Whole rows of the difference file, some megabytes: a line break inside quotation marks ends no row."""
    batch = stream.read(BATCH_BYTES)
    while batch and (not batch.endswith(b"\n") or batch.count(b'"') % 2):
        rest = stream.readline()
        if not rest:
            break
        batch += rest
    return batch


def _copy(cursor: Any, query: str, batch: bytes) -> None:
    with cursor.copy(query) as copy:
        copy.write(batch)


def _take_batch(cursor: Any, kind: RegisterFileKind, batch: bytes) -> None:
    cursor.execute(sql.create_incoming(kind))
    _copy(cursor, sql.pour(kind, sql.INCOMING), batch)
    hidden = []
    if kind == RegisterFileKind.UNITS:
        cursor.execute(sql.SHOW_OFFICES)
        cursor.execute(sql.HIDDEN)
        hidden = cursor.fetchall()
    cursor.execute(sql.take_incoming(kind))
    cursor.execute(f"DROP TABLE {sql.INCOMING}")
    if hidden:
        cursor.execute(sql.HIDE_OFFICES, [[siren for siren, _name, _address in hidden]])
        hide_people(hidden)


def _finish(run: RegisterRun, file: RegisterFile) -> None:
    with transaction.atomic():
        _describe(run, file)
        run.percent, run.seconds_left = 100, None
        _move(run, RunState.DONE, "percent", "seconds_left")
    memory = memory_file(RegisterFileKind(run.kind))
    if _memory_draft(run).exists():
        memory.parent.mkdir(parents=True, exist_ok=True)
        _memory_draft(run).rename(memory)
    shutil.rmtree(work_folder(run), ignore_errors=True)


def forget_rejects() -> int:
    """Delete the files of refused rows whose time is over: they may name people. Returns how many.

    The runs and their counts stay; the trail of an import says nothing of the rows themselves.
    """
    over = old_rejects()
    for path in over:
        path.unlink(missing_ok=True)
    return len(over)


def _code(run: RegisterRun) -> str:
    return f"sirene-{run.kind}" + ("-synthetic" if run.is_synthetic else "")


def _describe(run: RegisterRun, file: RegisterFile) -> None:
    """Tell "about the data" what was loaded."""
    is_units = run.kind == RegisterFileKind.UNITS
    rows = RegisterUnit.objects.all() if is_units else RegisterEstablishment.objects.all()
    what = ("unités légales", "legal units") if is_units else ("établissements", "establishments")
    made = (" (fictives)" if is_units else " (fictifs)", " (invented)") if run.is_synthetic else ("", "")
    day = date.fromtimestamp(file.path.stat().st_mtime)  # noqa: DTZ012 - the day on this machine's calendar
    data_set, _created = DataSet.objects.update_or_create(
        code=_code(run),
        defaults={
            "name_fr": f"Répertoire SIRENE : {what[0]}{made[0]}",
            "name_en": f"SIRENE register: {what[1]}{made[1]}",
            "publisher": "Pavillon" if run.is_synthetic else "INSEE",
            "source": run.file_name,
            "version": f"{day:%Y-%m}",
            "licence": "EUPL-1.2" if run.is_synthetic else "Licence Ouverte 2.0",
            "as_of": None if run.is_synthetic else day,
            "rows": rows.filter(is_synthetic=run.is_synthetic).count(),
            "fingerprint": run.digest,
            "is_synthetic": run.is_synthetic,
        },
    )
    record("directory.register_imported", data_set, by=run.asked_by, file=run.file_name, rows=data_set.rows)
