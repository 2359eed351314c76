import pytest

from pavillon.website.tests import factories


@pytest.fixture
def sites(db):
    return factories.opened_sites()
