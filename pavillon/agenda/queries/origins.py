"""What entries that another room put here are about: told by that room, under the reader's rights, never copied."""

from collections.abc import Callable, Iterable

from pavillon.accounts.models import User
from pavillon.agenda.models import Entry

# `tell(keys, user) -> {key: words}` in a fixed number of statements, by the beginning of the origin ("crm.lead").
Teller = Callable[[list[int], User], dict[int, str]]
_tellers: dict[str, Teller] = {}


def add_teller(beginning: str, tell: Teller) -> None:
    """Say what the entries of an origin ("crm.lead:12") are about."""
    _tellers[beginning] = tell


def words_of(entries: Iterable[Entry], reader: User) -> dict[int, str]:
    """{entry: what the room that put it here says about it}: a statement or two for each kind of origin present."""
    wanted: dict[str, dict[int, int]] = {}
    for entry in entries:
        beginning, _sep, key = entry.origin.partition(":")
        if beginning in _tellers and key.isdecimal():
            wanted.setdefault(beginning, {})[int(key)] = entry.pk
    found: dict[int, str] = {}
    for beginning, keys in wanted.items():
        found |= {keys[key]: words for key, words in _tellers[beginning](list(keys), reader).items() if key in keys}
    return found


def name_by_words(entries: Iterable[Entry], reader: User) -> None:
    """What another room put here is called after what it is about, its reference behind: "Call back (D-000047)".

    For the eye only: such an entry is not to be saved.
    """
    found = list(entries)
    words = words_of(found, reader)
    for entry in found:
        if entry.pk in words:
            entry.title = f"{words[entry.pk]} ({entry.title})"
