"""Keys, files, subscribed calendars, and what applications put and delete."""

import datetime
import hashlib
import re
import secrets
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from pavillon.accounts.actions import spend_attempt
from pavillon.accounts.models import User
from pavillon.accounts.queries import lacks_second_factor
from pavillon.activity.actions import record
from pavillon.agenda import fetching
from pavillon.agenda.actions.entries import (
    become_single,
    create_series,
    delete_entry,
    own_name,
    wake_agenda,
    write_row,
)
from pavillon.agenda.actions.meetings import tell_change, tell_end
from pavillon.agenda.actions.talks import tell_moved_talk
from pavillon.agenda.enums import BOOKED_KINDS, EntryKind, Sight
from pavillon.agenda.events import entry_changed
from pavillon.agenda.ical import Event, NotACalendar, read_days, read_resource
from pavillon.agenda.models import AgendaKey, Entry, MeetingMessage, Participant, Series, Subscription, TimeSpan
from pavillon.agenda.queries.exchange import version_of
from pavillon.core.changes import changes_since, snapshot
from pavillon.ui.limits import Rate, network_of

# What is read of other calendars: what is near in the past, and as far as repeated entries are written out.
NUMBERED = re.compile(r"entry-(\d{1,18})@pavillon")
BACK, AHEAD = datetime.timedelta(days=60), datetime.timedelta(days=400)


class AlreadySubscribed(Exception):
    """The calendar is read already."""


class WasChanged(Exception):
    """Somebody else changed the entry since the application read it, or it is not there any more."""


class NotFromHere(Exception):
    """The entry stands for something of another room or another calendar: it is changed there."""


@transaction.atomic
def create_key(*, kind: str, name: str, by: User) -> tuple[AgendaKey, str]:
    """A new secret, told this once: the end of an address, or the password for an application."""
    secret = secrets.token_urlsafe(32)
    key = AgendaKey.objects.create(owner=by, kind=kind, name=name.strip(), digest=digest_of(secret))
    record("agenda.key_created", key, by=by, kind=kind, name=key.name)
    return key, secret


@transaction.atomic
def revoke_key(*, key: AgendaKey, by: User) -> None:
    """From now on the secret opens nothing."""
    key = AgendaKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        record("agenda.key_revoked", key, by=by, name=key.name)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def note_wrong_password(*, email: str, address: str) -> None:
    """An application came with a password that opens nothing: in the trail, once in ten minutes a person.

    A calendar with an old password comes every few minutes. What was sent is not kept; of names that nobody has,
    which anybody can make up without end, six lines in ten minutes for each network.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    who, rate = (f"user {user.pk}", Rate(1, 600)) if user else (network_of(address), Rate(6, 600))
    if spend_attempt(what="calendar password", who=who, rate=rate) is not None:
        return
    facts: dict[str, Any] = {} if user else {"is_known": False}
    record("agenda.password_refused", *([user] if user else []), by=None, **facts)


def use_key(secret: str, kind: str) -> AgendaKey | None:
    """The key that a secret is, of a person who still works for the team; the day of its use is kept.

    None for who owes a second factor: a calendar's password must not outlive the time to set one up.
    """
    key = (
        AgendaKey.objects.filter(digest=digest_of(secret), kind=kind, revoked_at__isnull=True)
        .select_related("owner")
        .first()
    )
    if key is None or not key.owner.is_active or key.owner.is_shut_out or not key.owner.is_team:
        return None
    if lacks_second_factor(key.owner):
        return None
    today = timezone.localdate()
    if key.used_on != today:
        AgendaKey.objects.filter(pk=key.pk).update(used_on=today)
        record("agenda.key_used", key, by=key.owner, name=key.name)
    return key


@transaction.atomic
def import_calendar(*, content: bytes, by: User) -> tuple[int, int, int]:
    """Take the events of a file over into one's own agenda: (new, changed, not taken). Read again, it makes no double.

    Not taken is what stands here already and is changed elsewhere: in Pavillon itself, or in a calendar that is read.

    Repeated events come day by day, from two months ago to thirteen months ahead. Raises NotACalendar.
    """
    today = timezone.localdate()
    events = read_days(content, today - BACK, today + AHEAD)
    known = {entry.uid: entry for entry in Entry.objects.filter(owner=by, uid__in=[event.uid for event in events])}
    own = _own_under_other_names(list({event.uid for event in events}), by)
    new, changed, left = [], 0, 0
    for event in {event.uid: event for event in events}.values():
        entry = known.get(event.uid)
        if event.uid in own or (entry is not None and not (entry.series_id is None and entry.is_own_writing)):
            left += 1
        elif entry is None:
            new.append(_fill(Entry(owner=by, organisation=by.organisation, kind=EntryKind.EVENT, uid=event.uid), event))
        elif _differs(entry, event):
            _fill(entry, event)
            entry.sequence += 1
            entry.save()
            changed += 1
    Entry.objects.bulk_create(new)
    record("agenda.calendar_imported", by, by=by, new=len(new), changed=changed)
    wake_agenda(by)
    return len(new), changed, left


def _own_under_other_names(names: list[str], owner: User) -> set[str]:
    """Those names of another calendar that our own feed gave: an entry by its number, or a day of a repeated entry.

    A calendar that reads our feed, and is read by us, would show everything twice.
    """
    numbers = {name: int(found[1]) for name in names if (found := NUMBERED.fullmatch(name))}
    bases = {name: name.rpartition("/")[0] or name for name in names}
    entries = set(Entry.objects.of(owner).filter(pk__in=numbers.values()).values_list("pk", flat=True))
    series = set(Series.objects.filter(owner=owner, uid__in=set(bases.values())).values_list("uid", flat=True))
    # Meetings of colleagues to which he was invited stand in his feed under their own names.
    shared = set(Entry.objects.of(owner).exclude(owner=owner).filter(uid__in=names).values_list("uid", flat=True))
    return shared | {name for name in names if numbers.get(name) in entries or bases[name] in series}


def _held_otherwise(events: list[Event], subscription: Subscription) -> set[str]:
    """Names of events that the agenda holds already: written here, taken over from a file or a mail, or read from a
    calendar that was subscribed before."""
    names, owner = list({event.uid for event in events}), subscription.owner
    others = Entry.objects.filter(owner=owner, uid__in=names).exclude(subscription=subscription)
    return _own_under_other_names(names, owner) | set(others.values_list("uid", flat=True))


# What would be lost with an entry that a client writes anew.
USED_BY = (Participant, MeetingMessage, TimeSpan)
FILLED = ("title", "starts_at", "ends_at", "all_day", "place", "notes", "is_busy")


def _fill(entry: Entry, event: Event) -> Entry:
    for name in FILLED:
        setattr(entry, name, getattr(event, name))
    entry.sight = Sight.BUSY if event.is_private else Sight.TEAM
    return entry


def _differs(entry: Entry, event: Event) -> bool:
    return any(getattr(entry, name) != getattr(event, name) for name in FILLED)


@transaction.atomic
def subscribe_calendar(*, name: str, url: str, by: User) -> Subscription:
    """Read another calendar every hour, the first time at once. Raises AlreadySubscribed."""
    if Subscription.objects.filter(owner=by, url=url).exists():
        raise AlreadySubscribed(_("This calendar is read already."))
    subscription = Subscription.objects.create(owner=by, name=name.strip(), url=url)
    record("agenda.calendar_subscribed", subscription, by=by, name=subscription.name)
    app.configure_task("agenda.read_subscription").defer(subscription_id=subscription.pk)
    return subscription


@transaction.atomic
def unsubscribe_calendar(*, subscription: Subscription, by: User) -> None:
    """Its events leave the agenda with it."""
    record("agenda.calendar_unsubscribed", subscription, by=by, name=subscription.name)
    subscription.delete()
    wake_agenda(by)


def read_subscription(*, subscription: Subscription) -> bool:
    """Fetch a calendar and put its events in place of those read before; what fails is said on its line.

    Whether it was read. The request goes out before the transaction: nobody waits for another server.
    """
    failure, events = "", []
    today = timezone.localdate()
    try:
        events = read_days(fetching.fetch_calendar(subscription.url), today - BACK, today + AHEAD)
    except (fetching.CannotFetch, NotACalendar) as error:
        failure = str(error)[:200]
    with transaction.atomic():
        found = Subscription.objects.select_for_update().select_related("owner").filter(pk=subscription.pk).first()
        if found is None:
            return False
        if found.error != failure:
            record("agenda.subscription_failed" if failure else "agenda.subscription_read", found, by=None, why=failure)
        found.error = failure
        if not failure:
            found.read_at = timezone.now()
            found.entries.all().delete()
            owner = found.owner
            blank = {"owner": owner, "organisation": owner.organisation, "kind": EntryKind.EVENT, "subscription": found}
            held = _held_otherwise(events, found)
            rows = [_fill(Entry(uid=event.uid, **blank), event) for event in events if event.uid not in held]
            for row in rows:
                # What one reads elsewhere is one's own: colleagues see that the time is taken.
                row.sight = Sight.BUSY
            Entry.objects.bulk_create(rows)
            wake_agenda(owner)
        found.save(update_fields=["error", "read_at", "changed_at"])
    return not failure


@transaction.atomic
def put_resource(*, uid: str, content: bytes, by: User, expects: str = "", channel: str = "caldav") -> bool:
    """What an application stores under a name: a new entry or another version of it. Whether it is new.

    `expects` is the version that it knows (an ETag), "new" when it must not be there yet, "" for whatever stands.
    Raises NotACalendar, DayTaken, NotFromHere, WasChanged.
    """
    events = read_resource(content)
    event = events[0]
    if event.uid != uid:
        raise NotACalendar(_("The name of the event is not that of the address."))
    known = _stored(uid, by, expects)
    if any(not entry.is_own_writing for entry in known):
        raise NotFromHere(_("This entry is changed where it comes from."))
    first = known[0] if known else None
    if first is not None and first.kind == EntryKind.ABSENCE:
        # It has a reason, which applications do not know of.
        raise NotFromHere(_("An absence is changed in Pavillon."))
    kind = first.kind if first and first.kind in BOOKED_KINDS else EntryKind.APPOINTMENT
    kind = kind if event.is_busy else (first.kind if first else EntryKind.EVENT)
    if event.rule or (first is not None and first.series_id):
        try:
            _replace_series(events, kind, first, by)
        except (ValueError, OverflowError) as error:
            raise NotACalendar(_("This calendar cannot be read: %(why)s") % {"why": str(error)[:120]}) from error
    else:
        before = snapshot(first) if first else {}
        entry = _fill(first or Entry(owner=by, organisation=by.organisation, uid=uid), event)
        entry.kind = kind if not event.all_day or first else EntryKind.EVENT
        changes = changes_since(before, entry) if first else {}
        entry.sequence = max(entry.sequence + 1, event.sequence) if first else event.sequence
        tell_moved_talk(entry)
        write_row(entry)
        verb = "agenda.entry_changed" if first else "agenda.entry_created"
        record(verb, entry, by=by, changes=changes or None, channel=channel)
        if changes:
            entry_changed.send(sender=Entry, entry=entry, changes=changes, by=by)
    wake_agenda(by)
    return first is None


def _replace_series(events: list[Event], kind: str, first: Entry | None, by: User) -> None:
    """The rule is written anew; single days that it changed become entries of their own.

    Days on which others take part stay the same entries, or their guests are told that they are gone.
    """
    event, replaced = events[0], events[1:]
    kept = _set_aside(first) if first is not None else []
    if first is not None:
        if first.series is not None:
            first.series.delete()
        elif first not in kept:
            first.delete()
        Series.objects.filter(owner=by, uid=event.uid).delete()
    written = []
    left_out = [*event.left_out, *(each.instance_of for each in replaced if each.instance_of)]
    values = {
        "owner": by,
        "organisation": by.organisation,
        "kind": kind,
        "title": event.title,
        "place": event.place,
        "notes": event.notes,
        "is_busy": event.is_busy,
        "sight": Sight.BUSY if event.is_private else Sight.TEAM,
        "sequence": event.sequence,
    }
    if event.rule:
        create_series(
            by=by, rule=event.rule, starts_at=event.starts_at, ends_at=event.ends_at, values=values, uid=event.uid,
            left_out=left_out,
        )  # fmt: skip
    else:
        written.append(_write_single(_fill(Entry(uid=event.uid, kind=kind), event), by))
    for each in replaced:
        written.append(_write_single(_fill(Entry(kind=kind), each), by))
    if kept:
        days = Entry.objects.filter(owner=by, series__uid=event.uid).select_related("series").order_by("starts_at")
        _give_back(kept, [*days, *written], event.uid, by)


def _write_single(entry: Entry, by: User) -> Entry:
    entry.owner, entry.organisation = by, by.organisation
    write_row(entry)
    record("agenda.entry_created", entry, by=by, channel="caldav")
    return entry


def _set_aside(first: Entry) -> list[Entry]:
    """The days of a repeated entry, or the entry alone, that people take part in, or wrote and worked on."""
    days = Entry.objects.filter(series=first.series_id) if first.series_id else Entry.objects.filter(pk=first.pk)
    used = (Exists(model._base_manager.filter(entry=OuterRef("pk"))) for model in USED_BY)
    kept = list(days.filter(reduce(or_, map(Q, used))).select_related("owner", "series").order_by("starts_at"))
    for entry in kept:
        if entry.series_id:
            become_single(entry)
            entry.save(update_fields=["series", "uid", "changed_at"])
    return kept


def _give_back(kept: list[Entry], written: list[Entry], uid: str, by: User) -> None:
    """Each kept entry becomes the new one of its moment, else of its day; without any, what is to come is ended."""
    free = {entry.pk: entry for entry in written}
    for entry in kept:
        day = timezone.localtime(entry.starts_at).date()
        same = [one for one in free.values() if one.starts_at == entry.starts_at]
        near = [one for one in free.values() if timezone.localtime(one.starts_at).date() == day]
        if same or near:
            _become(entry, free.pop((same or near)[0].pk), uid, by)
        elif entry.ends_at > timezone.now():
            delete_entry(entry=entry, by=by, channel="caldav")
        elif entry.uid == uid:
            become_single(entry)
            entry.save(update_fields=["uid", "changed_at"])


def _become(entry: Entry, new: Entry, uid: str, by: User) -> None:
    """The kept entry stands where the new one stood; guests whose calendars know it by another name are told both."""
    alone = new.series_id is None and new.uid != uid
    renamed = not alone and entry.uid != (own_name(entry) if new.series_id else uid)
    if renamed:
        tell_end(entry)
    before = snapshot(entry)
    Entry.objects.filter(pk=new.pk).delete()
    for name in (*FILLED, "kind", "sight"):
        setattr(entry, name, getattr(new, name))
    changes = changes_since(before, entry)
    entry.series, entry.uid = new.series, entry.uid if alone else uid
    entry.sequence = max(entry.sequence + 1, new.sequence) if changes or renamed else entry.sequence
    tell_moved_talk(entry)
    write_row(entry)
    if changes:
        record("agenda.entry_changed", entry, by=by, changes=changes, channel="caldav")
    if renamed:
        tell_change(entry, by)
    elif changes:
        entry_changed.send(sender=Entry, entry=entry, changes=changes, by=by)


def _stored(uid: str, by: User, expects: str) -> list[Entry]:
    """What stands under a name, locked. Raises WasChanged when it is not the version that is expected."""
    rows = Entry.objects.select_for_update(of=("self",)).filter(owner=by, uid=uid, subscription__isnull=True)
    known = list(rows.select_related("series"))
    version = version_of(known[0]) if known else "new"
    if expects and expects not in (version, "*" if known else "new"):
        raise WasChanged(_("This entry was changed meanwhile: read it again."))
    return known


@transaction.atomic
def delete_resource(*, uid: str, by: User, expects: str = "", channel: str = "caldav") -> None:
    """An application deletes what stands under a name. Raises NotFromHere, WasChanged."""
    for entry in _stored(uid, by, expects):
        if not entry.is_own_writing:
            raise NotFromHere(_("This entry is changed where it comes from."))
        delete_entry(entry=entry, by=by, channel=channel)
    Series.objects.filter(owner=by, uid=uid).delete()
    wake_agenda(by)
