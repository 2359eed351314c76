import pytest

from pavillon.solutions.tests import factories as solutions
from pavillon.website.tests import factories


@pytest.fixture
def sites(db):
    solutions.ground()
    return factories.sites()
