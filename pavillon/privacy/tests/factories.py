"""The rows that tests of this room stand on."""

from types import SimpleNamespace

from pavillon.accounts.tests import factories as accounts
from pavillon.privacy import actions
from pavillon.privacy.management.commands.load_data_protection import Command as DataProtection
from pavillon.privacy.management.commands.load_purposes import Command as Purposes
from tests.remembered import remembered


@remembered
def stage() -> SimpleNamespace:
    """The cast of `accounts`, with purposes, rules of retention and points of control in force."""
    Purposes().handle(verbosity=0)
    DataProtection().handle(verbosity=0)
    accounts.places()
    return accounts.cast()


def erase_person(**more):
    """Somebody erased everywhere: for rooms that only read."""
    return actions.erase_person(**more)
