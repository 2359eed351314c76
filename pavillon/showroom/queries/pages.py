"""What the public pages show, in a bounded number of statements."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Prefetch, Q

from pavillon.directory.models import Company
from pavillon.reference.models import Country, Vertical
from pavillon.showroom.enums import TemplateKind
from pavillon.showroom.models import Buyer, Picture, Product, Shop, VerticalAttribute
from pavillon.showroom.queries.search import Hits
from pavillon.showroom.queries.templates import in_page_language, templates_for

_NAMES = """
SELECT 'vertical', slug, name_fr, name_en FROM reference_vertical WHERE closed_on IS NULL OR slug = ANY(%(used)s)
UNION ALL SELECT 'sector', slug, name_fr, name_en FROM reference_sector
UNION ALL SELECT 'region', code, name_fr, name_en FROM reference_region
"""


def names_of_facets(used: Iterable[str] = ()) -> dict[str, dict[str, tuple[str, str]]]:
    """{"vertical": {slug: (French, English)}, "sector": …, "region": …} in one statement, in their usual order."""
    found: dict[str, dict[str, tuple[str, str]]] = {"vertical": {}, "sector": {}, "region": {}}
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, {"used": list(used)})
        for what, code, name_fr, name_en in cursor.fetchall():
            found[what][code] = (name_fr, name_en)
    return found


def _cards() -> Any:
    return (
        Product.objects.on_show()
        .select_related("shop__company__region", "vertical")
        .prefetch_related(Prefetch("pictures", queryset=Picture.objects.filter(position=0), to_attr="covers"))
    )


def things_of(hits: Hits) -> list[Any]:
    """The products, services or shops of a page of answers, in its order."""
    shops = [number for kind, number in hits.found if kind == "company"]
    sheets = [number for kind, number in hits.found if kind != "company"]
    by_key: dict[tuple[bool, int], Any] = {}
    if shops:
        rows = (
            Shop.objects.online()
            .filter(pk__in=shops)
            .select_related("company__region")
            .prefetch_related("certificates")
        )
        shelf = Count("products", filter=Q(products__state="published"))
        by_key |= {(True, shop.pk): shop for shop in rows.annotate(on_show=shelf)}
    if sheets:
        by_key |= {(False, product.pk): product for product in _cards().filter(pk__in=sheets)}
    wanted = [(kind == "company", number) for kind, number in hits.found]
    return [by_key[key] for key in wanted if key in by_key]


def product_page(number: int) -> Product | None:
    """A sheet on show with everything that its page tells, None when it is not on show."""
    return (
        Product.objects.on_show()
        .filter(pk=number)
        .select_related("shop__company__region", "shop__company__commune", "vertical", "customs_code")
        .prefetch_related("pictures", "links", "shop__certificates", Prefetch("services", queryset=_cards()))
        .first()
    )


def answers_of(product: Product) -> list[dict[str, Any]]:
    """The sheet's answers to the questions of its vertical: [{attribute, value}]."""
    asked = VerticalAttribute.objects.filter(vertical=product.vertical_id)
    return [
        {"attribute": attribute, "value": product.attributes[attribute.code]}
        for attribute in asked
        if product.attributes.get(attribute.code) not in (None, "")
    ]


def shop_page(slug: str) -> Shop | None:
    """A shop on show, None when it is not."""
    return (
        Shop.objects.online()
        .filter(slug=slug)
        .select_related("company__region", "company__commune", "company__sector")
        .prefetch_related("certificates")
        .first()
    )


def shelf_of(shop: Shop) -> list[Product]:
    """What a shop shows: products first, the newest first."""
    return list(_cards().filter(shop=shop).order_by("kind", "-published_at")[:60])


def neighbours_of(product: Product, most: int = 3) -> list[Product]:
    """Other sheets of the same shop."""
    rows = _cards().filter(shop=product.shop_id).exclude(pk=product.pk)
    return list(rows.order_by("-quality", "pk")[:most])


def home_page() -> dict[str, Any]:
    """The agency's words, the verticals that are open, newest sheets, and how large the showroom is."""
    return {
        "welcome": in_page_language(templates_for(TemplateKind.SHOWROOM)),
        "verticals": list(Vertical.objects.filter(closed_on__isnull=True)),
        "newest": list(_cards().filter(shop__is_referenced=True).order_by("-published_at", "-pk")[:8]),
        "shops": Shop.objects.online().count(),
        "buyers": Buyer.objects.exclude(country="FR").count(),
    }


def picture_for(user: Any, number: int) -> tuple[Picture, bool] | None:
    """A picture and whether everybody may see it; None when this person may not."""
    picture = Picture.objects.filter(pk=number).select_related("product__shop").first()
    if picture is None:
        return None
    if picture.product.is_published and picture.product.shop.is_online:
        return picture, True
    return (picture, False) if Picture.objects.visible_to(user).filter(pk=number).exists() else None


def referenced_company(shop: int) -> Company | None:
    """The company of a referenced shop that is online."""
    found = Shop.objects.online().referenced().filter(pk=shop).select_related("company").first()
    return found.company if found else None


def countries_named(codes: Iterable[str]) -> list[Country]:
    """The countries behind alpha-2 codes, by name."""
    codes = list(codes)
    return sorted(Country.objects.filter(code__in=codes), key=lambda country: country.name) if codes else []


def subject_of(waiting: dict[str, Any]) -> tuple[Shop | None, Product | None]:
    """The shop and the sheet that a waiting enquiry is about, as long as they are on show."""
    product = Product.objects.on_show().filter(pk=waiting["product"]).first() if waiting["product"] else None
    shop = Shop.objects.online().filter(pk=waiting["shop"]).select_related("company").first()
    return shop, product


def sheet_to_read(product: Product) -> Product:
    """A sheet with its pictures, links and company, for whoever approves it."""
    return (
        Product.objects.select_related("shop__company__region", "vertical", "customs_code")
        .prefetch_related("pictures", "links", "services")
        .get(pk=product.pk)
    )
