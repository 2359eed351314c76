"""Writing sheets, their pictures, and asking for their approval."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.showroom.actions.search_index import index_shop
from pavillon.showroom.actions.telling import tell_managers
from pavillon.showroom.enums import ProductState
from pavillon.showroom.events import product_submitted, product_withdrawn
from pavillon.showroom.models import Picture, Product, ProductLink, Shop, VerticalAttribute
from pavillon.showroom.models.quality import Quality, quality_of
from pavillon.showroom.pictures import redraw

WORDS = (
    "name_fr", "name_en", "summary_fr", "summary_en", "description_fr", "description_en",
)  # fmt: skip
FIELDS = frozenset(
    {
        *WORDS, "kind", "vertical", "translation_fr", "translation_en", "attributes", "condition", "manufacture_year",
        "operating_hours", "price", "sale_unit", "minimum_order", "incoterm", "customs_code", "lead_time_days",
        "available_in",
    }
)  # fmt: skip
MOST_PICTURES = 8


class NotReady(Exception):
    """The sheet cannot be submitted; the message says what is missing."""


def locked(product: Product) -> Product:
    return (
        Product.objects.select_for_update(of=("self",))
        .select_related("shop__company__region", "vertical")
        .get(pk=product.pk)
    )


def judge(product: Product) -> Quality:
    """The quality of a saved sheet as it stands in the database."""
    asked = VerticalAttribute.objects.filter(vertical=product.vertical_id, is_asked=True)
    return quality_of(
        product,
        pictures=product.pictures.count(),
        questions=list(asked.values_list("code", flat=True)),
        extras=product.services.count() + product.links.count(),
    )


def settle(product: Product) -> None:
    """After any change of a sheet: its quality, and the index when it is on show."""
    quality = judge(product).score
    if quality != product.quality:
        product.quality = quality
        product.save(update_fields=["quality"])
    if product.is_published:
        index_shop(product.shop)


def _check(fields: dict[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"Not part of a sheet: {', '.join(sorted(unknown))}")


def _link(product: Product, services: Iterable[Product] | None, links: Iterable[tuple[str, str]] | None) -> None:
    if services is not None:
        # Only services of the same shop: nobody hangs his offers under another's products.
        own = product.shop.products.filter(kind="service", pk__in=[service.pk for service in services])
        product.services.set(own.exclude(pk=product.pk))
    if links is not None:
        product.links.all().delete()
        ProductLink.objects.bulk_create(
            (ProductLink(product=product, marketplace=name, url=url) for name, url in links), ignore_conflicts=True
        )


@transaction.atomic
def create_product(
    *,
    shop: Shop,
    by: User,
    services: Iterable[Product] | None = None,
    links: Iterable[tuple[str, str]] | None = None,
    is_demo: bool = False,
    **fields: Any,
) -> Product:
    """Begin a sheet. `fields` are those of FIELDS; `links` are (marketplace, address) of listings elsewhere."""
    _check(fields)
    product = Product.objects.create(shop=shop, is_demo=is_demo, **fields)
    _link(product, services, links)
    record("showroom.product_created", product, shop, by=by, name=product.name_en or product.name_fr)
    settle(product)
    return product


@transaction.atomic
def change_product(
    *,
    product: Product,
    by: User,
    services: Iterable[Product] | None = None,
    links: Iterable[tuple[str, str]] | None = None,
    **fields: Any,
) -> Product:
    """Change a sheet. One that is on show stays so; the agency reads its new words afterwards."""
    _check(fields)
    product = locked(product)
    before = snapshot(product)
    for name, value in fields.items():
        setattr(product, name, value)
    changes = changes_since(before, product)
    if product.is_published and set(changes) & {*WORDS, "vertical_id"}:
        product.to_check_since = product.to_check_since or timezone.now()
    product.save()
    _link(product, services, links)
    if changes:
        record("showroom.product_changed", product, product.shop, by=by, changes=changes)
    settle(product)
    return product


@transaction.atomic
def submit_product(*, product: Product, by: User) -> Product:
    """Ask the agency to approve a sheet. Raises NotReady with what is missing."""
    product = locked(product)
    if not product.can_be_submitted:
        raise NotReady(_("This sheet is “%(state)s” already.") % {"state": product.get_state_display()})
    if not product.shop.can_publish:
        raise NotReady(_("The agency has not opened your shop yet."))
    missing = [str(text) for text in product.missing_texts]
    if not product.pictures.exists():
        missing.append(_("a picture"))
    if missing:
        raise NotReady(
            _("Before the agency reads it, this sheet needs: %(missing)s.") % {"missing": ", ".join(missing)}
        )
    before, product.state, product.submitted_at = product.state, ProductState.SUBMITTED, timezone.now()
    product.save(update_fields=["state", "submitted_at", "changed_at"])
    product.remarks.filter(resolved_at__isnull=True).update(resolved_at=timezone.now())
    record("showroom.product_submitted", product, product.shop, by=by, changes={"state": [before, product.state]})
    product_submitted.send(sender=Product, product=product, by=by)
    tell_managers(
        product.shop,
        "showroom.product_submitted",
        format_lazy(gettext_lazy("To approve: {product}"), product=product.name_en),
        reverse("showroom_team:review_product", args=[product.pk]),
    )
    wake("showroom.approvals", audience="agency", product=product.pk)
    return product


@transaction.atomic
def withdraw_product(*, product: Product, by: User) -> Product:
    """Take a sheet off the shelf; it can be submitted again."""
    product = locked(product)
    if product.state not in (ProductState.PUBLISHED, ProductState.SUBMITTED):
        return product
    before, product.state, product.to_check_since = product.state, ProductState.WITHDRAWN, None
    product.save(update_fields=["state", "to_check_since", "changed_at"])
    record("showroom.product_withdrawn", product, product.shop, by=by, changes={"state": [before, product.state]})
    product_withdrawn.send(sender=Product, product=product, by=by)
    index_shop(product.shop)
    wake("showroom.approvals", audience="agency", product=product.pk)
    return product


@transaction.atomic
def add_picture(*, product: Product, stream: Any, size: int, alt_fr: str, alt_en: str, by: User) -> Picture:
    """Add a picture, drawn again from its pixels. Raises WrongPicture, NotReady beyond MOST_PICTURES."""
    product = locked(product)
    count = product.pictures.count()
    if count >= MOST_PICTURES:
        raise NotReady(_("A sheet has at most %(n)s pictures: remove one first.") % {"n": MOST_PICTURES})
    large, small, width, height = redraw(stream, size)
    picture = Picture(product=product, alt_fr=alt_fr, alt_en=alt_en, width=width, height=height, position=count)
    picture.file.save(f"{product.pk}.webp", large, save=False)
    picture.thumbnail.save(f"{product.pk}-small.webp", small, save=False)
    picture.save()
    record("showroom.picture_added", product, by=by, picture=picture.pk, alt=alt_en)
    _words_changed(product)
    return picture


@transaction.atomic
def remove_picture(*, picture: Picture, by: User) -> None:
    """Take a picture away. Files go after the commit: a rollback must not lose them."""
    product = locked(picture.product)
    record("showroom.picture_removed", product, by=by, picture=picture.pk, alt=picture.alt_en)
    files = [picture.file, picture.thumbnail]
    picture.delete()
    for position, left in enumerate(product.pictures.order_by("position", "pk")):
        if left.position != position:
            left.position = position
            left.save(update_fields=["position"])
    transaction.on_commit(lambda: _drop(files))
    _words_changed(product)


def _drop(files: list[Any]) -> None:
    for file in files:
        file.storage.delete(file.name)


def _words_changed(product: Product) -> None:
    if product.is_published and product.to_check_since is None:
        product.to_check_since = timezone.now()
        product.save(update_fields=["to_check_since"])
    settle(product)
