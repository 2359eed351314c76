"""The privilege matrix: what binds a person, and the matrix as a screen shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import WHOLE, Level, Policy, governed, has_owners, may_hide
from pavillon.core.wall import house
from pavillon.reference.models import Region
from pavillon.security.models import PolicyCell
from pavillon.security.models.privileges import LEVELS

LEVEL_NAMES = {Level(value): name for value, name in LEVELS}


# The cells that bind one role in one organisation of one region, the widest scope first.
BINDING = """(
SELECT jsonb_agg(
    jsonb_build_array(model, field, level, for_owner) ORDER BY organisation_id NULLS FIRST, region_id NULLS FIRST
) FROM security_policycell
WHERE role = {role} AND (organisation_id IS NULL OR organisation_id = {organisation})
AND (region_id IS NULL OR region_id = {region})
)"""


def policy_for(user: Any) -> Policy:
    """The cells that bind a person as what he acts as now: read with his roles, or in one statement.

    They are read anew for each request: a change of the matrix is effective at once in every process, and there is
    no cache that could be stale.
    """
    role = getattr(user, "role", "")
    if not role:
        return Policy()
    general: dict[tuple[str, str], Level] = {}
    own: dict[tuple[str, str], Level] = {}
    brought = vars(user.acting) if user.acting else {}
    cells = brought["binding_cells"] if "binding_cells" in brought else _cells_of(role, user)
    # From the widest scope to the narrowest: the last one written wins.
    for model, field, level, for_owner in cells or ():
        (own if for_owner else general)[model, field] = Level(level)
    return Policy(general, own, user)


def _cells_of(role: str, user: Any) -> Any:
    with connection.cursor() as cursor:
        asked = "SELECT " + BINDING.format(role="%s", organisation="%s", region="%s")
        cursor.execute(asked, [role, user.organisation.pk if user.organisation else None, user.region_id or None])
        told = cursor.fetchone()[0]
        return json.loads(told) if told else ()


@dataclass(frozen=True)
class Scope:
    """For whom a matrix is written: everyone, one organisation, one region, or each on the records that he owns."""

    organisation: Organisation | None = None
    region: Region | None = None
    for_owner: bool = False

    @property
    def is_everyone(self) -> bool:
        return self.organisation is None and self.region is None and not self.for_owner

    @property
    def key(self) -> str:
        """As an address carries it: "", "owner", "organisation-12" or "region-53"."""
        if self.for_owner:
            return "owner"
        if self.organisation:
            return f"organisation-{self.organisation.pk}"
        return f"region-{self.region.pk}" if self.region else ""


@dataclass(frozen=True)
class Cell:
    """One square of the matrix. `own` is what this scope says itself, `inherited` what holds without it."""

    role: str
    role_label: Any
    model: str
    field: str
    own: Level | None
    inherited: Level
    is_for_everyone: bool

    @property
    def label(self) -> str:
        """The square for who does not see where it stands: role, object, field."""
        model = apps.get_model(self.model)
        names = [str(self.role_label), object_label(model)]
        return ", ".join(names if self.field == WHOLE else [*names, field_label(model, self.field)])

    @property
    def level(self) -> Level:
        return self.inherited if self.own is None else self.own

    @property
    def level_name(self) -> Any:
        return LEVEL_NAMES[self.level]

    @property
    def inherited_name(self) -> Any:
        return LEVEL_NAMES[self.inherited]

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Levels as a form carries them. For everyone, write is the absence of a cell."""
        return [
            ("" if level is Level.WRITE and self.is_for_everyone else str(level.value), name)
            for level, name in LEVEL_NAMES.items()
            if level is not Level.FORBIDDEN or may_hide(self.model, self.field)
        ]

    @property
    def seen(self) -> str:
        """What was seen, as a form gives it back."""
        return "" if self.own is None else str(self.own.value)

    @property
    def key(self) -> str:
        return f"{self.role}|{self.model}|{self.field}"


@dataclass(frozen=True)
class Row:
    """One line of the matrix: an object (`field` is "*") or one of its fields."""

    model: str
    field: str
    label: str
    cells: list[Cell]
    restricted_fields: int = 0

    @property
    def is_whole(self) -> bool:
        return self.field == WHOLE


def object_label(model: type[Model]) -> str:
    name = str(model._meta.verbose_name_plural)
    return name[:1].upper() + name[1:]


def field_label(model: type[Model], name: str) -> str:
    label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


Cells = dict[tuple[str, str, str], Level]
# Nothing is wider than the matrix for everyone.
EVERYONE: Cells = {}


def matrix(*, scope: Scope, opened: str = "", roles: Sequence[str] | None = None) -> list[Row]:
    """The lines of the matrix: every governed object, and the fields of the one that is opened."""
    wanted = [role for role in Role if roles is None or role in roles]
    own = _cells(
        PolicyCell.objects.of_scope(organisation=scope.organisation, region=scope.region, for_owner=scope.for_owner)
    )
    wider = EVERYONE if scope.is_everyone else _cells(PolicyCell.objects.of_scope())
    if scope.organisation and scope.organisation.region_id:
        wider = wider | _cells(PolicyCell.objects.of_scope(region=scope.organisation.region))
    rows = []
    for model, fields in governed().items():
        if scope.for_owner and not has_owners(model):
            continue
        label = model._meta.label_lower
        restricted = len({key[2] for key, level in {**wider, **own}.items()
                          if key[1] == label and key[2] != WHOLE and level < Level.WRITE})  # fmt: skip
        rows.append(Row(label, WHOLE, object_label(model), _row(wanted, label, WHOLE, own, wider), restricted))
        if label == opened:
            rows += [
                Row(label, name, field_label(model, name), _row(wanted, label, name, own, wider)) for name in fields
            ]
    return rows


def _cells(rows: Any) -> Cells:
    return {(c[0], c[1], c[2]): Level(c[3]) for c in rows.values_list("role", "model", "field", "level")}


def _row(roles: list[Role], model: str, field: str, own: Cells, wider: Cells) -> list[Cell]:
    return [
        Cell(
            role=role.value,
            role_label=role.label,
            model=model,
            field=field,
            own=own.get((role.value, model, field)),
            inherited=wider.get((role.value, model, field), Level.WRITE),
            is_for_everyone=wider is EVERYONE,
        )
        for role in roles
    ]


@dataclass(frozen=True)
class Sight:
    """What one person sees of one kind of object."""

    label: str
    level: Any
    rows: int | None
    fields: list[tuple[str, Any]]


SIGHT_CAP = 1000


@house()
def sight_of(person: User) -> list[Sight]:
    """What a person sees: by object the level, how many rows (counted up to `SIGHT_CAP`), and each field's level.

    `rows` is None for an object whose rows are shown with another object only.
    """
    policy, found = policy_for(person), []
    for model, fields in governed().items():
        rows = None
        if hasattr(model._default_manager, "visible_to"):
            rows = model._default_manager.visible_to(person).order_by()[: SIGHT_CAP + 1].count()
        levels = [(field_label(model, name), LEVEL_NAMES[policy.level(model, name)]) for name in fields]
        found.append(Sight(object_label(model), LEVEL_NAMES[policy.level(model)], rows, levels))
    return found
