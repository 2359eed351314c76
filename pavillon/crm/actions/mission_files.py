"""Documents of missions: added by either side, told to the other, read by both, taken back by whoever added them."""

import uuid
from functools import partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.crm.actions.missions import MissionMoved, locked_mission, tell_of_mission
from pavillon.crm.enums import MissionPaper, MissionState
from pavillon.crm.models import Mission, MissionFile

MOST_FILES = 20
OPEN_STEPS = (MissionState.RUNNING, MissionState.REPORTED)


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
    if mission.files.count() >= MOST_FILES:
        raise TooManyFiles(_("A mission has at most %(most)s documents: take one away first.") % {"most": MOST_FILES})
    line = MissionFile(mission=mission, kind=kind, name=str(file.name), size=file.size, added_by=by)
    line.file.save(f"{uuid.uuid4().hex}.bin", file, save=False)
    saved.append((line.file.storage, line.file.name))
    line.save()
    late = mission.due_on < timezone.localdate()
    # The name stays out of the trail: it may name people.
    record("crm.mission_file_added", line, mission, by=by, kind=kind, late=late)
    others = [person for person in (mission.adviser, mission.sent_by) if person.pk != by.pk]
    title = _REPORT if kind == MissionPaper.REPORT else _PAPER
    tell_of_mission(mission, others, title, "")
    return line


@transaction.atomic
def remove_mission_file(*, file: MissionFile, by: User) -> None:
    """Take a document back, as long as the mission was not judged. Raises MissionMoved."""
    mission = locked_mission(file.mission, *OPEN_STEPS)
    found = MissionFile.objects.select_for_update(of=("self",)).filter(pk=file.pk).first()
    if found is None:
        raise MissionMoved(_("Somebody took this document away meanwhile."))
    record("crm.mission_file_removed", found, mission, by=by, kind=found.kind)
    drop_file(found)


def drop_file(file: MissionFile) -> None:
    """The line, and what lies on the disk once the line is surely gone."""
    transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)))
    file.delete()


_REPORT = gettext_lazy("The partner delivered its report: {company}")
_PAPER = gettext_lazy("A document was added to the mission: {company}")
