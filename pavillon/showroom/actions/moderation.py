"""The agency reads sheets: it approves them, or returns them with remarks field by field."""

from collections.abc import Mapping

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.showroom.actions.products import locked
from pavillon.showroom.actions.search_index import index_shop
from pavillon.showroom.actions.telling import LazyName
from pavillon.showroom.enums import ProductState
from pavillon.showroom.events import product_published, product_returned
from pavillon.showroom.models import Product, ProductRemark
from pavillon.showroom.queries.catalogue import people_of


class NotSubmitted(Exception):
    """Nobody asked for this sheet to be read, or somebody has read it meanwhile."""


def _to_read(product: Product) -> Product:
    product = locked(product)
    if product.state != ProductState.SUBMITTED and not product.to_check_since:
        raise NotSubmitted(_("“%(product)s” has been dealt with meanwhile.") % {"product": product})
    return product


@transaction.atomic
def approve_product(*, product: Product, by: User) -> Product:
    """Publish a submitted sheet, or confirm the new words of a published one. Raises NotSubmitted."""
    product = _to_read(product)
    before, product.state, product.to_check_since = product.state, ProductState.PUBLISHED, None
    product.published_at, product.approved_by = product.published_at or timezone.now(), by
    product.save(update_fields=["state", "to_check_since", "published_at", "approved_by", "changed_at"])
    record("showroom.product_published", product, product.shop, by=by, changes={"state": [before, product.state]})
    product_published.send(sender=Product, product=product, by=by)
    index_shop(product.shop)
    if before == ProductState.SUBMITTED:
        notify(
            people_of(product.shop),
            "showroom.product_published",
            title=format_lazy(gettext_lazy("“{product}” is approved"), product=LazyName(product)),
            body=gettext_lazy("Buyers see it as soon as your shop is online."),
            url=reverse("showroom_company:product", args=[product.pk]),
        )
    wake("showroom.approvals", audience="agency", product=product.pk)
    wake("showroom.shop", people=[person.pk for person in people_of(product.shop)], product=product.pk)
    wake("reporting.figures", audience="team")
    return product


@transaction.atomic
def return_product(*, product: Product, remarks: Mapping[str, str], by: User) -> Product:
    """Send a sheet back with {field: remark}; one that was on show leaves the shelf. Raises NotSubmitted, ValueError
    without any remark."""
    remarks = {field: text.strip() for field, text in remarks.items() if text.strip()}
    if not remarks:
        raise ValueError(_("Say at least in one field what has to change."))
    product = _to_read(product)
    before, product.state, product.to_check_since = product.state, ProductState.RETURNED, None
    product.save(update_fields=["state", "to_check_since", "changed_at"])
    ProductRemark.objects.bulk_create(
        ProductRemark(product=product, field=field, text=text, made_by=by) for field, text in remarks.items()
    )
    record(
        "showroom.product_returned", product, product.shop, by=by,
        changes={"state": [before, product.state]}, remarks=remarks,
    )  # fmt: skip
    product_returned.send(sender=Product, product=product, by=by)
    index_shop(product.shop)
    notify(
        people_of(product.shop),
        "showroom.product_returned",
        title=format_lazy(gettext_lazy("“{product}” needs a change"), product=LazyName(product)),
        body=gettext_lazy("The agency's remarks stand beside each field."),
        url=reverse("showroom_company:product", args=[product.pk]),
    )
    wake("showroom.approvals", audience="agency", product=product.pk)
    wake("showroom.shop", people=[person.pk for person in people_of(product.shop)], product=product.pk)
    return product
