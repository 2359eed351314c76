from typing import Any

from django.dispatch import receiver

from pavillon.agenda.actions.meetings import tell_change, tell_end
from pavillon.agenda.events import entry_changed, entry_deleted
from pavillon.agenda.models import Entry, Participant
from pavillon.directory.models.references import moves_with

moves_with(Entry, "company")
moves_with(Participant, "contact")

# What those who take part must know of.
TOLD = frozenset({"title", "starts_at", "ends_at", "place", "video_url"})


@receiver(entry_changed)
def participants_learn_of_a_change(entry: Entry, changes: dict[str, Any], by: Any, **event: Any) -> None:
    if TOLD & set(changes):
        tell_change(entry, by)


@receiver(entry_deleted)
def participants_learn_of_the_end(entry: Entry, **event: Any) -> None:
    tell_end(entry)
