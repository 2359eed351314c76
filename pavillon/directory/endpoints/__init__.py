"""The shared base for other systems; the same rows, fields, questions and actions as on screen."""

from pavillon.directory.endpoints import cards, merging, parts, writing  # noqa: F401
from pavillon.directory.endpoints.doors import router

__all__ = ["router"]
