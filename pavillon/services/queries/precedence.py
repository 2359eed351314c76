"""Orders that are delivered before others: a room above says which, and why."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy, Subquery
from django.db.models.functions import Coalesce

from pavillon.accounts.models import User
from pavillon.services.enums import OPEN_ORDERS
from pavillon.services.models import ServiceOrder

# claim(user) -> the words of why an order (OuterRef) comes first, as a subquery; None where they are not for him.
Claim = Callable[[User], Subquery | None]
_claims: list[Claim] = []


def add_claim(claim: Claim) -> None:
    """A room above lets some orders come first."""
    _claims.append(claim)


def with_precedence(rows: QuerySet[ServiceOrder], user: User) -> QuerySet[ServiceOrder]:
    """Orders with `first_by`: why an open one is delivered before others; "" for all others."""
    told = [words for claim in _claims if (words := claim(user)) is not None]
    nothing = Value("", CharField())
    why: Any = Coalesce(*told, nothing, output_field=CharField()) if told else nothing
    return rows.annotate(first_by=Case(When(Q(state__in=OPEN_ORDERS), then=why), default=nothing))


class Served(F):
    """For a list: who is served first comes first, whichever way the rest is sorted."""

    def __init__(self) -> None:
        super().__init__("first_by")

    def asc(self, **_how: Any) -> OrderBy:
        return Case(When(~Q(first_by=""), then=0), default=1).asc()

    def desc(self, **_how: Any) -> OrderBy:
        return self.asc()
