"""An adviser's morning: what came, what is late, what was promised, where one was."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.crm.models import HandOver, Lead
from pavillon.crm.queries.leads import Promise, promises_of, with_people
from pavillon.directory.models import Company
from pavillon.security.models import Reading
from pavillon.ui import steady

AT_MOST = 12
RECENT = 8
# How far back "recent" looks: enough for a few days of heavy use, cheap by its index.
LOOK_BACK = 200


@dataclass
class Desk:
    """The blocks of the desk, each at most `AT_MOST` lines long."""

    new: list[Lead] = field(default_factory=list)
    late: list[Lead] = field(default_factory=list)
    offered: list[HandOver] = field(default_factory=list)
    overdue: list[Promise] = field(default_factory=list)
    today: list[Promise] = field(default_factory=list)
    under_way: int = 0

    @property
    def is_clear(self) -> bool:
        return not (self.new or self.late or self.offered or self.overdue or self.today)


def desk_of(user: User) -> Desk:
    """What waits for this person: six statements whatever the length of the lists."""
    promises = promises_of(user, until=timezone.localdate())
    return Desk(
        new=steady.rows(
            "desk new", user, lambda who: with_people(_mine(who).untouched()).order_by("due_at", "pk")[:AT_MOST]
        ),
        late=_late(user),
        offered=steady.rows(
            "desk offered", user, lambda who: HandOver.objects.visible_to(who).waiting_for(who)[:AT_MOST]
        ),
        overdue=[promise for promise in promises if promise.is_overdue],
        today=[promise for promise in promises if not promise.is_overdue],
        under_way=steady.count("desk under way", user, lambda who: _mine(who).filter(state="taken").values("pk")),
    )


def _mine(user: User) -> Any:
    return Lead.objects.visible_to(user).held_by(user)


def _late(user: User) -> list[Lead]:
    """A manager watches over the team, others over themselves."""
    if not user.has_role(Role.TEAM_MANAGER):
        return []
    late = Lead.objects.visible_to(user).late().exclude(adviser=user).filter(team=user.organisation)
    return list(with_people(late).order_by("due_at", "pk")[:AT_MOST])


def _last_read(user: User) -> Any:
    pages = Reading.objects.filter(user=user, how="page").order_by("-read_at")
    return pages.values_list("model", "object_id")[:LOOK_BACK]


def recent_records(user: User) -> list[Any]:
    """The companies and requests whose page one opened last, as far as one may still see them: three statements."""
    kinds = {model._meta.label_lower: model for model in (Company, Lead)}
    readings = steady.rows("recent records", user, _last_read)
    order = list(dict.fromkeys((label, int(pk)) for label, pk in readings if label in kinds and pk.isdecimal()))
    found: dict[tuple[str, int], Any] = {}
    for label, model in kinds.items():
        wanted = [pk for known, pk in order if known == label][: RECENT * 2]
        rows: Any = model._default_manager.visible_to(user).filter(pk__in=wanted) if wanted else []
        if wanted and model is Lead:
            rows = rows.select_related("company")
        found |= {(label, row.pk): row for row in rows}
    return [found[key] for key in order if key in found][:RECENT]
