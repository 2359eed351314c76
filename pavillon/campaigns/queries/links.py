"""Public addresses that a campaign may publish: the rooms above say which of their pages attribute by themselves."""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from pavillon.campaigns.models import Campaign

# What the query string of such a link calls the code of its campaign.
PARAMETER = "campaign"
_landings: list[tuple[Any, Callable[[Campaign], str]]] = []


def add_landing(label: Any, path: Callable[[Campaign], str]) -> None:
    """Offer a page of a room above: `path(campaign)` is its address with the code in it."""
    _landings.append((label, path))


def landings_of(campaign: Campaign) -> list[tuple[str, str]]:
    """(label, whole address) of each page that whoever runs the campaign may publish."""
    return [(str(label), f"{settings.BASE_URL}{path(campaign)}") for label, path in _landings]
