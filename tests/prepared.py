"""What comes again is prepared by the database in tests too (`core.postgresql.kept`), in their transactions.

The product prepares outside transactions only. A test stands in one from its beginning to its end, so that PostgreSQL
planned anew what each page asks: a fifth of its work, and not what it does in service. Here a question is prepared
behind a savepoint. Where a test reads what was asked, it stands there in full.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from psycopg.pq import TransactionStatus

from pavillon.core.postgresql.kept import Kept, Shelf


@pytest.fixture(autouse=True, scope="session")
def prepared_in_tests() -> Iterator[None]:
    is_alone, words_for, prepare = Shelf._is_alone, Shelf.words_for, Shelf._prepared

    def is_ready(self: Shelf) -> bool:
        if is_alone(self):
            return True
        return self.connection is connection.connection and status_of(self) == TransactionStatus.INTRANS

    def told(self: Shelf, question: Kept, params: Sequence[Any], tell: Callable[[], None]) -> str | None:
        if self.connection is connection.connection and connection.force_debug_cursor:
            return None
        return words_for(self, question, params, tell)

    def behind_a_savepoint(self: Shelf, question: Kept, params: Sequence[Any]) -> str | None:
        if is_alone(self):
            return prepare(self, question, params)
        self._run("SAVEPOINT prepared")
        words = prepare(self, question, params)
        if status_of(self) == TransactionStatus.INERROR:
            self._run("ROLLBACK TO SAVEPOINT prepared")
        self._run("RELEASE SAVEPOINT prepared")
        return words

    def status_of(shelf: Shelf) -> TransactionStatus:
        return TransactionStatus(shelf.connection.info.transaction_status)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Shelf, "_is_alone", is_ready)
        patch.setattr(Shelf, "words_for", told)
        patch.setattr(Shelf, "_prepared", behind_a_savepoint)
        yield
