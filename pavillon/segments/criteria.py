"""What this room lets ask of a company: tags of one's organisation, target lists."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pavillon.directory.criteria import Column, Field, Kind, Names, add_columns, add_fields
from pavillon.directory.models import Company
from pavillon.segments.models import Tag, Tagging, TargetList, TargetRow

MARKS = _("Tags and lists")


def _tags(rows: Any, user: Any) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    taggings = Tagging.objects.visible_to(user).filter(company__in=[row.pk for row in rows])
    for company, name in taggings.order_by("tag__name").values_list("company", "tag__name"):
        found.setdefault(company, []).append(name)
    return {company: ", ".join(names) for company, names in found.items()}


add_fields(
    Company,
    Field(
        "tag",
        _("Tag"),
        Kind.CHOICE,
        MARKS,
        "tag",
        names=Names(Tag, label="name", is_private=True),
        rows=lambda user: Tagging.objects.visible_to(user),
        opens=lambda user: user.is_team,
    ),
    Field(
        "target_list",
        _("Target list"),
        Kind.CHOICE,
        MARKS,
        "target_list",
        names=Names(TargetList, label="name", is_private=True),
        rows=lambda user: TargetRow.objects.filter(target_list__in=TargetList.objects.visible_to(user).values("pk")),
        opens=lambda user: user.is_team,
    ),
)
add_columns(Company, Column("tags", _("Tags"), load=_tags, opens=lambda user: user.is_team))
