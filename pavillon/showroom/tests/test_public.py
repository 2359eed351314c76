"""What a visitor sees, in both languages, and what is counted."""

import pytest
from django.urls import reverse
from django.utils import translation

from pavillon.metrics.models import Waiting
from pavillon.metrics.queries import total
from pavillon.showroom import actions
from pavillon.showroom.tests import factories


def in_french(name, *args):
    with translation.override("fr"):
        return reverse(name, args=args)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.covers("SHOW-08")
def test_the_marker_stands_on_referenced_sellers_only_and_leads_home(cast, client):
    actions.reference_shop(shop=cast.rival_shop, is_referenced=False, by=cast.alice)
    marker = reverse("showroom:follow_marker", args=[cast.shop.pk])
    for page in (cast.product.get_absolute_url(), cast.shop.get_absolute_url()):
        assert marker in client.get(page).content.decode()
    for page in (cast.boat.get_absolute_url(), cast.rival_shop.get_absolute_url()):
        assert "/showroom/from/" not in client.get(page).content.decode()
    answer = client.get(marker)
    assert (answer.status_code, answer.url) == (302, reverse("showroom:home"))
    assert total(["showroom.marker_clicked"], company_ids=[cast.iroise.pk]) == 1
    assert client.get(reverse("showroom:follow_marker", args=[cast.rival_shop.pk])).status_code == 404


@pytest.mark.covers("SHOW-01")
def test_a_product_is_public_with_its_listings_elsewhere(cast, client):
    actions.change_product(product=cast.product, by=cast.ines, links=[("TradePlace", "https://tradeplace.example/p/1")])
    page = client.get(cast.product.get_absolute_url()).content.decode()
    assert 'href="https://tradeplace.example/p/1"' in page
    assert "TradePlace" in page


@pytest.mark.covers("CAT-07")
def test_a_product_page_lists_its_services(cast, client):
    service = factories.product(cast.shop, cast.ines, manager=cast.alice, kind="service", name_en="Training on site")
    actions.change_product(product=cast.product, by=cast.ines, services=[service])
    page = client.get(cast.product.get_absolute_url()).content.decode()
    assert "Associated services" in page
    assert service.get_absolute_url() in page


def test_services_of_another_shop_are_not_hung_on(cast):
    foreign = factories.product(cast.rival_shop, cast.marc, manager=cast.alice, kind="service", name_en="Towing")
    actions.change_product(product=cast.product, by=cast.ines, services=[foreign])
    assert not cast.product.services.exists()


@pytest.mark.covers("CAT-01", "SHOW-03")
def test_search_and_filters_return_the_expected_items_in_english(cast, client):
    search = reverse("showroom:search")
    page = client.get(search, {"q": "machining"}).content.decode()
    assert "Compact machining centre" in page
    assert "Passenger launch" not in page
    page = client.get(search, {"vertical": "maritime"}).content.decode()
    assert "Passenger launch" in page
    assert "Compact machining centre" not in page
    page = client.get(search, {"q": "iroise", "kind": "company"}).content.decode()
    assert cast.shop.get_absolute_url() in page
    assert client.get(cast.shop.get_absolute_url()).status_code == 200


@pytest.mark.covers("CAT-03")
def test_a_sector_leads_to_its_verticals(cast, client):
    page = client.get(reverse("showroom:search"), {"sector": "mobility"}).content.decode()
    assert "Passenger launch" in page
    assert "Compact machining centre" not in page


@pytest.mark.covers("SHOW-06")
@pytest.mark.parametrize("page", ["home", "search", "product", "shop", "ask", "register"])
def test_the_national_space_is_one_click_from_every_page(cast, client, page):
    address = {
        "home": reverse("showroom:home"),
        "search": reverse("showroom:search"),
        "product": cast.product.get_absolute_url(),
        "shop": cast.shop.get_absolute_url(),
        "ask": reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug]),
        "register": reverse("showroom:register_buyer"),
    }[page]
    page = " ".join(client.get(address).content.decode().split())
    assert f'class="brandmark" href="{reverse("showroom:home")}"' in page


def test_each_language_has_its_page_and_says_so(cast, client):
    english, french = cast.product.get_absolute_url(), in_french("showroom:product", cast.product.pk, cast.product.slug)
    assert (english[:4], french[:4]) == ("/en/", "/fr/")
    page = client.get(english).content.decode()
    assert f'hreflang="fr" href="http://testserver{french}"' in page
    assert f'rel="canonical" href="http://testserver{english}"' in page
    assert "Centre d’usinage compact" in client.get(french).content.decode()


def test_a_missing_translation_falls_back_and_is_marked(cast, client):
    actions.change_product(
        product=cast.product, by=cast.ines, name_fr="", description_fr="", summary_fr="", translation_fr="missing"
    )
    page = client.get(in_french("showroom:product", cast.product.pk, cast.product.slug)).content.decode()
    assert '<h1 lang="en">Compact machining centre</h1>' in page


def test_an_old_address_leads_to_the_new_one(cast, client):
    answer = client.get(reverse("showroom:product", args=[cast.product.pk, "old-name"]))
    assert (answer.status_code, answer.url) == (301, cast.product.get_absolute_url())


@pytest.mark.parametrize("hide", ["withdraw", "close"])
def test_what_is_not_on_show_is_not_found(cast, client, hide):
    if hide == "withdraw":
        actions.withdraw_product(product=cast.product, by=cast.ines)
    else:
        actions.close_shop(shop=cast.shop, by=cast.alice)
        assert client.get(cast.shop.get_absolute_url()).status_code == 404
    assert client.get(cast.product.get_absolute_url()).status_code == 404
    picture = reverse("showroom_media:picture", args=[cast.product.pictures.get().pk, "large"])
    assert client.get(picture).status_code == 404
    client.force_login(cast.ines)
    assert client.get(picture)["Cache-Control"] == "private, no-store"
    client.force_login(cast.marc)
    assert client.get(picture).status_code == 404


def test_views_are_counted_with_the_buyers_country_and_not_for_the_seller(cast, client):
    client.get(cast.product.get_absolute_url())
    client.force_login(cast.tom)
    client.get(cast.product.get_absolute_url())
    client.force_login(cast.ines)
    client.get(cast.product.get_absolute_url())
    client.force_login(cast.helene)
    client.get(cast.product.get_absolute_url())
    counted = Waiting.objects.filter(kind="showroom.product_viewed", subject_id=cast.product.pk)
    assert sorted(counted.values_list("country", flat=True)) == ["", "BR"]
    assert {(c.company_id, c.region_id, c.vertical) for c in counted} == {(cast.iroise.pk, "53", "machine-tools")}


def test_nothing_found_helps_on(cast, client):
    page = client.get(reverse("showroom:search"), {"q": "xylophone", "vertical": "maritime"}).content.decode()
    assert "Nothing matches" in page
    assert "Maritime" in page


@pytest.mark.parametrize(
    "query", ["page=999999", "page=-1", "kind=nonsense", "sort=%27", "vertical=x&region=%00y", "q=" + "a" * 500]
)
def test_any_address_answers(cast, client, query):
    assert client.get(f"{reverse('showroom:search')}?{query}").status_code == 200


@pytest.mark.parametrize(("page", "most"), [("home", 10), ("search", 10), ("product", 14), ("shop", 10)])
def test_public_pages_cost_few_statements(cast, client, django_assert_max_num_queries, page, most):
    for n in range(4):
        factories.product(cast.shop, cast.ines, manager=cast.alice, name_en=f"Machining cell {n}")
    address = {
        "home": reverse("showroom:home"),
        "search": reverse("showroom:search") + "?q=mahcining&vertical=machine-tools&region=53",
        "product": cast.product.get_absolute_url(),
        "shop": cast.shop.get_absolute_url(),
    }[page]
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
