"""A week that loses its talk with the manager is told (ledger AGD-02)."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pavillon.activity.actions import notify
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import midnight, monday_of
from pavillon.agenda.queries.templates import week_of
from pavillon.ui.words import day as day_in_words


def tell_moved_talk(entry: Entry) -> None:
    """Called before a changed entry is saved: whether its week loses a talk, by its day or by its kind."""
    old = Entry.objects.filter(pk=entry.pk, kind=EntryKind.ONE_TO_ONE)
    was = old.first()
    if was is None:
        return
    with timezone.override(entry.owner.time_zone):
        stays = monday_of(was.first_day) == monday_of(entry.first_day)
    if entry.kind != EntryKind.ONE_TO_ONE or not stays:
        tell_lost_talk(old)


def tell_lost_talk(going: QuerySet[Entry]) -> None:
    """Called before talks are deleted or leave their week: whether the week of the first one to come keeps enough.

    Its owner is told, and who should have met him.
    """
    talks = going.filter(kind=EntryKind.ONE_TO_ONE, ends_at__gt=timezone.now()).order_by("starts_at")
    first = talks.select_related("owner").first()
    if first is None:
        return
    owner = first.owner
    with timezone.override(owner.time_zone):
        monday = monday_of(first.first_day)
        stays = Entry.objects.filter(owner=owner, kind=EntryKind.ONE_TO_ONE).exclude(pk__in=going.values("pk"))
        left = stays.between(midnight(monday), midnight(monday + datetime.timedelta(days=7))).count()
    wanted = week_of(owner, first.organisation).one_to_ones
    if left >= wanted:
        return
    people = [each.person for each in first.participants.select_related("person") if each.person is not None]
    for person in (owner, *people):
        with translation.override(person.language):
            words = {"name": owner.full_name, "day": day_in_words(monday)}
            title = _("No one-to-one is left in the week of %(day)s: %(name)s")
            if left:
                words |= {"left": left, "wanted": wanted}
                title = _("One-to-ones left in the week of %(day)s: %(left)s of %(wanted)s (%(name)s)")
            title %= words
        url = "agenda:plan_one_to_one" if person == owner else "agenda:agenda"
        notify([person], "agenda.talk_lost", title=title, url=reverse(url), email=False)
