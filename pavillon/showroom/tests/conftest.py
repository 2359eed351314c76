import pytest

from pavillon.showroom.tests import factories


@pytest.fixture
def cast(db, settings, tmp_path):
    """The small showroom of `factories.world`; pictures go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path
    return factories.world()
