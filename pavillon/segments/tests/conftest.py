import pytest

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.directory.tests.factories import stage


@pytest.fixture
def cast(db, settings, tmp_path):
    """The cast of the directory, with a second adviser of the same chamber and files in a folder of the test."""
    settings.DATA = tmp_path
    cast = stage()
    cast.colleague = accounts.person("Colette", cast.chamber, Role.ADVISER)
    return cast
