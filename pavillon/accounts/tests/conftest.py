"""A small cast: Maud administers the chamber of Bretagne, Nour advises there, Theo advises in Occitanie."""

import pytest

from pavillon.accounts.tests import factories


@pytest.fixture
def places(db):
    """Countries and regions that the tests name."""
    return factories.places()


@pytest.fixture
def cast(places):
    """Persons by key; see `factories.cast`."""
    return factories.cast()
