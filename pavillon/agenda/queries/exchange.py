"""What other calendars are given."""

import datetime

from django.db.models import Count, Max
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.agenda.models import AgendaKey, Entry, Subscription
from pavillon.agenda.queries.calendar import midnight
from pavillon.agenda.queries.origins import words_of

# What a feed tells: the last two months and the year ahead.
BACK, AHEAD = datetime.timedelta(days=60), datetime.timedelta(days=366)


def feed_of(person: User) -> list[Entry]:
    """What stands in an agenda here, for a subscriber: not what was itself read from other calendars.

    Three statements, and those of the rooms whose entries are in it.
    """
    today = timezone.localdate()
    rows = Entry.objects.visible_to(person).of(person).filter(subscription__isnull=True)
    found = list(rows.between(midnight(today - BACK), midnight(today + AHEAD)).select_related("series", "company"))
    words = words_of(found, person)
    for entry in found:
        if entry.pk in words:
            entry.title = f"{entry.title}: {words[entry.pk]}"
    return found


def resources_of(
    person: User,
    *,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    uids: list[str] | None = None,
) -> dict[str, list[Entry]]:
    """One's own entries by their names: one for a single one, the days asked for of a series. Two statements."""
    rows = Entry.objects.visible_to(person).filter(owner=person, subscription__isnull=True)
    if since is not None:
        rows = rows.filter(ends_at__gt=since)
    if until is not None:
        rows = rows.filter(starts_at__lt=until)
    if uids is not None:
        rows = rows.filter(uid__in=uids)
    found: dict[str, list[Entry]] = {}
    for entry in rows.select_related("series", "owner").order_by("starts_at", "pk"):
        found.setdefault(entry.uid, []).append(entry)
    return found


def version_of(entry: Entry) -> str:
    """The ETag of the resource that an entry belongs to: another one after each change."""
    row = entry.series or entry
    return f'"{row.pk}-{entry.sequence}-{row.changed_at.timestamp():.6f}"'


def state_of(person: User) -> str:
    """A word for the whole collection, another one after each change: what applications ask first."""
    rows = Entry.objects.visible_to(person).filter(owner=person, subscription__isnull=True)
    found = rows.aggregate(n=Count("pk"), at=Max("changed_at"), of_series=Max("series__changed_at"))
    return "-".join(str(each.timestamp()) if hasattr(each, "timestamp") else str(each) for each in found.values())


def keys_of(person: User) -> list[AgendaKey]:
    """Those that open something, newest first."""
    return list(AgendaKey.objects.visible_to(person).filter(revoked_at__isnull=True))


def subscriptions_of(person: User) -> list[Subscription]:
    return list(Subscription.objects.visible_to(person).annotate(n=Count("entries")).order_by("name"))
