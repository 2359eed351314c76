"""What a person stands for (`ui.steady`): his account, his roles of today, their organisations, the cells that bind
him; split into what he is and who he is."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import CharField as Text
from django.db.models import DateField, DateTimeField, ForeignKey, IntegerField, Model
from django.db.models.base import ModelState

from pavillon.accounts.models import User
from pavillon.core.policy import Policy, policy_of
from pavillon.ui.steady import MOST, Standing, provide

_PLAIN = (str, int, type(None))
# Invented values, of two people: far from those of any row.
_NUMBERS, _DAYS = (7_770_000_000, 8_880_000_000), (date(1801, 1, 1), date(1851, 1, 1))
_trials: dict[tuple[Any, ...], tuple[list[Any], list[Any]]] = {}


def standing_of(user: Any) -> Standing | None:
    """The standing of an account; kept beside it while a request lasts, since nothing of it is read again either."""
    if not isinstance(user, User):
        return None
    person = getattr(user, "_wrapped", user)
    policy = policy_of(person)
    known = person.__dict__.get("_standing")
    if known is None or known[0] is not person.acting or known[1] is not policy:
        known = person.__dict__["_standing"] = (person.acting, policy, _read(person, policy))
    return known[2]


def _read(person: User, policy: Policy) -> Standing:
    roles = list(person.roles_today)
    # The same role may have been read twice, and be another one by now.
    acting = next((nth for nth, role in enumerate(roles) if role is person.acting), -1)
    if person.acting is not None and acting < 0:
        acting = len(roles)
        roles.append(person.acting)
    rows: list[Any] = [person, *roles, *(role.organisation for role in roles)]
    key: list[Any] = [len(person.roles_today), acting]
    places: dict[tuple[Any, Any], int] = {}
    columns: list[tuple[Model, str, int]] = []
    makers: list[Callable[[int, int], Any]] = []
    for row in rows:
        held = row.__dict__
        for name, target, make in _columns_of(row.__class__):
            value = held.get(name)
            # Whether a text is empty says what somebody is: a question may ask for it.
            if make is None or value is None or value == "" or value is True or value is False:
                key.append(value if isinstance(value, _PLAIN) else repr(value))
                continue
            place = places.setdefault((target, value), len(places))
            if place == len(makers):
                makers.append(make)
            key.append(-1 - place)
            columns.append((row, name, place))
    key += [tuple(sorted(policy.cells.items())), tuple(sorted(policy.of_owner.items()))]
    values = [value for _target, value in places]
    of_all = tuple(key)
    # The key says which columns are blanks, and of which kind.
    trials = _trials.get(of_all)
    if trials is None:
        if len(_trials) >= MOST:
            _trials.clear()
        one, two = ([make(trial, place) for place, make in enumerate(makers)] for trial in (0, 1))
        trials = _trials[of_all] = (one, two)
    return Standing(of_all, values, trials, lambda trial: _invented(person, roles, policy, columns, trials[trial]))


@cache
def _columns_of(model: type[Model]) -> list[tuple[str, Any, Callable[[int, int], Any] | None]]:
    """(its name, whose value it is, how one is invented) of each column."""
    return [(column.attname, *_free(column)) for column in model._meta.concrete_fields]


def _free(column: Any) -> tuple[Any, Callable[[int, int], Any] | None]:
    """Whose value it is, and how one is invented; None for what says what somebody is: yes or no, one of a choice."""
    target: Any = (column.model, column.attname)
    while isinstance(column, ForeignKey):
        column = column.target_field
        target = (column.model, column.attname)
    if column.choices:
        return target, None
    if isinstance(column, IntegerField):
        return target, lambda trial, place: _NUMBERS[trial] + place
    if isinstance(column, DateTimeField):
        return target, lambda trial, place: datetime.combine(_DAYS[trial], datetime.min.time(), UTC) + timedelta(place)
    if isinstance(column, DateField):
        return target, lambda trial, place: _DAYS[trial] + timedelta(place)
    if isinstance(column, Text):
        return target, lambda trial, place: f"invented {trial} {place}"
    return target, None


def _invented(
    person: User, roles: list[Any], policy: Policy, columns: list[tuple[Model, str, int]], values: list[Any]
) -> User:
    """Somebody with these values in his columns, and nothing that was read beside them."""
    copies = {id(row): _bare(row) for row in [person, *roles, *(role.organisation for role in roles)]}
    for row, name, place in columns:
        copies[id(row)].__dict__[name] = values[place]
    invented: Any = copies[id(person)]
    for role in roles:
        alone = copies[id(role)]
        alone._state.fields_cache["organisation"] = copies[id(role.organisation)]
        alone._state.fields_cache["user"] = invented
    invented.roles_today = [copies[id(role)] for role in roles[: len(person.roles_today)]]
    invented.acting = copies[id(person.acting)] if person.acting is not None else None
    invented._policy = Policy(policy.cells, policy.of_owner, invented)
    return invented


def _bare(row: Any) -> Any:
    alone = copy(row)
    held = {column.attname for column in row._meta.concrete_fields}
    alone.__dict__ = {name: value for name, value in row.__dict__.items() if name in held}
    alone._state = ModelState()
    alone._state.db, alone._state.adding = row._state.db, False
    return alone


provide(standing_of)
