import datetime
import zoneinfo

import pytest
from django.utils import timezone

from pavillon.agenda.tests import factories


@pytest.fixture
def cast(db):
    return factories.stage()


@pytest.fixture
def sign_in(client):
    """The client as one person: `sign_in(cast.nour).get(…)`."""

    def enter(user):
        client.force_login(factories.fresh(user))
        return client

    return enter


@pytest.fixture
def now_is(monkeypatch):
    """The clock of the test: `now_is(day=1, hour=9)` in March 2027, Paris."""

    def set_to(day=1, hour=9, minute=0, second=0):
        moment = datetime.datetime(2027, 3, day, hour, minute, second, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    set_to()
    return set_to
