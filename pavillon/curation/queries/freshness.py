"""Who keeps the base fresh: days with an update among days with activity (ledger BASE-11)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.models import Entry
from pavillon.directory.models import CARD_EDITORS

DAYS = 30
# Merging or importing in bulk is no update of a record that one knows.
UPDATES = Q(verb__in=[
    "directory.company_changed", "directory.company_created", "directory.contact_added", "directory.contact_changed",
    "directory.conflict_resolved", "directory.role_added", "directory.role_changed", "directory.channel_added",
    "directory.market_added", "directory.market_changed",
])  # fmt: skip

# Signing in, one's profile, reading one's inbox: presence, not work with companies.
IDLE = Q(verb__regex=r"^(accounts|activity|security|privacy|curation)\.")


@dataclass(frozen=True)
class Fresh:
    """Of a person: days with any act and with an update, in the last `DAYS` days; `rate` from 0 to 1, None without."""

    person: User
    organisations: tuple[str, ...]
    active_days: int
    updated_days: int
    last_update: datetime | None

    @property
    def organisation(self) -> str:
        return ", ".join(self.organisations)

    @property
    def rate(self) -> float | None:
        return self.updated_days / self.active_days if self.active_days else None


@dataclass(frozen=True)
class FreshPlace:
    """Of an organisation: its people who edit cards, those who did something, and the mean of their rates."""

    name: str
    people: int
    active: int
    rate: float | None
    last_update: datetime | None


def freshness_by_organisation(people: Sequence[Fresh]) -> list[FreshPlace]:
    """The same by organisation, the stalest first; those where nobody did anything last. No statement.

    Whoever acts for two organisations counts in both.
    """
    members: dict[str, list[Fresh]] = defaultdict(list)
    for line in people:
        for name in line.organisations:
            members[name].append(line)
    found = []
    for name, lines in members.items():
        rates = [line.rate for line in lines if line.rate is not None]
        updates = [line.last_update for line in lines if line.last_update is not None]
        rate = sum(rates) / len(rates) if rates else None
        found.append(FreshPlace(name, len(lines), len(rates), rate, max(updates, default=None)))
    return sorted(found, key=lambda place: (place.rate is None, place.rate or 0, place.name))


def freshness_of(user: User) -> list[Fresh]:
    """People who edit cards, of one's organisation or, for the agency, of all, with their rate. Two statements."""
    people = User.objects.filter(is_active=True, memberships__role__in=CARD_EDITORS, memberships__ends_on__isnull=True)
    if not (user.organisation and user.organisation.level == "national"):
        people = people.filter(memberships__organisation=user.organisation)
    people = people.distinct().order_by("last_name", "first_name")
    since = timezone.now() - timedelta(days=DAYS)
    acts = (
        Entry.objects.exclude(IDLE)
        .filter(actor__in=people, happened_at__gte=since)
        .values("actor")
        .annotate(
            active=Count(TruncDate("happened_at"), distinct=True),
            updated=Count(TruncDate("happened_at"), filter=UPDATES, distinct=True),
        )
    )
    by_person = {row["actor"]: row for row in acts}
    last = dict(
        Entry.objects.filter(UPDATES, actor__in=people, happened_at__gte=since)
        .order_by("actor", "-happened_at")
        .distinct("actor")
        .values_list("actor", "happened_at")
    )
    found = []
    for person in people.prefetch_related("memberships__organisation"):
        row = by_person.get(person.pk, {"active": 0, "updated": 0})
        places = tuple(
            dict.fromkeys(
                str(m.organisation) for m in person.memberships.all() if m.ends_on is None and m.role in CARD_EDITORS
            )
        )
        found.append(Fresh(person, places, row["active"], row["updated"], last.get(person.pk)))
    return found


def people_to_remind() -> list[User]:
    """People who did something today, and updated no record."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    acts = Entry.objects.exclude(IDLE).filter(happened_at__gte=today, actor__isnull=False)
    updated = acts.filter(UPDATES).values("actor")
    return list(
        User.objects.filter(
            is_active=True,
            pk__in=acts.exclude(actor__in=updated).values("actor"),
            memberships__role__in=CARD_EDITORS,
            memberships__ends_on__isnull=True,
        ).distinct()
    )
