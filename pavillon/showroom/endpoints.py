"""Shops, sheets and enquiries for other systems; the same rows as on screen, and never what buyers wrote."""

from ninja import Query, Router

from pavillon.showroom.models import Enquiry, Product, Shop
from pavillon.ui.endpoints import PAGE, one, page_of
from pavillon.ui.shapes import answers, page_of_rows, row_of

router = Router()

SHOP = ["company_id", "state", "is_referenced", "export_countries", "applied_at", "opened_at", "online_at", "closed_at"]
PRODUCT = [
    "shop_id", "kind", "vertical_id", "state", "name_fr", "name_en", "summary_fr", "summary_en", "attributes",
    "condition", "manufacture_year", "operating_hours", "price", "sale_unit", "minimum_order", "incoterm",
    "lead_time_days", "available_in", "quality", "published_at",
]  # fmt: skip
ENQUIRY = [
    "reference", "shop_id", "product_id", "country_id", "kind", "state", "sent_at", "first_answered_at",
    "response_minutes", "closed_at", "closing_reason", "next_step", "next_step_on",
]  # fmt: skip


@router.get("/shops", openapi_extra=answers(page_of_rows(row_of(Shop, SHOP))))
def shops(
    request,
    state: str = Query("", description="applied, opened, online or closed."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Shops of companies, in the order of their number."""
    rows = Shop.objects.visible_to(request.user)
    return page_of(
        request, "showroom.view_shops", rows.filter(state=state) if state else rows, SHOP, after=after, limit=limit
    )


@router.get("/products", openapi_extra=answers(page_of_rows(row_of(Product, PRODUCT))))
def products(
    request,
    shop: int | None = Query(None, description="Number of a shop: its sheets only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Products and services, whatever their state, in the order of their number."""
    rows = Product.objects.visible_to(request.user)
    rows = rows.filter(shop=shop) if shop else rows
    return page_of(request, "showroom.view_shops", rows, PRODUCT, after=after, limit=limit)


@router.get("/products/{product}", openapi_extra=answers(row_of(Product, PRODUCT)))
def product(request, product: int):
    """One sheet."""
    return one(request, "showroom.view_shops", Product, product, PRODUCT)


@router.get("/enquiries", openapi_extra=answers(page_of_rows(row_of(Enquiry, ENQUIRY))))
def enquiries(
    request,
    state: str = Query("", description="new, answered or closed."),
    company: int | None = Query(None, description="Number of a company: enquiries to it only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """That buyers asked, how far it went and how long they waited."""
    rows = Enquiry.objects.visible_to(request.user)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(shop__company=company) if company else rows
    return page_of(request, "showroom.view_monitoring", rows, ENQUIRY, after=after, limit=limit)
