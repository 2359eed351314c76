"""What tests over all pages put in the addresses of this room."""

from pavillon.interchange.actions import create_key
from pavillon.interchange.models import Key


def make_key(world):
    """A key of Helene's chamber."""
    membership = world["helene"].acting
    return create_key(name="CRM of the chamber", membership=membership, scopes=["crm"], by=world["helene"])[0]


EXAMPLES = {Key: make_key}
