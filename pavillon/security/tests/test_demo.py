"""The demonstration begins with a few sensible privileges."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core import policy
from pavillon.core.policy import Level
from pavillon.security import demo
from pavillon.security.models import PolicyCell
from pavillon.security.tests import factories


def test_the_first_cells_are_written_once(db, monkeypatch):
    """Seeding again leaves what an officer changed since."""
    monkeypatch.setattr(policy, "_governed", {User: ("email",)})
    monkeypatch.setattr(
        demo,
        "BEGINNING",
        [
            (Role.OPERATOR, "accounts.user", ("email", "no_such"), Level.READ, "first"),
            (Role.OPERATOR, "no.such", ("*",), Level.READ, "first"),
        ],
    )
    demo.seed({"users": {"nora": factories.nora()}})
    assert [(cell.role, cell.field) for cell in PolicyCell.objects.all()] == [("operator", "email")]
    PolicyCell.objects.update(level=Level.FORBIDDEN)
    demo.seed({})
    assert PolicyCell.objects.get().level == Level.FORBIDDEN


def test_the_first_cells_name_real_roles_objects_and_fields():
    """A field that a room renamed would silently lose its protection."""
    known = {model._meta.label_lower: {"*", *fields} for model, fields in policy.governed().items()}
    unknown = [
        f"{model}.{field}"
        for _role, model, fields, _level, _reason in [*demo.BEGINNING, *demo.OWN]
        for field in fields
        if field not in known.get(model, ())
    ]
    assert unknown == []
