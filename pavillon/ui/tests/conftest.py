"""People of this room's tests: it knows no table, so they are plain objects."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from pavillon.core.policy import Policy
from pavillon.ui import exports, frame, menu, panels


class Person(SimpleNamespace):
    """Somebody who may do what `granted` says; the policy is given, so no room is asked."""

    is_active = True
    is_authenticated = True
    is_company = False

    def has_perm(self, name, obj=None):
        return name in self.granted


def person(*granted, cells=None, **more):
    return Person(granted=granted, _policy=Policy(cells or {}), pk=1, **more)


@pytest.fixture
def ask():
    """A GET request of a person: `ask("/companies/?page=2", user)`."""

    def get(path="/", user=None, **headers):
        request = RequestFactory().get(path, headers=headers)
        request.user = user or person()
        return request

    return get


@pytest.fixture(autouse=True)
def no_menu_of_other_rooms(monkeypatch):
    """Rules of the rooms above ask their own questions of a person; here nobody is asked."""
    monkeypatch.setattr(menu, "_entries", [])
    monkeypatch.setattr(frame, "_needs", {})
    monkeypatch.setattr(panels, "_pieces", {})
    monkeypatch.setattr(exports, "_withholders", [])
