"""What the filters of the lists offer."""

from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat, Right
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.directory.names import plain
from pavillon.reference.models import Activity, Department, Sector


def list_choices() -> dict[str, list[Any]]:
    """What the filters of the list offer, in one statement: places (departments by region), sections, sectors."""
    name = "name_fr" if (get_language() or "fr").startswith("fr") else "name_en"
    nothing = Value("")
    columns = (Value("place"), f"region__{name}", "region_id", "code", name)
    departments = Department.objects.values_list(*columns)
    sections = Activity.objects.filter(revision=2, level=1).values_list(
        Value("section"), nothing, nothing, "code", name
    )
    sectors = Sector.objects.values_list(
        Value("sector"), Right(Concat(Value("000"), Cast("order", CharField())), 3), nothing, "slug", name
    )
    rows = sorted(departments.union(sections, sectors, all=True), key=lambda row: (row[0], plain(row[1]), row[3]))
    found: dict[str, list[Any]] = {"place": [], "section": [], "sector": []}
    for kind, group, region, code, label in rows:
        if kind != "place":
            found[kind].append((code, label))
            continue
        if not found["place"] or found["place"][-1][0] != group:
            found["place"].append((group, [(f"r{region}", _("%(region)s: all") % {"region": group})]))
        found["place"][-1][1].append((f"d{code}", f"{label} ({code})"))
    return found
