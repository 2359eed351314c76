"""What a buyer finds, whatever the language, the accents and the typing."""

import pytest

from pavillon.reference.models import Vertical
from pavillon.showroom import actions
from pavillon.showroom.models import SearchEntry, SearchWord
from pavillon.showroom.queries import search, search_products
from pavillon.showroom.tests import factories


def found(text, **more):
    return [number for _kind, number in search_products(text, **more).found]


@pytest.mark.parametrize(
    "text",
    [
        "machining centre",
        "MACHINING",
        "machining centres",  # plural
        "machin",  # beginning of a word
        "mahcining",  # two letters swapped
        "machinning centr",
        "centre d'usinage",
        "usinage",
        "USINÀGE",
        "iroise",
        "mecanique",
        "brest machining",
        "machin cent",  # beginnings of several words, in any order
        "cent machin",
        "usin iroi",
    ],
)
def test_a_sheet_is_found_in_both_languages_with_errors_and_beginnings(cast, text):
    assert found(text) == [cast.product.pk]


def test_every_word_narrows(cast):
    assert found("passenger launch") == [cast.boat.pk]
    assert found("machining launch") == []


def test_a_word_that_nobody_wrote_finds_nothing_and_costs_no_error(cast):
    hits = search_products("xylophone zzz")
    assert (hits.found, hits.total) == ([], 0)
    assert found("") == [cast.product.pk, cast.boat.pk] or len(found("")) == 2


def test_signs_of_the_query_language_are_only_signs(cast):
    assert found("machining & !centre | (") == [cast.product.pk]
    assert found("'); drop table--") == []


def test_the_correction_is_told(cast):
    (word,) = search_products("lanuch").corrected
    assert (word.written, word.correction) == ("lanuch", "launch")


def test_a_shop_is_found_by_its_name_and_by_what_it_shows(cast):
    assert found("golfe", kind="company") == [cast.rival_shop.pk]
    assert found("usinage", kind="company") == [cast.shop.pk]


def test_facets_narrow_and_counts_ignore_their_own_choice(cast):
    hits = search_products("", verticals=["maritime"])
    assert [number for _kind, number in hits.found] == [cast.boat.pk]
    assert hits.facets["vertical"] == {"maritime": 1, "machine-tools": 1}
    assert hits.facets["region"] == {"76": 1}
    assert hits.facets["kind"] == {"product": 1, "company": 1}
    assert search_products("", sectors=["mobility"]).total == 1
    assert search_products("", regions=["53", "76"]).total == 2


@pytest.mark.covers("SHOW-07")
def test_counts_of_tabs_match_the_catalogue(cast):
    factories.product(cast.shop, cast.ines, manager=cast.alice, kind="service", name_en="Training on site")
    hits = search_products("")
    assert hits.facets["kind"] == {"product": 2, "service": 1, "company": 2}
    for kind, count in hits.facets["kind"].items():
        assert search_products("", kind=kind).total == count


@pytest.mark.covers("CAT-08")
def test_recycled_machines_are_filtered(cast):
    old = factories.product(
        cast.shop,
        cast.ines,
        manager=cast.alice,
        vertical=Vertical.objects.get(pk="recycled-machines"),
        name_en="Overhauled lathe",
        condition="recycled",
        manufacture_year=2009,
        operating_hours=12_000,
    )
    assert found("", conditions=["recycled"]) == [old.pk]


def test_better_sheets_come_first(cast):
    bare = factories.product(
        cast.shop, cast.ines, manager=cast.alice, description_fr="", description_en="Short.", summary_fr="", name_fr=""
    )
    assert bare.quality < cast.product.quality
    assert found("machining") == [cast.product.pk, bare.pk]


def test_what_leaves_the_shelf_leaves_the_search_and_the_vocabulary(cast):
    assert SearchWord.objects.filter(word="passenger").exists()
    actions.withdraw_product(product=cast.boat, by=cast.marc)
    assert found("passenger") == []
    assert not SearchWord.objects.filter(word="passenger").exists()
    actions.close_shop(shop=cast.shop, by=cast.alice)
    assert found("machining") == []
    assert not SearchEntry.objects.filter(shop_id=cast.shop.pk).exists()


def test_new_words_are_found_in_the_same_transaction(cast):
    actions.change_product(product=cast.product, by=cast.ines, name_en="Gantry milling cell")
    assert found("gantry") == [cast.product.pk]


def test_the_vocabulary_counts_entries_and_a_rebuild_changes_nothing(cast):
    before = dict(SearchWord.objects.values_list("word", "entries"))
    documents = list(SearchEntry.objects.order_by("kind", "subject_id").values_list("subject_id", "document"))
    actions.rebuild_index()
    assert dict(SearchWord.objects.values_list("word", "entries")) == before
    assert list(SearchEntry.objects.order_by("kind", "subject_id").values_list("subject_id", "document")) == documents


def test_counts_stop_at_the_cap(cast, monkeypatch):
    monkeypatch.setattr(search, "CAP", 1)
    hits = search_products("")
    assert (hits.total, hits.is_capped) == (1, True)


def test_a_search_costs_three_statements_and_four_with_an_error(cast, django_assert_num_queries):
    with django_assert_num_queries(3):
        search_products("machining", verticals=["machine-tools"], regions=["53"], certifications=["iso_9001"])
    with django_assert_num_queries(4):
        search_products("mahcining")
