import pytest

from pavillon.reference.models import Region
from pavillon.solutions.tests import factories


@pytest.fixture
def ground(db):
    """Places, register, content and purposes in force."""
    factories.ground()


@pytest.fixture
def bretagne(ground):
    return Region.objects.get(pk="53")
