"""Everything that the declarations of personal data know about one person, from every room, in one go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import DateField, Model, Q, QuerySet
from django.utils.functional import Promise

from pavillon.accounts.models import User
from pavillon.activity.models import Entry
from pavillon.core.fields import BlindIndexField, blind_index
from pavillon.core.personal_data import Holding, holdings
from pavillon.core.wall import house
from pavillon.privacy.models import Consent, Letter, RightsRequest
from pavillon.privacy.queries.people import Card, card_of, finders, person_of
from pavillon.ui.verbs import sentence_for

# More rows of one table than a person ever has: beyond, the file says that it stops.
MOST = 5_000
# The room's own proof of what it did: kept when everything else is erased, under the officer's own rule of retention.
KEPT_AS_PROOF = {"privacy.rightsrequest", "privacy.letter", "security.reading"}


@dataclass
class Person:
    """One human being as the rooms know her: numbers by table ("user", "contact"), addresses, keys of answers."""

    numbers: dict[str, set[int]] = field(default_factory=dict)
    emails: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    @property
    def users(self) -> set[int]:
        return self.numbers.get("user", set())

    @property
    def contacts(self) -> set[int]:
        return self.numbers.get("contact", set())

    def add(self, key: str) -> None:
        prefix, _colon, number = key.partition(":")
        self.keys.add(key)
        if number.isdecimal():
            self.numbers.setdefault(prefix, set()).add(int(number))


def person_with(keys: Iterable[str], email: str = "") -> Person:
    """The person whom these keys name, with the records merged into hers; `email` when no record is hers at all."""
    person = Person(emails={email.lower()} if email else set())
    for key in keys:
        person.add(key)
        row = person_of(key)
        if row is None:
            continue
        card = card_of(row)
        for each in card.keys:
            person.add(each)
        if card.email:
            person.emails.add(card.email.lower())
    return person


def identities_of(email: str, user: User | None = None) -> list[Card]:
    """The records that may be this person's: same address, or her account. The officer says which ones are."""
    users = {user.pk} if user else set()
    found: list[Card] = []
    for finder in finders():
        for row in finder(email, users):
            card = card_of(row)
            users |= {card.user_id} if card.user_id else set()
            found.append(card)
    return found


def keys_of_all_records(card: Card) -> list[str]:
    """Every key under which this person may have answered: this record's first, then those of her other records.

    Another record is hers by the account, or by the address when one record of each table is reached there at most:
    of several people behind one mailbox, none speaks for the others.
    """
    found = identities_of(card.email, User.objects.filter(pk=card.user_id).first() if card.user_id else None)
    tables = [each.key.partition(":")[0] for each in found]
    accounts = {each.user_id for each in (card, *found) if each.user_id}
    if len(set(tables)) < len(tables) or len(accounts) > 1:
        found = [each for each in found if each.user_id and each.user_id == card.user_id]
    return list(dict.fromkeys(key for each in (card, *found) for key in each.keys))


@dataclass
class Found:
    """What one table holds about the person: why, for how long, and each row as (label, value) pairs."""

    model: type[Model]
    holding: Holding
    rows: list[list[tuple[str, Any]]]
    is_cut: bool = False

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)


def rows_about(person: Person) -> list[tuple[type[Model], Holding, QuerySet[Any]]]:
    """(table, declaration, rows) of every table that can be asked about a person, in the order of the rooms."""
    return [
        (model, holding, holding.of(person))
        for model, holding in sorted(holdings().items(), key=lambda item: item[0]._meta.label_lower)
        if holding.of is not None
    ]


@house()
def gather(person: Person) -> list[Found]:
    """The person's data, table by table, empty tables left out."""
    found = []
    for model, holding, rows in rows_about(person):
        some = list(rows.order_by("pk")[: MOST + 1])
        if some:
            shown = [_told(row, holding) for row in some[:MOST]]
            found.append(Found(model, holding, shown, is_cut=len(some) > MOST))
    return found


def _told(row: Model, holding: Holding) -> list[tuple[str, Any]]:
    """What is declared, then the dates of the row."""
    columns = {column.name: column for column in row._meta.concrete_fields}
    dated = [name for name, column in columns.items() if isinstance(column, DateField)]
    pairs = []
    for name in [*holding.fields, *(name for name in dated if name not in holding.fields)]:
        column = columns.get(name)
        if column is None or isinstance(column, BlindIndexField):
            continue
        display = getattr(row, f"get_{name}_display", None)
        value = display() if display else getattr(row, name)
        if value not in (None, "", [], {}):
            value = str(value) if isinstance(value, Model | Promise) else value
            pairs.append((str(column.verbose_name), value))
    return pairs


def trail_about(person: Person) -> Sequence[tuple[Any, str]]:
    """(when, what) of the trail of the person's own records: what the platform did with them."""
    lines: dict[int, tuple[Any, str]] = {}
    for key in sorted(person.keys):
        row = person_of(key)
        if row is not None:
            for entry in Entry.objects.about(row).order_by("-happened_at")[:500]:
                lines[entry.pk] = (entry.happened_at, sentence_for(entry.verb) or entry.verb)
    return sorted(lines.values(), key=lambda line: line[0], reverse=True)


def counts_about(person: Person) -> list[tuple[str, int, bool]]:
    """(table in words, rows, whether they are erased): what an erasure would do."""
    lines = []
    for model, _holding, rows in rows_about(person):
        if n := rows.count():
            lines.append((str(model._meta.verbose_name), n, model._meta.label_lower not in KEPT_AS_PROOF))
    return lines


def consents_about(person: Person) -> QuerySet[Consent]:
    """A person's answers; not those kept under the digest of an address, which outlive her record on purpose."""
    keys = [key for key in person.keys if not key.startswith("address:")]
    return Consent.objects.filter(Q(person_key__in=keys) | Q(user__in=person.users))


def letters_to(person: Person) -> QuerySet[Letter]:
    return Letter.objects.filter(to_index__in=[blind_index(Letter, "to_index", email) for email in person.emails])


def requests_by(person: Person) -> QuerySet[RightsRequest]:
    digests = [blind_index(RightsRequest, "email_index", email) for email in person.emails]
    return RightsRequest.objects.filter(Q(email_index__in=digests) | Q(user__in=person.users))
