"""Gestures that no page test names: replies, imports, erasing, opening again, the demonstration."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.urls import reverse

from pavillon.reference.models import Vertical
from pavillon.showroom import actions, demo
from pavillon.showroom.actions.buyers import keep_draft
from pavillon.showroom.models import Buyer, Enquiry, EnquiryDraft, Product, ReplyTemplate, SearchEntry, Shop
from pavillon.showroom.queries import search_products


def test_replies_are_kept_and_deleted(cast, client):
    client.force_login(cast.yann)
    page = reverse("showroom_company:change_reply_templates")
    client.post(page, {"title": "Thanks", "language": "en", "text": "Thank you."})
    kept = ReplyTemplate.objects.get(title="Thanks")
    actions.create_reply_template(shop=cast.shop, title="Thanks", language="en", text="Many thanks.", by=cast.ines)
    kept.refresh_from_db()
    assert kept.text == "Many thanks."
    client.force_login(cast.marc)
    address = reverse("showroom_company:delete_reply_template", args=[kept.pk])
    assert client.post(address).status_code == 404
    actions.delete_reply_template(template=kept, by=cast.ines)
    assert not ReplyTemplate.objects.filter(title="Thanks").exists()


def test_rehearse_import_then_confirm_import_once(cast):
    line = {
        "line": 2,
        "values": {"vertical": "maritime", "name_en": "Buoy", "name_fr": "", "customs_code": ""},
        "errors": [],
    }
    made = actions.rehearse_import(
        shop=cast.shop, file_name="x.csv", lines=[line, {**line, "errors": ["wrong"]}], by=cast.ines
    )
    assert [p.name_en for p in actions.confirm_import(product_import=made, by=cast.ines)] == ["Buoy"]
    assert actions.confirm_import(product_import=made, by=cast.ines) == []
    actions.forget_import(made)
    made.refresh_from_db()
    assert (made.lines, made.created) == ([], 1)


def test_people_are_forgotten_and_enquiries_stay(cast):
    enquiry = actions.send_enquiry(
        buyer=cast.buyer, shop=cast.shop, product=None, kind="contact", text="My number is 12 34.", by=cast.tom
    )
    draft = keep_draft(buyer=cast.buyer, shop=cast.shop, product=None, kind="contact", text="And again.")
    actions.forget_draft(draft)
    assert not EnquiryDraft.objects.exists()
    message = enquiry.messages.get()
    actions.forget_message(message)
    message.refresh_from_db()
    assert message.text == "—"
    actions.forget_buyer(cast.buyer)
    buyer = Buyer.objects.get(pk=cast.buyer.pk)
    assert (buyer.company_name, buyer.phone, buyer.country_id) == ("—", "", "BR")
    assert Enquiry.objects.filter(pk=enquiry.pk).exists()


def test_read_thread_marks_the_other_sides_messages_only(cast):
    enquiry = actions.send_enquiry(
        buyer=cast.buyer, shop=cast.shop, product=None, kind="contact", text="Please call.", by=cast.tom
    )
    assert actions.read_thread(enquiry=enquiry, by=cast.tom, as_seller=False) == 0
    assert actions.read_thread(enquiry=enquiry, by=cast.ines, as_seller=True) == 1
    assert actions.read_thread(enquiry=enquiry, by=cast.ines, as_seller=True) == 0


def test_unshare_enquiry_takes_the_permission_back(cast):
    enquiry = actions.send_enquiry(
        buyer=cast.buyer, shop=cast.shop, product=None, kind="contact", text="Please call.", by=cast.tom
    )
    actions.share_enquiry(enquiry=enquiry, by=cast.ines)
    enquiry.refresh_from_db()
    assert cast.helene.has_perm("showroom.read_messages", enquiry)
    actions.unshare_enquiry(enquiry=enquiry, by=cast.ines)
    enquiry.refresh_from_db()
    assert not cast.helene.has_perm("showroom.read_messages", enquiry)


def test_reopen_shop_prepares_again(cast):
    closed = actions.close_shop(shop=cast.shop, by=cast.alice)
    opened = actions.reopen_shop(shop=closed, by=cast.alice)
    assert (opened.state, opened.closed_at) == ("opened", None)
    assert search_products("machining").total == 0
    actions.change_shop(shop=opened, by=cast.ines, tagline_en="Again")
    actions.put_shop_online(shop=opened, by=cast.ines)
    assert search_products("machining").total == 1


def test_reopen_vertical_takes_sheets_again(cast):
    maritime = Vertical.objects.get(pk="maritime")
    actions.close_vertical(vertical=maritime, by=cast.alice)
    actions.reopen_vertical(vertical=maritime, by=cast.alice)
    maritime.refresh_from_db()
    assert maritime.closed_on is None


def test_the_command_rebuilds_the_index(cast, capsys):
    SearchEntry.objects.filter(shop_id=cast.shop.pk)
    call_command("rebuild_index")
    assert "4 entries" in capsys.readouterr().out


@pytest.mark.covers("CAT-02")
def test_the_demonstration_fills_the_verticals_and_runs_twice(cast, settings):
    from pavillon.accounts.tests import factories as people
    from pavillon.reference.models import Country, Sector
    from pavillon.reference.sets.lists import load_verticals
    from pavillon.showroom.demo_catalogue import BUYERS

    load_verticals()
    for _first, _last, _company, country, sector, _job in BUYERS:
        Country.objects.get_or_create(code=country, defaults={"name_fr": country, "name_en": country})
        Sector.objects.get_or_create(slug=sector, defaults={"name_fr": sector, "name_en": sector})
    from pavillon.showroom.tests.factories import company

    keys = ["marc", "korrigan", "armorim", "aerostructures", "calanques", "rail", "aveyron", "charpentes", "touraine"]
    world = {
        "users": {"alice": cast.alice},
        "companies": {key: company(f"Demo {key}", "53") for key in keys},
        "hashed": make_password(people.PASSWORD),
    }
    demo.seed(world)
    counts = (Shop.objects.count(), Product.objects.count(), Enquiry.objects.count(), Buyer.objects.count())
    assert set(search_products("").facets["vertical"]) == set(Vertical.objects.values_list("pk", flat=True))
    assert all(p.pictures.exists() and p.name_en and p.name_fr for p in Product.objects.filter(is_demo=True))
    assert world["users"]["greta"].role == "buyer"
    demo.seed(world)
    assert (Shop.objects.count(), Product.objects.count(), Enquiry.objects.count(), Buyer.objects.count()) == counts


def test_a_buyer_is_offered_no_page_that_refuses_him(cast, client):
    """The search over the base is the team's: neither the side bar nor the phone's bar leads a buyer there."""
    client.force_login(cast.tom)
    assert client.get(reverse("workspace:search")).status_code == 403
    assert "data-palette" not in client.get(reverse("showroom_buyer:my_enquiries")).text
    client.force_login(cast.helene)
    assert "data-palette" in client.get(reverse("showroom_team:shops")).text
