"""Nour of the chamber keeps Claire's company; Marie manages the chamber, Henri the agency; Theo is elsewhere."""

import pytest

from pavillon.crm.tests.factories import fresh
from pavillon.services.tests import factories


@pytest.fixture
def cast(db):
    return factories.stage()


@pytest.fixture
def sign_in(client):
    """The client as one person: `sign_in(cast.nour).get(…)`."""

    def enter(user):
        client.force_login(fresh(user))
        return client

    return enter
