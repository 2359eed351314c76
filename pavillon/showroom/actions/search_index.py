"""Keeping the search index, inside the transaction of the action that changed something."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection

from pavillon.showroom.enums import ProductState, ShopState
from pavillon.showroom.models import Product, SearchEntry, SearchWord, Shop, VerticalAttribute
from pavillon.showroom.words import plain, words_of

COMPANY = "company"
# Sheets at or above these qualities are looked at first: about 5 % and 25 % of a living catalogue.
BEST, GOOD = 90, 70

_INSERT = """
INSERT INTO showroom_searchentry (tier, kind, subject_id, shop_id, quality, verticals, conditions, certifications,
                                  region_id, price, published_at, words, document)
VALUES (%(tier)s, %(kind)s, %(subject_id)s, %(shop_id)s, %(quality)s, %(verticals)s, %(conditions)s,
        %(certifications)s, %(region_id)s, %(price)s, %(published_at)s, %(words)s,
    setweight(to_tsvector('simple', %(title_fr)s || ' ' || %(title_en)s) || to_tsvector('french', %(title_fr)s)
              || to_tsvector('english', %(title_en)s), 'A')
    || setweight(to_tsvector('simple', %(lead_fr)s || ' ' || %(lead_en)s) || to_tsvector('french', %(lead_fr)s)
              || to_tsvector('english', %(lead_en)s), 'B')
    || setweight(to_tsvector('simple', %(body_fr)s || ' ' || %(body_en)s) || to_tsvector('french', %(body_fr)s)
              || to_tsvector('english', %(body_en)s), 'D'))
"""
_TEXTS = ("title_fr", "title_en", "lead_fr", "lead_en", "body_fr", "body_en")


def tier_of(quality: int) -> int:
    """1 for the sheets looked at first, 3 for the last."""
    return 1 if quality >= BEST else 2 if quality >= GOOD else 3


def index_shop(shop: Shop) -> None:
    """Write the shop's entries anew: itself and every sheet on show. Nothing is left of a shop that is not online."""
    shop = Shop.objects.select_related("company__region", "company__sector").get(pk=shop.pk)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM showroom_searchentry WHERE shop_id = %s RETURNING words", [shop.pk])
        gone = Counter(word for (words,) in cursor.fetchall() for word in words)
    rows: list[dict[str, Any]] = []
    if shop.state == ShopState.ONLINE:
        products = list(shop.products.filter(state=ProductState.PUBLISHED).select_related("vertical"))
        certifications = [c.certification for c in shop.certificates.all() if c.is_valid]
        questions = _questions({product.vertical_id for product in products})
        rows = [_product_row(shop, product, certifications, questions) for product in products]
        rows.append(_company_row(shop, products, certifications))
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)
    _count_words(gone, Counter(word for row in rows for word in row["words"]))


def _questions(verticals: set[str]) -> dict[tuple[str, str], str]:
    """(vertical, code) → the question's names, so that "payload" finds sheets that answer it."""
    asked = VerticalAttribute.objects.filter(vertical__in=verticals)
    return {(a.vertical_id, a.code): f"{a.name_fr} {a.name_en}" for a in asked}


def _row(shop: Shop, kind: str, subject_id: int, quality: int, texts: dict[str, str], **more: Any) -> dict[str, Any]:
    texts = {name: plain(texts.get(name, "")) for name in _TEXTS}
    return {
        "tier": tier_of(quality),
        "kind": kind,
        "subject_id": subject_id,
        "shop_id": shop.pk,
        "quality": quality,
        "region_id": shop.company.region_id or "",
        "words": words_of(" ".join(texts.values())),
        **texts,
        **more,
    }


def _company_texts(shop: Shop) -> tuple[str, str]:
    region = shop.company.region
    place = f"{shop.company.town} {region.name_fr if region else ''} {region.name_en if region else ''}"
    return f"{shop.company.name} {shop.logo_text}", place


def _product_row(
    shop: Shop, product: Product, certifications: list[str], questions: dict[tuple[str, str], str]
) -> dict[str, Any]:
    company, place = _company_texts(shop)
    answers = " ".join(
        f"{questions.get((product.vertical_id, code), '')} {answer}" for code, answer in product.attributes.items()
    )
    return _row(
        shop,
        product.kind,
        product.pk,
        product.quality,
        {
            "title_fr": product.name_fr,
            "title_en": product.name_en,
            "lead_fr": f"{product.summary_fr} {product.vertical.name_fr} {company}",
            "lead_en": f"{product.summary_en} {product.vertical.name_en}",
            "body_fr": f"{product.description_fr} {answers} {place}",
            "body_en": product.description_en,
        },
        verticals=[product.vertical_id],
        conditions=[product.condition] if product.kind == "product" else [],
        certifications=certifications,
        price=product.price,
        published_at=product.published_at,
    )


def _company_row(shop: Shop, products: list[Product], certifications: list[str]) -> dict[str, Any]:
    """A shop is found by its own words and by the names of what it shows; it is as good as its sheets are."""
    company, place = _company_texts(shop)
    quality = round(sum(p.quality for p in products) / len(products)) if products else 0
    return _row(
        shop,
        COMPANY,
        shop.pk,
        quality,
        {
            "title_fr": company,
            "lead_fr": f"{shop.tagline_fr} " + " ".join(p.name_fr for p in products),
            "lead_en": f"{shop.tagline_en} " + " ".join(p.name_en for p in products),
            "body_fr": f"{shop.presentation_fr} {place} " + " ".join({p.vertical.name_fr for p in products}),
            "body_en": f"{shop.presentation_en} " + " ".join({p.vertical.name_en for p in products}),
        },
        verticals=sorted({p.vertical_id for p in products}),
        conditions=sorted({p.condition for p in products if p.kind == "product"}),
        certifications=certifications,
        price=None,
        published_at=shop.online_at,
    )


def _count_words(gone: Counter[str], come: Counter[str]) -> None:
    """Move the vocabulary from the words of the old entries to those of the new ones."""
    more, fewer = come - gone, gone - come
    if not more and not fewer:
        return
    with connection.cursor() as cursor:
        # Always in the order of the alphabet, so that two shops changing at once wait and never lock each other.
        touched = sorted(set(more) | set(fewer))
        cursor.execute("SELECT 1 FROM showroom_searchword WHERE word = ANY(%s) ORDER BY word FOR UPDATE", [touched])
        cursor.execute(
            "INSERT INTO showroom_searchword AS known (word, entries) SELECT * FROM unnest(%s::text[], %s::int[])"
            " ON CONFLICT (word) DO UPDATE SET entries = known.entries + excluded.entries",
            [sorted(more), [more[word] for word in sorted(more)]],
        )
        cursor.execute(
            "UPDATE showroom_searchword SET entries = greatest(entries - n, 0)"
            " FROM unnest(%s::text[], %s::int[]) AS gone (lost, n) WHERE word = lost",
            [sorted(fewer), [fewer[word] for word in sorted(fewer)]],
        )
    SearchWord.objects.filter(word__in=list(fewer), entries=0).delete()


def index_shops(shops: Iterable[Shop]) -> None:
    for shop in shops:
        index_shop(shop)


def rebuild_index() -> int:
    """Write every entry anew (after a restore, or a change of this file). Returns how many entries there are."""
    SearchWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE showroom_searchentry")
    index_shops(Shop.objects.online().order_by("pk").iterator())
    return SearchEntry.objects.count()
