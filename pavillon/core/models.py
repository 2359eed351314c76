"""Base classes of tables. No table of its own."""

from collections.abc import Callable
from functools import reduce
from typing import Any, Self

from django.db import models

from pavillon.core.policy import readable_rows

_narrowers: list[Callable[[Any, Any], Any]] = []


def narrow_sight(narrower: Callable[[Any, Any], Any]) -> None:
    """For secrets that reach beyond their table: every `visible_to` asks `narrower(rows, user) -> rows`."""
    _narrowers.append(narrower)


class VisibleQuerySet(models.QuerySet):
    """Rows that know who may see them.

    `visible_to` is the only way a view may fetch. It applies the privilege matrix first, then the room's own
    rule `seen_by`, which each subclass writes.
    """

    def visible_to(self, user: Any) -> Self:
        if not getattr(user, "is_active", False):
            return self.none()
        return reduce(lambda rows, narrow: narrow(rows, user), _narrowers, readable_rows(self, user).seen_by(user))

    def seen_by(self, user: Any) -> Self:
        raise NotImplementedError(f"{type(self).__name__} does not say who sees its rows")


class Dated(models.Model):
    """A row that remembers when it was made and last changed."""

    created_at = models.DateTimeField(auto_now_add=True, db_index=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
