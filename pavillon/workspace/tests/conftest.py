"""The cast of `crm`: Nour and Nina in Bretagne, Theo in Occitanie, Claire for her company."""

import pytest

from pavillon.crm.tests import factories


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


@pytest.fixture(autouse=True)
def reader_of_english(default_language):
    """Answers of the search are compared in English."""
    from django.utils import translation

    with translation.override("en"):
        yield
