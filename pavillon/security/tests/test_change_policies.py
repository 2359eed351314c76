"""Several cells at once: all of them, or none."""

from dataclasses import dataclass

import pytest

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core import policy
from pavillon.core.policy import Level
from pavillon.security import actions
from pavillon.security.models import PolicyCell
from pavillon.security.tests import factories


@dataclass
class Wish:
    field: str
    old: Level | None
    new: Level | None
    role: Role = Role.ADVISER
    model: str = "accounts.organisation"


def test_change_policies(db, monkeypatch):
    """One cell that somebody changed meanwhile leaves every other cell as it was."""
    monkeypatch.setattr(policy, "_governed", {Organisation: ("name", "country")})
    told = {"by": factories.nora(), "reason": "Review", "organisation": None, "region": None}
    first = [Wish("name", None, Level.READ), Wish("country", None, Level.FORBIDDEN)]
    assert actions.change_policies(wishes=first, **told) == 2
    with pytest.raises(actions.Changed):
        actions.change_policies(wishes=[Wish("name", Level.READ, None), Wish("country", None, Level.READ)], **told)
    assert dict(PolicyCell.objects.values_list("field", "level")) == {"name": Level.READ, "country": Level.FORBIDDEN}
