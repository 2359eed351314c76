"""The kinds of files whose rows this base keeps itself: sites, markets, roles. Rooms above register theirs."""

from pavillon.intake.actions.kinds.markets import Markets
from pavillon.intake.actions.kinds.roles import Roles
from pavillon.intake.actions.kinds.sites import Sites

__all__ = ["Markets", "Roles", "Sites"]
