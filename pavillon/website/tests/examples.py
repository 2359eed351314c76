"""What tests over all pages put in the addresses of this room."""

from pavillon.website.tests import factories


def prepare(world):
    """Portals in both languages and the pages of two regions."""
    factories.sites()


ARGUMENTS = {"website:theme": {"colours": "1d3b53-c8442f"}}
