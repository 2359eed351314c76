"""What the agency needs to keep the showroom."""

from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from pavillon.activity.models import Entry
from pavillon.core.permissions import is_allowed
from pavillon.crm.models.records import RecordKey
from pavillon.reference.models import Vertical
from pavillon.showroom.enums import ProductState, ShopState
from pavillon.showroom.models import Product, Shop
from pavillon.showroom.queries.catalogue import showroom_settings
from pavillon.showroom.queries.monitoring import monitoring_rows

APPROVES = "showroom.view_approvals_panel"


# As the room of relations calls a sheet that is discussed or followed.
PRODUCT = "showroom.product"


def products_to_discuss(user: Any) -> QuerySet[Product]:
    """The sheets that this person may open on the team's side."""
    return Product.objects.visible_to(user) if is_allowed(user, "showroom.view_product") else Product.objects.none()


def product_to_discuss(user: Any, number: int) -> RecordKey | None:
    """A sheet as this person may open it on the team's side, None when he may not."""
    product = products_to_discuss(user).select_related("shop").filter(pk=number).first()
    return key_of(product) if product else None


def key_of(product: Product) -> RecordKey:
    url = reverse("showroom_team:product", args=[product.pk])
    return RecordKey(PRODUCT, product.pk, product.name, url, product.shop.company_id)


def next_to_review(product: Product) -> int | None:
    """The number of the sheet that has waited longest besides this one."""
    waiting = Product.objects.to_review().exclude(pk=product.pk).order_by("submitted_at", "pk")
    found: int | None = waiting.values_list("pk", flat=True).first()
    return found


def sheets_to_review(user: Any) -> QuerySet[Product] | None:
    """The sheets that wait for the agency, for its menu; None for who approves nothing."""
    return Product.objects.visible_to(user).to_review().order_by() if is_allowed(user, APPROVES) else None


def shops_asked(user: Any) -> QuerySet[Shop] | None:
    """The shops that ask to open, for the same menu."""
    shops = Shop.objects.visible_to(user).filter(state=ShopState.APPLIED).order_by()
    return shops if is_allowed(user, APPROVES) else None


def agency_waits(user: Any) -> dict[str, Any]:
    """What waits for the agency: {submitted, changed, asked, overdue} as counts, and the oldest `sheets`."""
    waiting = Product.objects.visible_to(user).to_review()
    counts = waiting.aggregate(
        submitted=Count("pk", filter=Q(state=ProductState.SUBMITTED)),
        changed=Count("pk", filter=Q(state=ProductState.PUBLISHED)),
    )
    oldest = waiting.select_related("shop__company").order_by(Coalesce("to_check_since", "submitted_at"), "pk")
    return counts | {
        "asked": Shop.objects.visible_to(user).filter(state=ShopState.APPLIED).count(),
        "overdue": monitoring_rows(user).overdue(showroom_settings().unanswered_hours).count(),
        "sheets": list(oldest[:5]),
    }


def shops_with_counts(shops: QuerySet[Shop]) -> QuerySet[Shop]:
    """Shops with `on_show` (published sheets) and `asked` (enquiries)."""
    return shops.select_related("company__region", "contact_person").annotate(
        on_show=Count("products", filter=Q(products__state="published"), distinct=True),
        asked=Count("enquiries", distinct=True),
    )


def verticals_with_counts() -> QuerySet[Vertical]:
    """Verticals with `sheets`, published or not."""
    return Vertical.objects.annotate(sheets=Count("product")).prefetch_related("sectors", "attributes")


def vertical(slug: str) -> Vertical | None:
    return Vertical.objects.filter(pk=slug).prefetch_related("sectors", "attributes").first()


def trail_of(row: Model) -> list[Entry]:
    """The last lines of the trail of a row."""
    return list(Entry.objects.about(row).select_related("actor").order_by("-pk")[:20])
