"""Who handles requests, how many, and who is away."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Network
from pavillon.accounts.models import Membership, User, UserQuerySet
from pavillon.crm.models import Absence, LeadSettings
from pavillon.crm.queries.routing import HANDLING_ROLES, Load, loads_of


def present_settings() -> LeadSettings:
    """The figures of request handling; those of the model as long as nobody stored others."""
    return LeadSettings.objects.filter(pk=1).first() or LeadSettings(pk=1)


@dataclass
class Workload:
    """One person: adviser network, open requests, capacity, absences that are not over."""

    person: User
    network: str
    load: Load
    absences: list[Absence] = field(default_factory=list)
    is_absent: bool = False


def workload_of(people: UserQuerySet, reader: User) -> list[Workload]:
    """The advisers among `people` in the reader's own organisation, the busiest first: three statements."""
    handling = {"organisation": reader.organisation, "role__in": HANDLING_ROLES}
    own = Membership.objects.current().filter(user=OuterRef("pk"), **handling).order_by("-is_default", "pk")
    found = people.working().acting_in(**handling)
    advisers: list[Any] = list(found.annotate(network_here=Subquery(own.values("network")[:1])))
    loads = loads_of(advisers, present_settings())
    today = timezone.localdate()
    absences: dict[int, list[Absence]] = defaultdict(list)
    for absence in Absence.objects.filter(person__in=advisers, ends_on__gte=today):
        absences[absence.person_id].append(absence)
    lines = [
        Workload(
            person, person.network_here, loads[person.pk], absences[person.pk], _is_absent(absences[person.pk], today)
        )
        for person in advisers
    ]
    return sorted(lines, key=lambda line: (-line.load.ratio, line.person.last_name))


@dataclass(frozen=True)
class NetworkShare:
    """What the advisers of one network, or all of them, hold together."""

    code: str
    name: str
    people: int
    open: int
    capacity: int

    @property
    def ratio(self) -> float | None:
        return self.open / self.capacity if self.capacity else None


def shares_of(lines: list[Workload]) -> list[NetworkShare]:
    """The two networks, advisers of neither where there are any, and all of them: the parts add up to the last."""
    names = {Network.CI.value: "CI", Network.CAI.value: "CAI"}
    if any(line.network not in names for line in lines):
        names[Network.NONE.value] = _("Other advisers")
    parts = [_share(code, name, [line for line in lines if line.network == code]) for code, name in names.items()]
    return [*parts, _share("all", _("Total"), lines)]


def _share(code: str, name: str, lines: list[Workload]) -> NetworkShare:
    loads = [line.load for line in lines]
    return NetworkShare(code, name, len(lines), sum(x.open for x in loads), sum(x.capacity for x in loads))


def _is_absent(absences: list[Absence], day: datetime.date) -> bool:
    return any(absence.starts_on <= day <= absence.ends_on for absence in absences)
