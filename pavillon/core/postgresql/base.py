"""For whom a connection asks goes before his first statement, in one message with it (`set_config`)."""

from collections.abc import Mapping
from datetime import UTC
from functools import cache, lru_cache
from select import POLLIN, poll
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base as django_base
from django.db.backends.postgresql.psycopg_any import register_tzloader
from psycopg import Error
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import TimestamptzLoader
from psycopg_pool import ConnectionPool

from pavillon.core.postgresql.kept import Kept, Shelf, is_stale, placed
from pavillon.core.wall import Sight, current_sight

# What the types of Django do not tell: its cursor is psycopg's.
_base: Any = django_base
_NAMES = tuple(Sight.__dataclass_fields__)
_SET = b"SELECT " + b", ".join(f"set_config('pavillon.{name}', %b, false)".encode() for name in _NAMES)
# What may stand behind it in one message, which PostgreSQL runs as one transaction: VACUUM and its like may not.
_JOINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(SELECT", "((SELECT")
# A connection that answered so short a time ago, and was not closed since, is not asked whether it is there.
TRIED_SECONDS = 5


def try_connection(connection: Any) -> None:
    """Raise when a connection of the pool is gone. PostgreSQL says good-bye when it ends, which makes the socket
    readable; where a network fell silent instead, the next try finds out."""
    tried, now = getattr(connection, "tried_at", 0.0), monotonic()
    if now - tried < TRIED_SECONDS:
        waiting = poll()
        waiting.register(connection.pgconn.socket, POLLIN)
        if not waiting.poll(0):
            return
    ConnectionPool.check_connection(connection)
    connection.tried_at = now


@cache
def _adapters_of(template: AdaptersMap) -> Any:
    """Django's, but that moments are read by psycopg's own loader, which is written in C: where a connection is in UTC,
    as ours are, it gives what Django's makes of them in Python."""
    adapters = AdaptersMap(template)
    adapters.register_loader("timestamptz", TimestamptzLoader)
    return adapters


@lru_cache(4_000)
def words_of(sight: Sight) -> bytes:
    """What tells PostgreSQL for whom it is asked."""
    said = Transformer()
    return _SET % tuple(bytes(said.as_literal(getattr(sight, name))) for name in _NAMES)


class Cursor(_base.Cursor):  # type: ignore[misc]
    """A cursor that tells for whom it asks, when the connection does not know yet."""

    teller: "DatabaseWrapper | None" = None
    _before = b""

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        teller = self.teller
        if isinstance(query, Kept) and teller is not None:
            return self._execute_kept(query, params, teller)
        sight = teller.untold() if teller else None
        if teller is None or sight is None:
            return super().execute(query, params, **named)
        if type(query) is bytes:
            is_joined = query.startswith(b"EXECUTE ")
        else:
            is_joined = isinstance(query, str) and query.lstrip().startswith(_JOINED)
        if not is_joined or self._pgconn.pipeline_status:
            teller.tell(sight)
            return super().execute(query, params, **named)
        self._before = words_of(sight) + b";"
        try:
            answer = super().execute(query, params, **named)
        except BaseException:
            # Undone with the statement, or not: nobody knows.
            teller.told = None
            raise
        finally:
            self._before = b""
        teller.told = sight
        return answer

    def _execute_kept(self, question: Kept, params: Any, teller: "DatabaseWrapper") -> Any:
        shelf = teller.shelf()
        if isinstance(params, Mapping):
            question, names = placed(question)
            params = [params[name] for name in names]
        words = shelf.words_for(question, params, lambda: teller.tell(teller.untold()))
        if words is None:
            return self.execute(str(question), params)
        try:
            return self.execute(words)
        except Error as error:
            if not is_stale(error):
                raise
            shelf.forget()
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            return self.execute(str(question), params)

    def executemany(self, query: Any, params_seq: Any, **named: Any) -> None:
        self._tell_alone()
        super().executemany(query, params_seq, **named)

    def copy(self, *told: Any, **named: Any) -> Any:
        self._tell_alone()
        return super().copy(*told, **named)

    def stream(self, *told: Any, **named: Any) -> Any:
        self._tell_alone()
        return super().stream(*told, **named)

    def _tell_alone(self) -> None:
        if self.teller is not None:
            self.teller.tell(self.teller.untold())

    def _execute_send(self, query: Any, **named: Any) -> None:
        if not self._before:
            super()._execute_send(query, **named)
            return
        self._query = query
        self._pgconn.send_query(self._before + query.query)

    def _set_results(self, results: list[Any]) -> None:
        super()._set_results(results[1:] if self._before else results)


class DatabaseWrapper(_base.DatabaseWrapper):
    """What a connection was told is remembered here, and forgotten whenever the database may have forgotten it: with
    a new connection, one of the pool's, and after anything was rolled back."""

    told: Sight | None = None

    @property
    def pool(self) -> Any:
        pool = super().pool
        if pool is not None and pool._check is not None:
            pool._check = try_connection
        return pool

    def get_connection_params(self) -> dict[str, Any]:
        params = {**super().get_connection_params(), "cursor_factory": Cursor}
        if self.timezone is UTC:
            params["context"] = _adapters_of(params["context"])
        # What is prepared is planned once for all values (`kept`).
        params["options"] = f"-c plan_cache_mode=force_generic_plan {params.get('options', '')}".strip()
        return params

    def shelf(self) -> Shelf:
        """What the connection of now has prepared."""
        held: Any = self.connection
        if getattr(held, "shelf", None) is None:
            held.shelf = Shelf(held)
        found: Shelf = held.shelf
        return found

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.told = None
        return super().get_new_connection(conn_params)

    def _rollback(self) -> None:
        self.told = None
        super()._rollback()  # type: ignore[misc]

    def _commit(self) -> None:
        # After an error that somebody caught, PostgreSQL answers COMMIT with ROLLBACK and nobody is told.
        if self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INERROR:
            self.told = None
        super()._commit()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.told = None

    def create_cursor(self, name: str | None = None) -> Any:
        if name:
            # A cursor of the server declares itself in its own words.
            self.tell(self.untold())
            cursor = _base.ServerSideCursor(
                self.connection, name=name, scrollable=False, withhold=self.connection.autocommit
            )
        else:
            cursor = self.connection.cursor()
            cursor.teller = self
        if self.timezone is not UTC:
            register_tzloader(self.timezone, cursor)
        return cursor

    def untold(self) -> Sight | None:
        """Who asks, where the connection does not know it."""
        sight = current_sight()
        if sight == self.told or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return None
        return sight

    def tell(self, sight: Sight | None) -> None:
        """In a message of its own: before COPY, many rows, and statements that want no transaction."""
        if sight is None:
            return
        with self.wrap_database_errors, _base.Cursor(self.connection) as cursor:
            cursor.execute(words_of(sight))
        self.told = sight
