import pytest

from pavillon.directory.tests.factories import stage


@pytest.fixture
def cast(db):
    return stage()
