"""Who handles requests, how many, and who is away."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from pavillon.accounts.models import User, UserQuerySet
from pavillon.crm.models import Absence, LeadSettings
from pavillon.crm.queries.routing import HANDLING_ROLES, Load, loads_of


def present_settings() -> LeadSettings:
    """The figures of request handling; those of the model as long as nobody stored others."""
    return LeadSettings.objects.filter(pk=1).first() or LeadSettings(pk=1)


@dataclass
class Workload:
    """One person: open requests, capacity, absences that are not over."""

    person: User
    load: Load
    absences: list[Absence] = field(default_factory=list)
    is_absent: bool = False


def workload_of(people: UserQuerySet, reader: User) -> list[Workload]:
    """The advisers among `people` in the reader's own organisation, the busiest first: three statements."""
    advisers = list(people.working().acting_in(organisation=reader.organisation, role__in=HANDLING_ROLES))
    loads = loads_of(advisers, present_settings())
    today = timezone.localdate()
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(person__in=advisers, ends_on__gte=today):
        absences[absence.person_id].append(absence)
    lines = [
        Workload(person, loads[person.pk], absences[person.pk], _is_absent(absences[person.pk], today))
        for person in advisers
    ]
    return sorted(lines, key=lambda line: (-line.load.ratio, line.person.last_name))


def _is_absent(absences: list[Absence], day: datetime.date) -> bool:
    return any(absence.starts_on <= day <= absence.ends_on for absence in absences)
