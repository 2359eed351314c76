"""Connections outside the pool and outside the caller's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

# What of the settings only Django understands.
DJANGO_OPTIONS = frozenset({"pool", "isolation_level", "assume_role", "server_side_binding"})


@contextmanager
def own_connection() -> Iterator[Any]:
    """A cursor in autocommit: a transaction that rolls back never takes with it what was done here."""
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {k: v for k, v in own.settings_dict["OPTIONS"].items() if k != "pool"}
    try:
        with own.cursor() as cursor:
            yield cursor
    finally:
        own.close()


def own_parameters(name: str) -> dict[str, Any]:
    """What psycopg needs for a connection of its own to Django's database (in tests not that of the settings)."""
    base: dict[str, Any] = settings.DATABASES["default"]
    names = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    asked = {option: value for option, value in base["OPTIONS"].items() if option not in DJANGO_OPTIONS}
    place = {new: base[old] for old, new in names.items() if base.get(old)}
    return asked | place | {"dbname": connection.settings_dict["NAME"], "application_name": name}
