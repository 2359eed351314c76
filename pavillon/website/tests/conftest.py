import pytest

from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.solutions.tests import factories as solutions
from pavillon.website.tests import factories


@pytest.fixture
def sites(db):
    solutions.places()
    solutions.register()
    solutions.load_content()
    Command().handle(verbosity=0)
    return factories.sites()
