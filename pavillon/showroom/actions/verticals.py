"""The verticals of the showroom: the agency adds, renames and closes them without code (ledger CAT-04)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.reference.models import Sector, Vertical
from pavillon.showroom.actions.search_index import index_shops
from pavillon.showroom.models import Shop, VerticalAttribute


@transaction.atomic
def create_vertical(*, name_fr: str, name_en: str, sectors: Iterable[Sector], by: User) -> Vertical:
    """Add a vertical at the end of the list; usable at once."""
    # Its trail names it by this: forty characters (`activity.Thread`).
    slug = slugify(name_en)[:40] or "vertical"
    if Vertical.objects.filter(pk=slug).exists():
        slug = f"{slug[:34]}-{Vertical.objects.count() + 1}"
    last = Vertical.objects.order_by("-order").first()
    vertical = Vertical.objects.create(slug=slug, name_fr=name_fr, name_en=name_en, order=last.order + 1 if last else 1)
    vertical.sectors.set(sectors)
    record("showroom.vertical_created", vertical, by=by, name=name_en)
    return vertical


@transaction.atomic
def change_vertical(*, vertical: Vertical, name_fr: str, name_en: str, sectors: Iterable[Sector], by: User) -> Vertical:
    """Rename a vertical or move it to other sectors. Sheets are found under its new name."""
    vertical = Vertical.objects.select_for_update().get(pk=vertical.pk)
    before, groups = snapshot(vertical), sorted(vertical.sectors.values_list("pk", flat=True))
    vertical.name_fr, vertical.name_en = name_fr, name_en
    vertical.save()
    vertical.sectors.set(sectors)
    changes = changes_since(before, vertical)
    after = sorted(vertical.sectors.values_list("pk", flat=True))
    if groups != after:
        changes["sectors"] = [groups, after]
    if changes:
        record("showroom.vertical_changed", vertical, by=by, changes=changes)
    if {"name_fr", "name_en"} & set(changes):
        index_shops(Shop.objects.online().filter(products__vertical=vertical).distinct().order_by("pk"))
    return vertical


@transaction.atomic
def close_vertical(*, vertical: Vertical, by: User) -> None:
    """No new sheet in this vertical; those that stand there stay until they are moved."""
    vertical = Vertical.objects.select_for_update().get(pk=vertical.pk)
    if vertical.closed_on is None:
        vertical.closed_on = timezone.localdate()
        vertical.save(update_fields=["closed_on"])
        record("showroom.vertical_closed", vertical, by=by, changes={"closed_on": [None, vertical.closed_on]})


@transaction.atomic
def reopen_vertical(*, vertical: Vertical, by: User) -> None:
    vertical = Vertical.objects.select_for_update().get(pk=vertical.pk)
    if vertical.closed_on is not None:
        before, vertical.closed_on = vertical.closed_on, None
        vertical.save(update_fields=["closed_on"])
        record("showroom.vertical_reopened", vertical, by=by, changes={"closed_on": [before, None]})


@transaction.atomic
def remap_products(*, vertical: Vertical, to: Vertical, by: User) -> int:
    """Move every sheet of a vertical to another one. Returns how many moved."""
    shops = list(Shop.objects.filter(products__vertical=vertical).distinct().order_by("pk"))
    moved = vertical.product_set.update(vertical=to)
    record("showroom.products_remapped", vertical, to, by=by, moved=moved)
    index_shops(shop for shop in shops if shop.is_online)
    return moved


@transaction.atomic
def add_attribute(
    *, vertical: Vertical, name_fr: str, name_en: str, kind: str, unit: str, by: User
) -> VerticalAttribute:
    """Ask the sheets of a vertical one more question."""
    code = slugify(name_en)[:50]
    attribute, _created = VerticalAttribute.objects.update_or_create(
        vertical=vertical,
        code=code,
        defaults={
            "name_fr": name_fr, "name_en": name_en, "kind": kind, "unit": unit, "is_asked": True,
            "order": VerticalAttribute.objects.filter(vertical=vertical).count() + 1,
        },
    )  # fmt: skip
    record("showroom.attribute_added", vertical, by=by, code=code)
    return attribute
