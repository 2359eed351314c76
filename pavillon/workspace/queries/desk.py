"""An adviser's morning: what came, what is late, what was promised, where one was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.crm.models import HandOver, Lead
from pavillon.crm.queries.leads import Promise, passed_up_to, promises_asked, promises_from, with_people
from pavillon.directory.models import Company
from pavillon.security.models import Reading
from pavillon.ui import steady
from pavillon.ui.keyset import among
from pavillon.ui.together import ask

AT_MOST = 12
RECENT = 8
# How far back "recent" looks: enough for a few days of heavy use, cheap by its index.
LOOK_BACK = 200


@dataclass
class Desk:
    """The blocks of the desk, each at most `AT_MOST` lines long."""

    new: list[Lead] = field(default_factory=list)
    late: list[Lead] = field(default_factory=list)
    # Of other teams, passed up to the national managers.
    escalated: list[Lead] = field(default_factory=list)
    more_escalated: bool = False
    offered: list[HandOver] = field(default_factory=list)
    overdue: list[Promise] = field(default_factory=list)
    today: list[Promise] = field(default_factory=list)
    under_way: int = 0

    @property
    def is_clear(self) -> bool:
        return not (self.new or self.late or self.escalated or self.offered or self.overdue or self.today)


def desk_of(user: User) -> Desk:
    """What waits for this person: two statements whatever the length of the lists."""
    today = timezone.localdate()
    told = ask(
        offered=steady.part(
            "desk offered", user, lambda who: HandOver.objects.visible_to(who).waiting_for(who)[:AT_MOST]
        ),
        under_way=steady.part("desk under way", user, _under_way),
        **_late(user),
        **_escalated(user),
        **promises_asked(user, until=today),
    )
    promises = promises_from(told, user, until=today)
    return Desk(
        new=steady.rows(
            "desk new", user, lambda who: with_people(_mine(who).untouched()).order_by("due_at", "pk")[:AT_MOST]
        ),
        late=told.get("late", []),
        escalated=told.get("escalated", [])[:AT_MOST],
        more_escalated=len(told.get("escalated", [])) > AT_MOST,
        offered=told["offered"],
        overdue=[promise for promise in promises if promise.is_overdue],
        today=[promise for promise in promises if not promise.is_overdue],
        under_way=told["under_way"][0]["count"] if told["under_way"] else 0,
    )


def _mine(user: User) -> Any:
    return Lead.objects.visible_to(user).held_by(user)


def _under_way(user: User) -> Any:
    """One row, or none."""
    taken = _mine(user).filter(state="taken").order_by().values("adviser")
    return taken.annotate(count=Count("pk")).values("count")


def _late(user: User) -> dict[str, steady.Part]:
    """A manager watches over the team, others over themselves."""
    if not user.has_role(Role.TEAM_MANAGER):
        return {}

    def late(who: User, now: datetime) -> Any:
        rows = Lead.objects.visible_to(who).late(now).exclude(adviser=who).filter(team=who.organisation)
        return with_people(rows).order_by("due_at", "pk")[:AT_MOST]

    return {"late": steady.part("desk late", user, late, timezone.now())}


def _escalated(user: User) -> dict[str, steady.Part]:
    """What other teams left untouched comes to the managers of the national agency, and to nobody else's desk."""
    if passed_up_to(user) is None:
        return {}

    def escalated(who: User) -> Any:
        rows = passed_up_to(who)
        return None if rows is None else with_people(rows).order_by("due_at", "pk")[: AT_MOST + 1]

    return {"escalated": steady.part("desk escalated", user, escalated)}


def _last_read(user: User) -> Any:
    pages = Reading.objects.filter(user=user, how="page").order_by("-read_at")
    return pages.values_list("model", "object_id")[:LOOK_BACK]


def recent_records(user: User) -> list[Any]:
    """The companies and requests whose page one opened last, as far as one may still see them: three statements.

    Each row says whether it `is_request`.
    """
    readings = steady.rows("recent records", user, _last_read)
    order = list(dict.fromkeys((label, int(pk)) for label, pk in readings if label in _SHOWN and pk.isdecimal()))
    found: dict[tuple[str, int], Any] = {}
    for label, rows in _SHOWN.items():
        if wanted := [pk for known, pk in order if known == label][: RECENT * 2]:
            found |= {(label, row.pk): row for row in steady.rows(("recent", label), user, rows, wanted)}
    for (label, _pk), row in found.items():
        row.is_request = label == _REQUEST
    return [found[key] for key in order if key in found][:RECENT]


_COMPANY, _REQUEST = Company._meta.label_lower, Lead._meta.label_lower
_SHOWN: dict[str, Callable[[Any, list[int]], Any]] = {
    _COMPANY: lambda who, keys: Company.objects.visible_to(who).filter(among(keys)),
    _REQUEST: lambda who, keys: Lead.objects.visible_to(who).filter(among(keys)).select_related("company"),
}
