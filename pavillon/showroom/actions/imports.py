"""Sheets by the dozen: a spreadsheet is rehearsed line by line, then the good lines become drafts."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.reference.models import ProductCode, Vertical
from pavillon.showroom.actions.products import create_product
from pavillon.showroom.models import Product, ProductImport, Shop


@transaction.atomic
def rehearse_import(*, shop: Shop, file_name: str, lines: list[dict[str, Any]], by: User) -> ProductImport:
    """Keep the checked lines of a file until somebody confirms them. Nothing is created yet."""
    made = ProductImport.objects.create(shop=shop, file_name=file_name[:120], lines=lines, made_by=by)
    record(
        "showroom.import_rehearsed", made, shop, by=by, lines=len(lines), good=len(made.good_lines), file=made.file_name
    )
    return made


@transaction.atomic
def confirm_import(*, product_import: ProductImport, by: User) -> list[Product]:
    """Create a draft for each good line, once. Confirming again creates nothing."""
    made = ProductImport.objects.select_for_update(of=("self",)).select_related("shop").get(pk=product_import.pk)
    if made.confirmed_at is not None:
        return []
    verticals = Vertical.objects.in_bulk()
    codes = {line["values"]["customs_code"] for line in made.good_lines if line["values"].get("customs_code")}
    known = {code.code: code for code in ProductCode.objects.filter(scheme="HS", code__in=codes)}
    created = []
    for line in made.good_lines:
        values = dict(line["values"])
        values["vertical"] = verticals[values["vertical"]]
        values["customs_code"] = known.get(values.get("customs_code") or "")
        created.append(create_product(shop=made.shop, by=by, **values))
    made.confirmed_at, made.created = timezone.now(), len(created)
    made.save(update_fields=["confirmed_at", "created"])
    record("showroom.import_confirmed", made, made.shop, by=by, created=len(created))
    return created
