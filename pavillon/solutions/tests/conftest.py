import pytest

from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.reference.models import Region
from pavillon.solutions.tests import factories


@pytest.fixture
def ground(db):
    """Places, register, content and purposes in force."""
    factories.places()
    factories.register()
    factories.load_content()
    Command().handle(verbosity=0)


@pytest.fixture
def bretagne(ground):
    return Region.objects.get(pk="53")
