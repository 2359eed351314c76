"""Who opens which page: 200 seen, 403 refused, 404 unseen, 302 sent to sign in."""

import pytest
from django.urls import reverse

from pavillon.showroom import actions
from pavillon.showroom.tests import factories
from tests.permissions_table import plain_refusals, undrawn_pages

PERSONS = ["stranger", "tom", "ines", "marc", "helene", "gael", "alice"]
# page: who gets 200; everybody else gets what the last column says (a list by person overrides it).
PAGES = {
    "showroom_company:my_shop": ({"ines", "marc"}, 403),
    "showroom_company:change_shop": ({"ines"}, {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403}),
    "showroom_company:preview_shop": ({"ines"}, {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403}),
    "showroom_company:change_recipients": (
        {"ines"},
        {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403},
    ),
    "showroom_company:products": ({"ines", "marc"}, 403),
    "showroom_company:product": ({"ines"}, {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403}),
    "showroom_company:change_product": ({"ines"}, {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403}),
    "showroom_company:preview_product": ({"ines"}, {"marc": 404, "tom": 404, "helene": 403, "gael": 403, "alice": 403}),
    "showroom_company:create_product": ({"ines", "marc"}, 403),
    "showroom_company:import_products": ({"ines", "marc"}, 403),
    "showroom_company:change_reply_templates": ({"ines", "marc"}, 403),
    "showroom_company:enquiries": ({"ines", "marc"}, 403),
    "showroom_company:enquiry": ({"ines"}, {"marc": 404, "tom": 403, "helene": 403, "gael": 404, "alice": 403}),
    "showroom_buyer:my_enquiries": ({"tom"}, 403),
    "showroom_buyer:my_enquiry": ({"tom"}, {"marc": 404, "ines": 403, "helene": 403, "gael": 404, "alice": 403}),
    "showroom_buyer:change_buyer": ({"tom"}, 403),
    "showroom_team:approvals": ({"alice"}, 403),
    "showroom_team:review_product": ({"alice"}, {"marc": 404, "tom": 404, "ines": 403, "helene": 403, "gael": 403}),
    "showroom_team:shops": ({"helene", "gael", "alice"}, 403),
    "showroom_team:shop": ({"helene", "gael", "alice"}, {"marc": 404, "tom": 404, "ines": 403}),
    "showroom_team:change_showroom_settings": ({"alice"}, 403),
    "showroom_team:monitoring": ({"helene", "gael", "alice"}, 403),
    "showroom_team:buyers_by_country": ({"helene", "gael", "alice"}, 403),
    "showroom_team:enquiry": ({"helene", "alice"}, {"gael": 404, "marc": 404, "tom": 403, "ines": 403}),
    "showroom_team:company_panel": ({"helene", "gael", "alice"}, {"marc": 404, "tom": 404, "ines": 403}),
    "showroom_team:desk_panel": ({"helene", "gael", "alice"}, 403),
    "showroom_team:verticals": ({"alice"}, 403),
    "showroom_team:create_vertical": ({"alice"}, 403),
    "showroom_team:change_vertical": ({"alice"}, 403),
}


def argument(name, cast):
    page = name.split(":")[1]
    if page == "change_vertical":
        return ["maritime"]
    if page == "company_panel":
        return [cast.iroise.pk]
    if page in ("change_shop", "preview_shop", "change_recipients", "shop"):
        return [cast.shop.pk]
    if page in ("product", "change_product", "preview_product", "review_product"):
        return [cast.product.pk]
    if page in ("enquiry", "my_enquiry"):
        return [cast.enquiry.pk]
    return []


@pytest.fixture
def asked(cast):
    cast.enquiry = actions.send_enquiry(
        buyer=cast.buyer,
        shop=cast.shop,
        product=cast.product,
        kind="question",
        text="Does it run at 60 Hz?",
        by=cast.tom,
    )
    return cast


@pytest.mark.parametrize("name", PAGES)
def test_who_opens_which_page(asked, client, name):
    allowed, otherwise = PAGES[name]
    address = reverse(name, args=argument(name, asked))
    found = {}
    for person in PERSONS:
        client.logout()
        if person != "stranger":
            client.force_login(getattr(asked, person))
        # What a page and a refusal look like is asked elsewhere.
        with plain_refusals(), undrawn_pages():
            found[person] = client.get(address).status_code
    expected = {"stranger": 302}
    for person in PERSONS[1:]:
        other = otherwise.get(person) if isinstance(otherwise, dict) else otherwise
        expected[person] = 200 if person in allowed else other
    assert found == expected


WRITES = [
    ("showroom_company:put_shop_online", "shop"),
    ("showroom_company:submit_product", "product"),
    ("showroom_company:add_picture", "product"),
    ("showroom_company:judge_product", "product"),
    ("showroom_company:answer_enquiry", "enquiry"),
    ("showroom_company:close_enquiry", "enquiry"),
    ("showroom_company:share_enquiry", "enquiry"),
    ("showroom_company:ask_adviser", "enquiry"),
]


@pytest.mark.parametrize(("name", "row"), WRITES)
def test_another_seller_writes_nothing(asked, client, name, row):
    client.force_login(asked.marc)
    assert client.post(reverse(name, args=[getattr(asked, row).pk])).status_code == 404


def test_another_buyer_sees_and_writes_nothing(asked, client):
    client.force_login(factories.buyer("Ana", "JP").user)
    assert client.get(reverse("showroom_buyer:my_enquiry", args=[asked.enquiry.pk])).status_code == 404
    answer = client.post(reverse("showroom_buyer:write_message", args=[asked.enquiry.pk]), {"text": "Hello"})
    assert answer.status_code == 404
    assert asked.enquiry.messages.count() == 1


@pytest.mark.parametrize("name", ["accept_shop", "close_shop", "reference_shop"])
def test_only_the_agency_keeps_shops(asked, client, name):
    client.force_login(asked.helene)
    assert client.post(reverse(f"showroom_team:{name}", args=[asked.shop.pk])).status_code == 403


@pytest.mark.parametrize("name", ["approve_product", "return_product"])
def test_sellers_do_not_approve_their_sheets(asked, client, name):
    client.force_login(asked.ines)
    assert client.post(reverse(f"showroom_team:{name}", args=[asked.product.pk])).status_code == 403
