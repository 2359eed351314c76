"""What tests over all pages put in the addresses of this room."""

import datetime

from django.utils import timezone

from pavillon.agenda import actions
from pavillon.agenda.models import AgendaKey, Entry, Participant, Series, Subscription
from pavillon.agenda.tests.factories import fresh


def tomorrow(hour):
    start = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return start + datetime.timedelta(days=1)


def make_entry(world):
    """A meeting of Helene."""
    return actions.create_entry(
        by=fresh(world["helene"]), title="Point salon", kind="meeting", starts_at=tomorrow(10), ends_at=tomorrow(11)
    )


def make_series(world):
    first = actions.create_entry(
        by=fresh(world["helene"]), title="Revue", starts_at=tomorrow(14), ends_at=tomorrow(15), repeat="monthly"
    )
    return first.series


def make_participant(world):
    """Karim of the bank is invited by Helene."""
    karim = world["karim"]
    return actions.invite_participant(entry=world.example(Entry), email=karim.email, by=world["helene"])


def make_key(world):
    return actions.create_key(kind="feed", name="Outlook", by=world["helene"])[0]


def make_subscription(world):
    return actions.subscribe_calendar(name="Perso", url="https://calendar.example/a.ics", by=world["helene"])


EXAMPLES = {
    AgendaKey: make_key,
    Entry: make_entry,
    Participant: make_participant,
    Series: make_series,
    Subscription: make_subscription,
}
SECRET = {"secret": lambda world: world.example(Participant).secret}
ARGUMENTS = {
    "agenda:answer_by_link": SECRET,
    "agenda:feed": {"secret": "nobody-knows"},
    "agenda:dav": {"path": "calendars/agenda/"},
}
