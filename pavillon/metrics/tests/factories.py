"""Counts for tests of rooms above, some of which may read but never act."""

from pavillon.metrics.actions import count, roll_up

__all__ = ["count", "roll_up"]
