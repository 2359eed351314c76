"""The cast of `accounts`: Nour advises, Claire runs a company, Omar is the operator's."""

import pytest

from pavillon.accounts.tests import factories


@pytest.fixture
def cast(db):
    factories.places()
    return factories.cast()


@pytest.fixture
def sign_in(client):
    """The client as one person: `sign_in(cast.nour).get(…)`."""

    def enter(user):
        client.force_login(user)
        return client

    return enter
