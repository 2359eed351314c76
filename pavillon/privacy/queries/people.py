"""Who somebody is for this room: the keys under which his answers are kept, whatever table he stands in.

"user:12" is an account, "browser:…" a visitor who chose about cookies; rooms above introduce their own ("contact:5").
"address:…" is the keyed digest of an e-mail address: an objection is respected wherever that address turns up again,
even after the person was erased.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index


@dataclass(frozen=True)
class Card:
    """A person as her room introduces her. Answers are kept under the first key, and found under all of them."""

    keys: tuple[str, ...]
    name: str = ""
    email: str = ""
    language: str = "fr"
    user_id: int | None = None

    @property
    def key(self) -> str:
        return self.keys[0]


Introducer = Callable[[Sequence[Any]], list[Card]]
# finder(e-mail, numbers of accounts) -> rows that may be the same person's
Finder = Callable[[str, set[int]], Any]
_introducers: dict[type[Model], Introducer] = {}
_finders: list[Finder] = []
_models: dict[str, type[Model]] = {}
_addresses: list[tuple[type[Model], str]] = []


def introduce(model: type[Model], prefix: str, introducer: Introducer, finder: Finder) -> None:
    """A room says who its people are: `introducer(rows)` returns the card of each, in a fixed number of statements."""
    _introducers[model] = introducer
    _models[prefix] = model
    _finders.append(finder)


def finders() -> list[Finder]:
    """How each room finds a person by an address and accounts, accounts first."""
    return list(_finders)


def keep_addresses_in(model: type[Model], column: str) -> None:
    """Say which column of digests holds the addresses of people: keys of addresses are made alike.

    A statement then finds whoever is reached at an address that somebody objected under, without opening any.
    """
    _addresses[:] = [(model, column)]


def address_key(email: str) -> str:
    """The key of an e-mail address, "" without one. The address cannot be read from it."""
    if not email:
        return ""
    ((model, column),) = _addresses
    return f"address:{blind_index(model, column, email)}"


def cards_of(people: Sequence[Any]) -> list[Card]:
    """The cards of people of one table, or of bare addresses. Raises LookupError for a table that nobody introduced."""
    if not people:
        return []
    if isinstance(people[0], str):
        return [Card(keys=(address_key(address),), email=address) for address in people]
    model = people[0].__class__  # of a lazy object too
    if model not in _introducers:
        raise LookupError(f"Nobody introduced the people of {model._meta.label}: see privacy.queries.introduce")
    return _introducers[model](people)


def card_of(person: Any) -> Card:
    """The card of a row, or of a bare e-mail address."""
    return cards_of([person])[0]


def person_of(key: str) -> Any:
    """The row that a key names, None when it is gone or names no row."""
    prefix, _colon, number = key.partition(":")
    model = _models.get(prefix)
    if model is None or not number.isdecimal():
        return None
    return model._default_manager.filter(pk=int(number)).first()


def _introduce_users(users: Sequence[User]) -> list[Card]:
    return [
        Card(
            keys=tuple(filter(None, (f"user:{user.pk}", address_key(user.email)))),
            name=user.full_name,
            email=user.email,
            language=user.language,
            user_id=user.pk,
        )
        for user in users
    ]


def _find_users(email: str, users: set[int]) -> Any:
    return User.objects.filter(Q(pk__in=users) | Q(email__iexact=email)).exclude(email="")


introduce(User, "user", _introduce_users, _find_users)
