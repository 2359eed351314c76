"""From the application to the shelf: a shop, its sheets, the agency's eye."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.tests import factories as people
from pavillon.activity.models import Notification
from pavillon.directory.actions import merge_companies
from pavillon.reference.models import Vertical
from pavillon.showroom import actions
from pavillon.showroom.actions.products import judge
from pavillon.showroom.models import Picture, Product, ProductImport, Shop
from pavillon.showroom.pictures import WrongPicture, redraw
from pavillon.showroom.queries import search_products
from pavillon.showroom.queries.monitoring import gauge
from pavillon.showroom.tests import factories


@pytest.fixture
def newcomer(cast):
    """A company without a shop, and its manager."""
    firm = people.actions.create_organisation(name="Atelier du Ponant", kind=Kind.COMPANY, by=None)
    return people.person("Claire", firm, Role.COMPANY_MANAGER), factories.company("Atelier du Ponant", "53", firm)


@pytest.mark.covers("SHOW-10")
def test_a_shop_starts_from_its_template_and_opens_step_by_step(cast, newcomer, client):
    claire, company = newcomer
    client.force_login(claire)
    assert client.get(reverse("showroom_company:my_shop")).url == reverse("showroom_company:apply_for_shop")
    client.post(reverse("showroom_company:apply_for_shop"), {"motivation": "Boats for islands"})
    shop = Shop.objects.get(company=company)
    assert "Atelier du Ponant designs and manufactures" in shop.presentation_en
    assert "Atelier du Ponant conçoit et fabrique" in shop.presentation_fr
    assert shop.reply_templates.count() == 3
    assert [r.user for r in shop.recipients.all()] == [claire]
    assert Notification.objects.filter(kind="showroom.shop_applied", recipient=cast.alice).exists()
    with pytest.raises(actions.ShopNotReady):
        actions.put_shop_online(shop=shop, by=claire)
    client.force_login(cast.alice)
    client.post(reverse("showroom_team:accept_shop", args=[shop.pk]))
    page = client.get(reverse("showroom_team:shop", args=[shop.pk])).content.decode()
    assert "after 0 days" in page
    client.force_login(claire)
    client.post(reverse("showroom_company:put_shop_online", args=[shop.pk]))
    shop.refresh_from_db()
    assert shop.state == "opened"  # a line in English is missing
    words = {
        "logo_text": "Ponant", "tagline_en": "Boats for islands", "tagline_fr": "", "presentation_en": "We build.",
        "presentation_fr": "Nous construisons.", "export_countries": ["DE", "JP"], "holds_ce": "on", "number_ce": "12",
        "ends_on_ce": "2031-05-01",
    }  # fmt: skip
    address = reverse("showroom_company:change_shop", args=[shop.pk])
    refused = client.post(address, words | {"ends_on_ce": "2001-01-31"})
    assert "2001" in str(refused.context["form"].errors["ends_on_ce"])
    assert not shop.certificates.exists()
    assert client.post(address, words).status_code == 302
    client.post(reverse("showroom_company:put_shop_online", args=[shop.pk]))
    shop.refresh_from_db()
    assert (shop.state, shop.export_countries, shop.certificates.get().number) == ("online", ["DE", "JP"], "12")
    # Each kind of sheet starts from the outline of its kind, which is never taken for the seller's own words.
    for kind, outline in (("product", "what sets it apart"), ("service", "what it does not")):
        vertical = Vertical.objects.first()
        new = {"kind": kind, "vertical": vertical.pk, "name_en": "New", "name_fr": ""}
        page = client.post(reverse("showroom_company:create_product"), new, follow=True)
        assert outline in page.text
        assert Product.objects.latest("pk").description_en == ""


@pytest.mark.covers("SHOW-04")
def test_the_gauge_goes_beyond_its_target(cast, newcomer, client):
    client.force_login(cast.alice)
    client.post(reverse("showroom_team:change_showroom_settings"), {"target_shops": 2, "unanswered_hours": 24})
    claire, company = newcomer
    shop = actions.apply_for_shop(company=company, motivation="", by=claire)
    assert gauge()["applied"] == 1
    actions.accept_shop(shop=shop, by=cast.alice)
    page = client.get(reverse("showroom_team:shops")).content.decode()
    assert "3 / 2" in page


def test_a_company_has_one_shop(cast):
    with pytest.raises(actions.AlreadyApplied):
        actions.apply_for_shop(company=cast.iroise, motivation="", by=cast.ines)


def test_a_sheet_is_written_in_two_steps_and_submitted(cast, client):
    client.force_login(cast.yann)
    answer = client.post(
        reverse("showroom_company:create_product"),
        {"kind": "product", "vertical": "machine-tools", "name_en": "Gantry mill", "name_fr": ""},
    )
    product = Product.objects.get(name_en="Gantry mill")
    assert answer.url == reverse("showroom_company:change_product", args=[product.pk])
    page = client.get(answer.url).content.decode()
    assert "Number of axes" in page
    form = {
        "kind": "product", "vertical": "machine-tools", "name_en": "Gantry mill", "summary_en": "Mills long parts.",
        "description_en": "Solid. " * 50, "translation_en": "written", "name_fr": "", "summary_fr": "",
        "description_fr": "", "translation_fr": "missing", "condition": "new", "sale_unit": "piece", "price": "120000",
        "minimum_order": "1", "incoterm": "FCA", "customs_code": "8457.10", "lead_time_days": "90", "answer_axes": "5",
        "links": "TradePlace https://tradeplace.example/1",
    }  # fmt: skip
    refused = client.post(answer.url, {**form, "customs_code": "845799"})
    assert refused.status_code == 422
    # What is near it is named, and the part of the form that holds the fault stands open.
    assert "Near it: 845710" in refused.text
    opened = {part["key"] for part in refused.context["form"].parts if part["is_open"]}
    assert opened == {
        "french", "questions", "trade",
    }  # fmt: skip
    codes = reverse("showroom_company:find_customs_codes")
    for typed in ("8457", "8457.1", "machining"):
        assert "845710" in client.get(codes, {"customs_code": typed}).text, typed
    assert not client.get(codes, {"customs_code": "lathe"}).text.strip()
    assert client.post(answer.url, {**form, "condition": "recycled"}).status_code == 422
    assert client.post(answer.url, {**form, "links": "no address"}).status_code == 422
    assert client.post(answer.url, form).status_code == 302
    product.refresh_from_db()
    assert (product.attributes, product.customs_code.code, product.links.get().marketplace) == (
        {"axes": 5.0}, "845710", "TradePlace",
    )  # fmt: skip
    submit = reverse("showroom_company:submit_product", args=[product.pk])
    client.post(submit)
    product.refresh_from_db()
    assert product.state == "draft"  # no picture yet
    picture = SimpleUploadedFile("mill.png", factories.picture(), content_type="image/png")
    client.post(
        reverse("showroom_company:add_picture", args=[product.pk]),
        {"file": picture, "alt_en": "The mill", "alt_fr": "La fraiseuse"},
    )
    client.post(submit)
    product.refresh_from_db()
    assert product.state == "submitted"
    assert Notification.objects.filter(
        kind="showroom.product_submitted", recipient=cast.alice, url__endswith=f"/{product.pk}/"
    ).exists()


def test_the_agency_returns_with_remarks_then_approves(cast, client):
    draft = factories.product(cast.shop, cast.ines, published=False, name_en="Deburring cell")
    actions.submit_product(product=draft, by=cast.ines)
    client.force_login(cast.alice)
    back = reverse("showroom_team:return_product", args=[draft.pk])
    assert client.post(back, {}).status_code == 422
    client.post(back, {"pictures": "The whole cell, please."})
    draft.refresh_from_db()
    assert draft.state == "returned"
    client.force_login(cast.yann)
    page = client.get(reverse("showroom_company:product", args=[draft.pk])).content.decode()
    assert "The whole cell, please." in page
    actions.submit_product(product=draft, by=cast.ines)
    client.force_login(cast.alice)
    client.post(reverse("showroom_team:approve_product", args=[draft.pk]))
    draft.refresh_from_db()
    assert (draft.state, draft.approved_by) == ("published", cast.alice)
    assert draft.pk in [n for _k, n in search_products("deburring").found]
    assert not draft.remarks.filter(resolved_at=None).exists()
    with pytest.raises(actions.NotSubmitted):
        actions.approve_product(product=draft, by=cast.alice)


def test_new_words_on_show_are_read_afterwards(cast, client):
    actions.change_product(product=cast.product, by=cast.ines, price=99)
    cast.product.refresh_from_db()
    assert cast.product.to_check_since is None
    actions.change_product(product=cast.product, by=cast.ines, name_en="Other name")
    client.force_login(cast.alice)
    assert "Other name" in client.get(reverse("showroom_team:approvals")).content.decode()
    actions.approve_product(product=cast.product, by=cast.alice)
    cast.product.refresh_from_db()
    assert (cast.product.state, cast.product.to_check_since) == ("published", None)


@pytest.mark.covers("CAT-06")
def test_a_poor_sheet_scores_low_with_advice_and_twenty_come_by_file(cast, client):
    poor = actions.create_product(
        shop=cast.shop, by=cast.ines, vertical=Vertical.objects.get(pk="machine-tools"), name_en="Lathe",
        translation_en="written",
    )  # fmt: skip
    quality = judge(poor)
    assert quality.score < 15 < judge(cast.product).score
    client.force_login(cast.yann)
    page = client.get(reverse("showroom_company:product", args=[poor.pk])).content.decode()
    assert "Add a picture" in page
    assert all(advice.text for advice in quality.advice)
    book = Workbook()
    book.active.append(["vertical", "name_en", "name_fr", "price", "minimum_order", "customs_code"])
    for number in range(1, 21):
        book.active.append(["Machine tools", f"Tool {number}", f"Outil {number}", 100 + number, 10, "845710"])
    book.active.append(["Nowhere", "", "", "cheap", -3, "1"])
    stream = io.BytesIO()
    book.save(stream)
    answer = client.post(
        reverse("showroom_company:import_products"), {"file": SimpleUploadedFile("tools.xlsx", stream.getvalue())}
    )
    assert Product.objects.filter(name_en__startswith="Tool ").count() == 0  # a rehearsal creates nothing
    page = client.get(answer.url).content.decode()
    assert "20 lines are ready, 1 with errors" in page
    assert "“Nowhere” is not one of the verticals" in page
    client.post(answer.url)
    client.post(answer.url)
    assert Product.objects.filter(name_en__startswith="Tool ", state="draft", shop=cast.shop).count() == 20
    assert ProductImport.objects.get().created == 20


def test_the_quality_of_words_not_saved_is_told(cast, client):
    client.force_login(cast.yann)
    address = reverse("showroom_company:judge_product", args=[cast.product.pk])
    form = {"kind": "product", "vertical": "machine-tools", "name_en": "X", "sale_unit": "piece", "condition": "new"}
    answer = client.post(address, form)
    assert answer.status_code == 200
    assert f"{cast.product.quality}/100" not in answer.content.decode()
    cast.product.refresh_from_db()
    assert cast.product.name_en == "Compact machining centre"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("script.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.jpg", b"<html>"),
        ("small.png", factories.picture(100, 100)),
        ("cut.png", factories.picture()[:200]),
        ("moving.gif", factories.picture(form="GIF")),
    ],
)
def test_only_real_pictures_are_taken(cast, client, name, data):
    client.force_login(cast.ines)
    answer = client.post(
        reverse("showroom_company:add_picture", args=[cast.product.pk]),
        {"file": SimpleUploadedFile(name, data, content_type="image/png"), "alt_en": "x", "alt_fr": "x"},
    )
    assert "file" in answer.context["picture_form"].errors
    assert cast.product.pictures.count() == 1


def test_a_file_that_is_too_heavy_is_refused():
    with pytest.raises(WrongPicture, match="9"):
        redraw(io.BytesIO(b""), 9 * 1024 * 1024)


def test_pictures_are_drawn_again_without_what_they_carried(cast, client):
    photo = Image.new("RGB", (2400, 1200), "red")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    stream = io.BytesIO()
    photo.save(stream, "JPEG", exif=exif)
    picture = actions.add_picture(
        product=cast.product,
        stream=io.BytesIO(stream.getvalue()),
        size=stream.tell(),
        alt_fr="x",
        alt_en="x",
        by=cast.ines,
    )
    answer = client.get(reverse("showroom_media:picture", args=[picture.pk, "large"]))
    data = b"".join(answer.streaming_content)
    shown = Image.open(io.BytesIO(data))
    assert (shown.format, shown.size, picture.width) == ("WEBP", (1600, 800), 1600)
    assert b"secret place" not in data
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_next_picture_becomes_the_cover(cast, django_capture_on_commit_callbacks):
    data = factories.picture()
    second = actions.add_picture(
        product=cast.product, stream=io.BytesIO(data), size=len(data), alt_fr="x", alt_en="x", by=cast.ines
    )
    first = cast.product.pictures.exclude(pk=second.pk).get()
    storage, name = first.file.storage, first.file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_picture(picture=first, by=cast.ines)
    assert not storage.exists(name)
    assert Picture.objects.get(pk=second.pk).position == 0


@pytest.mark.parametrize("broken", [{"condition": "recycled"}, {"price": 0}, {"quality": 101}, {"name_en": ""}])
def test_the_database_refuses_what_cannot_be(cast, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=cast.product.pk).update(**broken)


@pytest.mark.covers("CAT-04")
def test_a_vertical_is_added_used_renamed_closed_and_emptied_without_code(cast, client):
    client.force_login(cast.alice)
    client.post(
        reverse("showroom_team:create_vertical"), {"name_fr": "Spatial", "name_en": "Space", "sectors": ["industry"]}
    )
    space = Vertical.objects.get(name_en="Space")
    client.post(
        reverse("showroom_team:add_attribute", args=[space.pk]),
        {"name_fr": "Orbite", "name_en": "Orbit", "kind": "text", "unit": ""},
    )
    client.force_login(cast.yann)
    client.post(
        reverse("showroom_company:create_product"), {"kind": "product", "vertical": space.pk, "name_en": "Antenna"}
    )
    antenna = Product.objects.get(name_en="Antenna")
    assert "Orbit" in client.get(reverse("showroom_company:change_product", args=[antenna.pk])).content.decode()
    client.force_login(cast.alice)
    client.post(
        reverse("showroom_team:change_vertical", args=["maritime"]),
        {"name_fr": "Marine", "name_en": "Seafaring", "sectors": ["mobility"]},
    )
    assert cast.boat.pk in [n for _k, n in search_products("seafaring").found]
    client.post(reverse("showroom_team:remap_products", args=["maritime"]), {"to": space.pk})
    assert search_products("", verticals=[space.pk]).total == 1
    client.post(reverse("showroom_team:close_vertical", args=["maritime"]))
    client.force_login(cast.yann)
    page = client.get(reverse("showroom_company:create_product")).content.decode()
    assert "Seafaring" not in page
    client.force_login(cast.alice)
    history = client.get(reverse("showroom_team:change_vertical", args=["maritime"])).content.decode()
    assert "Vertical closed" in history
    assert "Vertical changed" in history


def test_merged_companies_share_one_shop(cast):
    enquiry = actions.send_enquiry(
        buyer=cast.buyer, shop=cast.rival_shop, product=None, kind="contact", text="Please call.", by=cast.tom
    )
    type(cast.golfe).objects.filter(pk=cast.golfe.pk).update(organisation=None)
    merge_companies(kept=cast.iroise, removed=cast.golfe, by=cast.alice)
    enquiry.refresh_from_db()
    cast.rival_shop.refresh_from_db()
    assert (enquiry.shop, cast.rival_shop.state) == (cast.shop, "closed")
    assert cast.boat.pk in [n for _k, n in search_products("launch", shop_id=cast.shop.pk).found]
