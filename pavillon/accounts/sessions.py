"""Django's sessions in the database. What a request asks for with its session comes with it (`accounts.entering`)."""

from typing import Any

from django.contrib.sessions.backends import db

from pavillon.accounts import entering


class SessionStore(db.SessionStore):
    _entered: entering.Entered | None = None

    def load(self) -> dict[str, Any]:
        self._entered = entering.enter(self.session_key or "")
        if self._entered.data is None:
            self._session_key = None
            return {}
        return self.decode(self._entered.data)

    def give_person(self, number: int) -> Any:
        """The person who came with the session, when its signed data name him; once, since he may change."""
        entered, self._entered = self._entered, None
        return entered.person if entered is not None and getattr(entered.person, "pk", None) == number else None
