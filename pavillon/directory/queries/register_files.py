"""Where files of the register wait, and where the runs leave theirs."""

from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.models import RegisterRun
from pavillon.directory.sirene import SUFFIXES


def import_folder() -> Path:
    """Where files wait to be imported; the runs' own folders are below it."""
    return Path(settings.DATA) / "imports"


def waiting_files() -> list[Path]:
    """Files in the folder of imports that may be the register's, by name."""
    folder = import_folder()
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.lower().endswith(SUFFIXES))


def work_folder(run: RegisterRun) -> Path:
    """What a run keeps while it is under way."""
    return import_folder() / "work" / f"run-{run.pk}"


# Refused rows may name people: they are kept as long as somebody may still mend the file, three monthly ones.
KEEP_REJECTS_DAYS = 92


def rejects_until(run: RegisterRun) -> date | None:
    """The last day on which the refused rows of a run can be downloaded; None when there are none."""
    path = rejects_file(run)
    if not path.exists():
        return None
    written = datetime.fromtimestamp(path.stat().st_mtime, timezone.get_current_timezone())
    return (written + timedelta(days=KEEP_REJECTS_DAYS)).date()


def old_rejects() -> list[Path]:
    """Files of refused rows whose time is over."""
    oldest = (timezone.now() - timedelta(days=KEEP_REJECTS_DAYS + 1)).timestamp()
    return [path for path in _reports().glob("register-*-rejects.csv") if path.stat().st_mtime < oldest]


def _reports() -> Path:
    return import_folder() / "reports"


def rejects_file(run: RegisterRun) -> Path:
    """The refused rows of a run: line, number, reason, the line itself."""
    return _reports() / f"register-{run.pk}-rejects.csv"


def memory_file(kind: RegisterFileKind) -> Path:
    """What the reader remembers of the lines that the register's rows are from; it may be missing."""
    return import_folder() / "memory" / f"{kind}.parquet"
