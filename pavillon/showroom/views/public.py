"""What everybody sees of the showroom."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation

from pavillon.core.views import public
from pavillon.crm.actions import note_site_visit
from pavillon.metrics.actions import count
from pavillon.showroom.queries import pages
from pavillon.showroom.views.searching import Search, country_of, is_looked_at


@public
def home(request):
    context = pages.home_page() | {"search": Search(request, without_hits=True)}
    return render(request, "showroom/home.html", context)


@public
def search(request):
    """The search page; htmx gets the answers alone."""
    asked = Search(request)
    if asked.text and asked.page == 1:
        vertical = asked.chosen["vertical"][0] if len(asked.chosen["vertical"]) == 1 else ""
        count("showroom.search", country=country_of(request), vertical=vertical)
    context = {"search": asked, "hits": asked.hits, "things": asked.things}
    return render(request, "showroom/search.html", context)


@public
def product(request, product, slug):
    found = pages.product_page(product)
    if found is None:
        raise Http404
    if slug != found.slug:
        return redirect(found, permanent=True)
    company = found.shop.company
    if is_looked_at(request, company):
        count(
            "showroom.product_viewed",
            subject_type="showroom.product",
            subject_id=found.pk,
            company_id=company.pk,
            region_id=company.region_id or "",
            vertical=found.vertical_id,
            country=country_of(request),
        )
        note_site_visit(by=request.user, what="products")
    return render(request, "showroom/product.html", sheet_context(request, found))


def sheet_context(request, product):
    """What the page of a sheet shows, for everybody and in its company's preview."""
    return {
        "product": product,
        "shop": product.shop,
        "answers": pages.answers_of(product),
        "neighbours": pages.neighbours_of(product),
        "search": Search(request, without_hits=True),
        "alternates": in_each_language("showroom:product", product.pk, product.slug),
        "canonical": request.build_absolute_uri(product.get_absolute_url()),
    }


@public
def shop(request, slug):
    found = pages.shop_page(slug)
    if found is None:
        raise Http404
    if is_looked_at(request, found.company):
        count(
            "showroom.shop_viewed",
            subject_type="showroom.shop",
            subject_id=found.pk,
            company_id=found.company_id,
            region_id=found.company.region_id or "",
            country=country_of(request),
        )
    return render(request, "showroom/shop.html", shop_context(request, found))


def shop_context(request, shop):
    return {
        "shop": shop,
        "shelf": pages.shelf_of(shop),
        "countries": pages.countries_named(shop.export_countries),
        "search": Search(request, without_hits=True),
        "alternates": in_each_language("showroom:shop", shop.slug),
        "canonical": request.build_absolute_uri(shop.get_absolute_url()),
    }


def in_each_language(name, *args):
    """The page's address in each language, for the language switch and for search engines."""
    found = {}
    for code in ("fr", "en"):
        with translation.override(code):
            found[code] = reverse(name, args=args)
    return found


@public
def follow_marker(request, shop):
    """The marker on a referenced seller's page: counted, then on to the national showroom."""
    company = pages.referenced_company(shop)
    if company is None:
        raise Http404
    count(
        "showroom.marker_clicked",
        company_id=company.pk,
        region_id=company.region_id or "",
        country=country_of(request),
    )
    return redirect("showroom:home")
