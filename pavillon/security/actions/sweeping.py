"""Sealed files that no row has: put aside for some weeks, back where they were when their row is there again."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils import timezone

from pavillon.core.trail import record

# What is being written has files before it has a row: never for a day.
AGE = datetime.timedelta(days=1)
# What is put aside lies in a folder of its day for so long: a database put back by mistake is noticed within weeks.
KEPT = datetime.timedelta(days=28)
AT_ONCE = 500
# More files without a row than this are no lost connections: the database is another one than that of the files.
MOST_LOST = 200


@dataclass(frozen=True)
class Shelf:
    """A folder of sealed files in folders of each month, whose names rows keep.

    `kept` says which of some names a row has; `verbs` are what the room that owns the rows tells the trail about files
    that are "returned", "refused", "swept" and "deleted".
    """

    folder: str
    kept: Callable[[list[str]], Iterable[str]]
    verbs: Mapping[str, str]

    @property
    def aside(self) -> str:
        return f"{self.folder}-aside"


def sweep_shelf(shelf: Shelf) -> int:
    """Put files aside whose row was lost with a connection at its commit, delete those of weeks ago. How many moved.

    First those come back whose row is there again. None goes when they are many: a database that was put back from the
    day before misses the rows of a whole day.
    """
    _bring_back(shelf)
    before = timezone.now() - AGE
    lost = [name for names in _stored(shelf.folder) for name in _without_row(shelf, names) if _is_older(name, before)]
    if len(lost) > MOST_LOST:
        record(shelf.verbs["refused"], by=None, files=len(lost))
        return 0
    today = f"{shelf.aside}/{timezone.localdate()}/"
    moved = sum(_move(name, today + name.removeprefix(f"{shelf.folder}/")) for name in lost)
    if moved:
        record(shelf.verbs["swept"], by=None, files=moved)
    _delete_old(shelf)
    return moved


def _bring_back(shelf: Shelf) -> None:
    moved = 0
    for day in _folders(shelf.aside):
        for names in _stored(day):
            places = {f"{shelf.folder}/{name.removeprefix(f'{day}/')}": name for name in names}
            lost = set(_without_row(shelf, list(places)))
            moved += sum(_move(aside, place) for place, aside in places.items() if place not in lost)
    if moved:
        record(shelf.verbs["returned"], by=None, files=moved)


def _delete_old(shelf: Shelf) -> None:
    last = f"{shelf.aside}/{timezone.localdate() - KEPT}"
    gone = 0
    for day in _folders(shelf.aside):
        if day >= last:
            continue
        for names in _stored(day):
            for name in names:
                default_storage.delete(name)
            gone += len(names)
        for folder in [*(month for year in _folders(day) for month in _folders(year)), *_folders(day), day]:
            # Not empty: somebody put something there, which is his.
            with suppress(OSError):
                default_storage.delete(folder)
    if gone:
        record(shelf.verbs["deleted"], by=None, files=gone)


def _move(name: str, place: str) -> bool:
    """As it lies, sealed for its name; False when it is gone meanwhile, or when its place is taken."""
    path, to = Path(default_storage.path(name)), Path(default_storage.path(place))
    if to.exists():
        return False
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        path.rename(to)
    except FileNotFoundError:
        return False
    return True


def _is_older(name: str, before: datetime.datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < before
    except FileNotFoundError:
        # Its row was thrown away while the folder was read.
        return False


def _folders(folder: str) -> list[str]:
    if not default_storage.exists(folder):
        return []
    return [f"{folder}/{name}" for name in default_storage.listdir(folder)[0]]


def _stored(folder: str) -> list[list[str]]:
    """Names of its files, which lie in a folder of each month, some at once."""
    found: list[list[str]] = []
    for year in _folders(folder):
        for month in _folders(year):
            names = [f"{month}/{name}" for name in default_storage.listdir(month)[1]]
            found += [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
    return found


def _without_row(shelf: Shelf, names: list[str]) -> list[str]:
    kept = set(shelf.kept(names))
    return [name for name in names if name not in kept]
