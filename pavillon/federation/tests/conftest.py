import pytest

from pavillon.directory.actions import own_company
from pavillon.directory.models import Company
from pavillon.directory.tests.factories import stage
from pavillon.privacy.management.commands.load_purposes import Command


@pytest.fixture
def cast(db, settings):
    settings.BASE_URL = "http://testserver"
    made = stage()
    Command().handle()
    own_company(company=made.atelier, organisation=made.company, by=None)
    Company.objects.filter(pk=made.atelier.pk).update(siren="900001116")
    return made
