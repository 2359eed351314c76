"""What the agency needs to keep the showroom."""

from django.db.models import Count, Model, Q, QuerySet

from pavillon.activity.models import Entry
from pavillon.reference.models import Vertical
from pavillon.showroom.models import Product, Shop


def next_to_review(product: Product) -> int | None:
    """The number of the sheet that has waited longest besides this one."""
    waiting = Product.objects.to_review().exclude(pk=product.pk).order_by("submitted_at", "pk")
    found: int | None = waiting.values_list("pk", flat=True).first()
    return found


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
