"""Access tests that an installation runs on itself: asked of the running platform, not of its documents."""

from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test.client import Client
from django.urls import URLPattern, URLResolver, get_resolver

from pavillon.core.encryption import FILE_MARK
from pavillon.core.fields import PREFIX, EncryptedTextField
from pavillon.security.queries import chained_logs

NEWEST_FILES = 200


def _result(code: str, wrong: list[str], asked: int) -> dict[str, Any]:
    """`value` is how many were asked; the first of those that failed are named."""
    return {"code": code, "is_good": not wrong and asked > 0, "value": str(asked), "failed": wrong[:10]}


def access_results() -> list[dict[str, Any]]:
    """Each test with its outcome. Changes nothing: what must be refused is tried in a transaction that is undone."""
    # A context of its own: the pages that are asked say who asks, from where and in which language.
    strangers = copy_context().run(_strangers)
    return [
        strangers, _database_role(), _logs_refuse(), _secret_files(), _sealed_columns(), _sealed_files(),
    ]  # fmt: skip


def _pages(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Our pages whose address has nothing to fill in: (address, view)."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _pages(entry, address)
        elif isinstance(entry, URLPattern) and not {"<", "("} & set(address) and _is_ours(entry.callback):
            yield "/" + address.lstrip("^"), entry.callback


def _is_ours(view: Any) -> bool:
    return str(view.__module__).startswith("pavillon.")


def _strangers() -> dict[str, Any]:
    """Who is not signed in gets none of the pages that are not public."""
    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith(("*", "."))), "localhost")
    client = Client(raise_request_exception=False, headers={"host": host})
    wrong, asked = [], 0
    for address, view in _pages():
        if getattr(view, "permission", "public") == "public":
            continue
        asked += 1
        answer = client.get(address, secure=True)
        if answer.status_code == 200 or answer.status_code >= 500:
            wrong.append(f"{address} {answer.status_code}")
    return _result("strangers", wrong, asked)


def _database_role() -> dict[str, Any]:
    """The application's role has no power that would pass by the rules of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = current_user"
        )
        found = dict(zip(("superuser", "bypassrls", "createrole", "replication"), cursor.fetchone(), strict=True))
    return _result("database_role", [name for name, has in found.items() if has], len(found))


def _logs_refuse() -> dict[str, Any]:
    """The database refuses to change or delete a line of a log, whoever asks."""
    wrong, asked = [], 0
    for log in chained_logs():
        last = log._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        if last is None:
            continue
        table = log._meta.db_table
        for what in (f"UPDATE {table} SET mac = '' WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):  # noqa: S608
            asked += 1
            if _goes_through(what, last):
                wrong.append(f"{table} {what.split()[0]}")
    return _result("logs_refuse", wrong, asked)


def _goes_through(statement: str, value: int) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [value])
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def _secret_files() -> dict[str, Any]:
    """Nobody else on the machine may read keys and passwords."""
    data = Path(settings.DATA)
    paths = [settings.MASTER_KEY_FILE, settings.LOCAL_KEY_FILE, data / "database.json", data / "secret-key"]
    there = [Path(path) for path in paths if Path(path).exists()]
    return _result("secret_files", [path.name for path in there if path.stat().st_mode & 0o077], len(there))


def _sealed_columns() -> dict[str, Any]:
    """No value of an encrypted column lies open in the database."""
    wrong, asked = [], 0
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for column in model._meta.local_concrete_fields:
                if not isinstance(column, EncryptedTextField) or model._meta.proxy:
                    continue
                asked += 1
                table, name = (
                    connection.ops.quote_name(model._meta.db_table),
                    connection.ops.quote_name(str(column.column)),
                )
                cursor.execute(
                    f"SELECT EXISTS (SELECT FROM {table} WHERE {name} <> '' AND NOT starts_with({name}, %s))",  # noqa: S608
                    [PREFIX],
                )
                if cursor.fetchone()[0]:
                    wrong.append(f"{model._meta.label_lower}.{column.name}")
    return _result("sealed_columns", wrong, asked)


def _sealed_files() -> dict[str, Any]:
    """The newest files that people sent lie sealed."""
    media = Path(settings.MEDIA_ROOT)
    files = sorted((path for path in media.rglob("*") if path.is_file()), key=lambda path: -path.stat().st_mtime)
    wrong = []
    for path in files[:NEWEST_FILES]:
        with path.open("rb") as file:
            if file.read(len(FILE_MARK)) != FILE_MARK:
                wrong.append(path.name)
    result = _result("sealed_files", wrong, len(files[:NEWEST_FILES]))
    # A platform that nobody sent a file to yet has none that lies open.
    return result | {"is_good": not wrong}


def count_rows() -> int:
    """All rows of all tables of the platform, counted. For a restored database, which nobody else uses."""
    total = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            total += cursor.fetchone()[0]
    return total


def opens_sealed_values() -> tuple[bool, int]:
    """Whether the keys at hand open what the database keeps: one value of each encrypted column that has any."""
    opened = 0
    for model in apps.get_models():
        for column in model._meta.local_concrete_fields:
            if not isinstance(column, EncryptedTextField) or model._meta.proxy:
                continue
            rows = model._default_manager.exclude(**{column.name: ""}).exclude(**{column.name: None})
            try:
                value = rows.values_list(column.name, flat=True).order_by("pk").first()
            except (ImproperlyConfigured, ValueError):
                return False, opened
            opened += value is not None
    return True, opened
