"""Documents of missions: added by either side, told to the other, read by both, taken back by whoever added them.

The mission keeps the day of its last report, so that nothing handed in early stands for what came late. Once the result
is told, reports stay.
"""

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.wall import house
from pavillon.crm.actions.missions import MissionMoved, locked_mission, tell_of_mission
from pavillon.crm.enums import MissionState
from pavillon.crm.models import Mission, MissionFile
from pavillon.security.actions import Shelf, sweep_shelf

MOST_FILES = 20
OPEN_STEPS = (MissionState.RUNNING, MissionState.REPORTED)


class ReportStays(Exception):
    """The result was told: its report is not taken back."""


class TooManyFiles(Exception):
    """The mission has as many documents as one may have."""


def add_mission_file(*, mission: Mission, kind: str, file: File, by: User) -> MissionFile:
    """Keep a document of a mission; the other side is told. Raises MissionMoved, TooManyFiles.

    `file` went through `ui.uploads`. A report may come before its result is told, and before the deadline.
    """
    saved: list[Any] = []
    try:
        return _added(mission, kind, file, by, saved)
    except BaseException:
        for storage, name in saved:
            storage.delete(name)
        raise


@transaction.atomic
def _added(mission: Mission, kind: str, file: File, by: User, saved: list[Any]) -> MissionFile:
    mission = locked_mission(mission, *OPEN_STEPS)
    if mission.files.kept().count() >= MOST_FILES:
        raise TooManyFiles(_("A mission has at most %(most)s documents: take one away first.") % {"most": MOST_FILES})
    line = MissionFile(mission=mission, kind=kind, name=str(file.name), size=file.size, added_by=by)
    line.file.save(f"{uuid.uuid4().hex}.bin", file, save=False)
    saved.append((line.file.storage, line.file.name))
    line.save()
    _note_delivery(mission)
    # The name stays out of the trail: it may name people.
    record("crm.mission_file_added", line, mission, by=by, kind=kind, late=mission.due_on < line.added_on)
    _tell_others(mission, _REPORT if line.is_report else _PAPER, by)
    return line


def _note_delivery(mission: Mission) -> None:
    """The day of the last report; None without any."""
    last = mission.files.reports().order_by("added_at").last()
    day = last.added_on if last else None
    if day != mission.delivered_on:
        mission.delivered_on = day
        mission.save(update_fields=["delivered_on", "changed_at"])


def _tell_others(mission: Mission, title: Any, by: User) -> None:
    people = [person for person in (mission.adviser, mission.sent_by) if person.pk != by.pk]
    tell_of_mission(mission, people, title, "")


@transaction.atomic
def remove_mission_file(*, file: MissionFile, by: User) -> None:
    """Take a document back, as long as the mission was not judged; the other side is told.

    Raises MissionMoved, and ReportStays for a report whose result was told.
    """
    mission = locked_mission(file.mission, *OPEN_STEPS)
    found = MissionFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if found is None:
        raise MissionMoved(_("Somebody took this document away meanwhile."))
    if found.is_report and mission.state == MissionState.REPORTED:
        raise ReportStays(_("The result was told with this report: it stays. Add the right one beside it."))
    record("crm.mission_file_removed", found, mission, by=by, kind=found.kind)
    _delete_stored(found)
    found.delete()
    _note_delivery(mission)
    _tell_others(mission, _REPORT_GONE if found.is_report else _PAPER_GONE, by)


def empty_file(file: MissionFile) -> None:
    """Keep that a document came, and when; lose its name and what lies on the disk once that is surely written."""
    _delete_stored(file)
    file.name, file.file = "", ""
    file.save(update_fields=["name", "file"])


@house()
def sweep_mission_files() -> int:
    """Put files aside whose row was lost with a connection at its commit, and back when it is there. How many moved."""
    return sweep_shelf(Shelf("missions", _kept, _SWEEPING))


def _kept(names: list[str]) -> Iterable[str]:
    return MissionFile.objects.filter(file__in=names).values_list("file", flat=True)


_SWEEPING = {
    "returned": "crm.mission_files_returned",
    "refused": "crm.mission_sweep_refused",
    "swept": "crm.mission_files_swept",
    "deleted": "crm.mission_files_deleted",
}


def _delete_stored(file: MissionFile) -> None:
    if file.file:
        transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))


_REPORT = gettext_lazy("The partner delivered its report: {company}")
_REPORT_GONE = gettext_lazy("The partner took a report back: {company}")
_PAPER_GONE = gettext_lazy("A document of the mission was taken back: {company}")
_PAPER = gettext_lazy("A document was added to the mission: {company}")
