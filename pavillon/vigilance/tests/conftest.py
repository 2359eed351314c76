import pytest

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.vigilance import actions
from pavillon.vigilance.kinds import KINDS
from pavillon.vigilance.models import Rule


def lay_rules():
    """The rules of the migration, once more after a test that empties every table."""
    for kind, about in KINDS.items():
        if not Rule.objects.filter(kind=kind).exists():
            actions.create_rule(
                kind=kind, figures=about.filled({}), response=about.response, suspend_hours=72, is_on=True,
                reason="Beginning", by=None,
            )  # fmt: skip


@pytest.fixture
def cast(db):
    """The cast of `accounts`, with a second security officer: nobody handles what concerns himself."""
    accounts.places()
    cast = accounts.cast()
    lay_rules()
    cast.second = accounts.person("Nelly", cast.agency, Role.SECURITY_OFFICER)
    return cast
