"""Writing the trail, telling people, waking browsers. Everything here joins the caller's transaction."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.utils import timezone, translation
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.births import first_values, take_birth
from pavillon.activity.kinds import register_kind as register_kind
from pavillon.activity.models import Entry, Notification, Preference
from pavillon.activity.sealing import sealed_changes
from pavillon.core.changes import Changes
from pavillon.core.permissions import sees
from pavillon.core.trace import current_origin


def record(verb: str, *about: models.Model, by: User | None, changes: Changes | None = None, **facts: Any) -> Entry:
    """Write one line in the trail of everything named in `about`.

    `verb` is "room.noun_participle"; `changes` is {field: [old, new]} (see `core.changes`); `facts` are plain
    values that the sentence of this verb needs, never somebody's name: people are named by number. The first line about
    a row that was just made keeps its values. What is personal in `changes` is kept sealed.
    """
    born = take_birth(about)
    if born is not None and changes is None:
        changes, facts = first_values(born), {**facts, "born": born._meta.label_lower}
    return record_each(verb, [(about, changes or {}, facts)], by=by)[0]


def record_each(
    verb: str, lines: Iterable[tuple[Iterable[models.Model], Changes, dict[str, Any]]], *, by: User | None
) -> list[Entry]:
    """Write many lines of one verb, as `record` does: (about, changes, facts) of each.

    One statement, and one more when something personal is among the changes.
    """
    origin, now = current_origin(), timezone.now()
    organisation = by.organisation if by else None
    entries, threads = [], []
    lines = [(list(about), changes, facts) for about, changes, facts in lines]
    for (about, _open, facts), changes in zip(lines, sealed_changes(lines), strict=True):
        entry = Entry(
            verb=verb,
            actor=by,
            organisation=organisation,
            changes=changes,
            facts=facts,
            happened_at=now,
            channel=origin.channel,
            address=origin.address or None,
            subjects=[f"{subject._meta.label_lower}:{subject.pk}" for subject in about],
        )
        entry.put_signature()
        entries.append(entry)
        threads.append([(ContentType.objects.get_for_model(subject).pk, str(subject.pk)) for subject in about])
    _write(entries, threads)
    return entries


_COLUMNS = [column for column in Entry._meta.concrete_fields if not column.primary_key]
_PLACES = f"({', '.join(['%s'] * len(_COLUMNS))})"
# A line is told from the others of its statement by its signature, of which there are no two.
_INSERT = """
WITH line AS (INSERT INTO activity_entry ({columns}) VALUES {lines} RETURNING id, mac),
thread AS (
    INSERT INTO activity_thread (entry_id, content_type_id, object_id)
    SELECT line.id, subject.kind, subject.number
    FROM line JOIN unnest(%s::bytea[], %s::int[], %s::text[]) AS subject (mac, kind, number) USING (mac)
)
SELECT mac, id FROM line
"""


def _write(entries: list[Entry], threads: list[list[tuple[int, str]]]) -> None:
    """Insert lines with what each is about: (content type, key) of its records."""
    if not entries:
        return
    told = [(entry.mac, *subject) for entry, about in zip(entries, threads, strict=True) for subject in about]
    subjects = [[each[place] for each in told] for place in range(3)]
    columns = ", ".join(str(column.column) for column in _COLUMNS)
    values = [
        column.get_db_prep_save(getattr(entry, column.attname), connection) for entry in entries for column in _COLUMNS
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT.format(columns=columns, lines=", ".join([_PLACES] * len(entries))),
            [*values, *subjects],
        )
        keys = {bytes(mac): key for mac, key in cursor.fetchall()}
    for entry in entries:
        entry.pk, entry._state.adding = keys[bytes(entry.mac)], False


def record_births(
    verb: str, lines: Iterable[tuple[Iterable[models.Model], dict[str, Any]]], *, by: User | None
) -> list[Entry]:
    """Write the first lines about many rows that were made together: (about, facts) of each, the new row first.

    Each keeps the values of its row, as `record` does.
    """
    told = [(tuple(about), facts) for about, facts in lines]
    births = [(about, first_values(about[0]), {**facts, "born": about[0]._meta.label_lower}) for about, facts in told]
    return record_each(verb, births, by=by)


def notify(
    people: Iterable[User],
    kind: str,
    *,
    title: Any,
    body: Any = "",
    url: str = "",
    email: bool = True,
    about: models.Model | None = None,
) -> list[Notification]:
    """Tell each person once, in the inbox now and by e-mail after the commit unless he prefers not.

    `title` and `body` may be lazy translations: they are rendered in each recipient's own language. `about` is the
    record that they name: of a sensitive one (`is_sensitive`), only those who see it are told.
    """
    people = list({person.pk: person for person in people if person.is_active}.values())
    if getattr(about, "is_sensitive", False):
        people = [person for person in people if sees(person, about)]
    silent = set(
        Preference.objects.filter(user__in=people, kind=kind, by_email=False).values_list("user_id", flat=True)
    )
    told = []
    for person in people:
        with translation.override(person.language):
            told.append(
                Notification(
                    recipient=person,
                    kind=kind,
                    # One line, whatever somebody typed in a name: a mail's subject has no second one.
                    title=" ".join(str(title).split())[:200],
                    body=str(body),
                    url=url,
                    email_state="queued" if email and person.pk not in silent else "none",
                )
            )
    Notification.objects.bulk_create(told)
    for notification in told:
        if notification.email_state == "queued":
            app.configure_task("activity.send_notification").defer(notification_id=notification.pk)
        wake("inbox", people=[notification.recipient_id], notification=notification.pk)
    return told


def wake(topic: str, *, people: Iterable[int] = (), audience: str = "", **hint: Any) -> None:
    """Tell browsers that something changed, when the transaction commits.

    `people` are user ids; `audience` is a named group of the live stream ("agency", "organisation:12",
    "region:53"). The message is a hint without business content: the page then asks for its fragment, through
    the usual permissions.
    """
    message = json.dumps({"topic": topic, "people": list(people), "audience": audience, "hint": hint}, default=str)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('pavillon_live', %s)", [message])


@transaction.atomic
def read_notifications(*, by: User, notification: Notification | None = None) -> int:
    """Mark one notification of one's own read, or all of them. Returns how many changed."""
    waiting = Notification.objects.filter(recipient=by).unread()
    if notification is not None:
        waiting = waiting.filter(pk=notification.pk)
    changed = waiting.update(read_at=timezone.now())
    if changed:
        wake("inbox", people=[by.pk])
    return changed


@transaction.atomic
def change_preferences(*, by: User, silenced: Iterable[str], kinds: Iterable[str]) -> None:
    """Choose, among `kinds`, those that no longer come by e-mail. The inbox always receives."""
    silenced = set(silenced)
    before = set(Preference.objects.filter(user=by, by_email=False).values_list("kind", flat=True))
    for kind in kinds:
        Preference.objects.update_or_create(user=by, kind=kind, defaults={"by_email": kind not in silenced})
    if before != silenced:
        record("activity.preferences_changed", by, by=by, changes={"silenced": [sorted(before), sorted(silenced)]})


@transaction.atomic
def forget_notification(notification: Notification) -> None:
    """Empty a notification whose recipient is erased."""
    notification.title, notification.body, notification.url = "", "", ""
    notification.save(update_fields=["title", "body", "url"])


def send_notification(notification: Notification) -> None:
    """Send one notification by e-mail; sent once, it is never sent again.

    The row stays locked while its letter leaves: a job that was put back waits here, then sees that it is sent. The
    letter's own number is always the same, so that a mail server can drop the double of a power cut.
    Raises whatever the mail server or the letter itself refuses: it is kept on the notification, and the job that
    called tries again. Not in the trail: the notification itself is the record.
    """
    with transaction.atomic():
        notification = (
            Notification.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=notification.pk)
        )
        if notification.email_state == "sent":
            return
        failure = _post(notification)
        notification.email_attempts += 1
        notification.email_state = "failed" if failure else "sent"
        notification.email_error = str(failure)[:300] if failure else ""
        notification.email_sent_at = None if failure else timezone.now()
        notification.save(update_fields=["email_state", "email_sent_at", "email_attempts", "email_error"])
    if failure:
        raise failure


def _post(notification: Notification) -> Exception | None:
    """Hand the letter to the mail server; what went wrong, if anything did."""
    link = f"\n\n{settings.BASE_URL}{notification.url}" if notification.url else ""
    number = f"<notification-{notification.pk}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
    message = EmailMessage(
        subject=notification.title,
        body=f"{notification.body}{link}",
        to=[notification.recipient.email],
        headers={"Message-ID": number},
    )
    try:
        message.send()
    except Exception as failure:  # a server that is away, a refused address, a header that cannot be written
        return failure
    return None
