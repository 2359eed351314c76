"""Who comes in with a session: its data, its person, what he is today and whether he has a second factor, in one
statement that each request asks (decision 0050).

The number of the person stands inside the signed session. Here it comes from allauth's list of open sessions, and is
believed only once the session names the same one (`SessionStore.give_person`); where that list does not know the
session, the person and his roles are asked one by one, as anywhere else.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.models.people import roles_on
from pavillon.core.postgresql.kept import Kept

# Blanks of the question as the ORM writes it, and what stands there instead.
_NUMBER, _DAY = 7_770_001, date(1901, 1, 7)
_cells = "NULL"


@dataclass
class Entered:
    """What was found: `data` as the session holds it, None when it is not open (any more)."""

    data: str | None = None
    person: Any = None
    roles: list[Any] = field(default_factory=list)


def bring_cells(sql: str) -> None:
    """Have the cells of the matrix that bind a role read beside it, as `binding_cells`.

    `sql` is an expression of JSON, with {role}, {organisation} and {region} for the role's own.
    """
    global _cells
    _cells = sql


def enter(session_key: str) -> Entered:
    """Who has this session now."""
    if "\0" in session_key:
        # A cookie may hold it, a text of the database never does.
        return Entered()
    question = _question()
    with connection.cursor() as cursor:
        asked = {"key": session_key, "now": timezone.now(), "day": timezone.localdate(), **question.constants}
        cursor.execute(question.sql, asked)
        rows = cursor.fetchall()
    if not rows:
        return Entered()
    data, has_factor, number = rows[0][:3]
    if number is None:
        return Entered(data)
    person: Any = question.person.read(rows[0])
    # Without a role today there is one row all the same, with nothing in it.
    roles = [question.role(row, person) for row in rows if row[question.person.last] is not None]
    person.has_factor, person.roles_today = has_factor, roles
    return Entered(data, person, roles)


def strong_factors(user: Any) -> Any:
    """Phones and keys of a person; recovery codes alone do not count."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


class _Columns:
    """The columns of one model within a row."""

    def __init__(self, model: type[Model], first: int) -> None:
        self.model, self.first = model, first
        columns = model._meta.concrete_fields
        self.names = [column.attname for column in columns]
        self.last = first + len(columns)
        for said in (column.get_col(model._meta.db_table) for column in columns):
            if connection.ops.get_db_converters(said) or said.get_db_converters(connection):
                raise LookupError(f"{said.target} is not in a row as Django reads it")

    def read(self, row: tuple[Any, ...]) -> Any:
        return self.model.from_db("default", self.names, row[self.first : self.last])


class _Question:
    """The statement and how its rows are read."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        person, role, place = (model._meta for model in (User, Membership, Organisation))
        self.person = _Columns(User, 3)
        self._role = _Columns(Membership, self.person.last)
        self._place = _Columns(Organisation, self._role.last)
        roles, selected = self._written(roles_on(_NUMBER, _DAY))
        if selected != [*role.concrete_fields, *place.concrete_fields]:
            raise LookupError("The roles of a person do not bring their columns and those of their organisations")
        factors, _selected = self._written(strong_factors(_NUMBER).values("pk"))
        names = [f"c{nth}" for nth in range(len(selected))]
        of_role = {column.name: f"roles.{name}" for column, name in zip(role.concrete_fields, names, strict=False)}
        of_place = dict(zip(self._place.names, names[len(of_role) :], strict=True))
        told = [
            "session.session_data",
            f"EXISTS ({factors})",
            "person.id",
            *(f'person."{column.column}"' for column in person.concrete_fields),
            *(f"roles.{name}" for name in names),
            _cells.format(
                role=of_role["role"], organisation=of_role["organisation"], region=f"roles.{of_place['region_id']}"
            ),
        ]
        self.sql = Kept(f"""
            SELECT {", ".join(told)} FROM {Session._meta.db_table} session
            LEFT JOIN {UserSession._meta.db_table} known ON known.session_key = session.session_key
            LEFT JOIN {person.db_table} person ON person.id = known.user_id
            LEFT JOIN LATERAL ({roles}) roles ({", ".join(names)}) ON true
            WHERE session.session_key = %(key)s AND session.expire_date > %(now)s
        """)  # noqa: S608  put by the ORM, or names of our tables

    def _written(self, asked: Any) -> tuple[str, list[Any]]:
        """A question of the ORM as part of the statement: its person is the session's, its day today."""
        compiler = asked.query.get_compiler("default")
        sql, params = compiler.as_sql()
        blanks = []
        for value in params:
            name = f"constant{len(self.constants)}"
            if value == _NUMBER:
                blanks.append("person.id")
            elif value == _DAY:
                blanks.append("%(day)s")
            else:
                self.constants[name] = value
                blanks.append(f"%({name})s")
        return sql % tuple(blanks), [said.target for said, _sql, _alias in compiler.select]

    def role(self, row: tuple[Any, ...], person: Any) -> Any:
        """With the cells of the matrix that bind in it."""
        role, place = self._role.read(row), self._place.read(row)
        role._state.fields_cache.update(organisation=place, user=person)
        role.binding_cells = json.loads(row[-1]) if row[-1] else ()
        return role


@cache
def _question() -> _Question:
    return _Question()
