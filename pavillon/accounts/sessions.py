"""Django's sessions in the database, whose row each request asks for: put into SQL once a process."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from pavillon.ui.steady import Form

_open_session = Form(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    ("one", datetime(1901, 1, 7, tzinfo=UTC)),
    ("two", datetime(1902, 2, 8, tzinfo=UTC)),
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = _open_session(self.session_key, timezone.now())
        if found:
            return found[0]
        self._session_key = None
        return None
