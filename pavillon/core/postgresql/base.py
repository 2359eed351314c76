"""One statement more whenever another person's turn comes on a connection: `set_config` of who asks."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from pavillon.core.wall import Sight, current_sight

_SET = "SELECT " + ", ".join(f"set_config('pavillon.{name}', %s, false)" for name in Sight.__dataclass_fields__)


class DatabaseWrapper(base.DatabaseWrapper):
    """What a connection was told is remembered here, and forgotten whenever the database may have forgotten it: with
    a new connection, one of the pool's, and after anything was rolled back."""

    told: Sight | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._tell_first)

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
        # Also before what no wrapper sees: COPY, and cursors of libraries.
        self._tell()
        return super().create_cursor(name)

    def _tell_first(self, execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self._tell()
        return execute(sql, params, many, context)

    def _tell(self) -> None:
        sight = current_sight()
        if sight == self.told or self.connection.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_SET, [getattr(sight, name) for name in Sight.__dataclass_fields__])
        self.told = sight
