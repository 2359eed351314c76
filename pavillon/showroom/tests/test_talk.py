"""The team discusses a sheet, follows it, and is told when it goes on show."""

import pytest
from django.urls import reverse

from pavillon.activity.models import Notification
from pavillon.crm.models import Discussion, RecordFollow
from pavillon.directory.actions import create_company, merge_companies
from pavillon.security.models import PolicyCell
from pavillon.showroom import actions
from pavillon.showroom.tests import factories

ABOUT = "showroom.product"


def addresses(product):
    arguments = [product.shop.company_id, ABOUT, product.pk]
    return {name: reverse(f"crm:{name}_record", args=arguments) for name in ("discuss", "follow")}


@pytest.mark.covers("BASE-15")
def test_a_sheet_is_discussed_followed_and_told_of(cast, client):
    product = factories.product(cast.shop, cast.ines, published=False)
    client.force_login(cast.helene)
    page = client.get(reverse("showroom_team:product", args=[product.pk])).text
    panel = reverse("crm:record_discussions", args=[product.shop.company_id, ABOUT, product.pk])
    assert panel in page
    client.post(addresses(product)["discuss"], {"text": "La tension manque", "visibility": "team"})
    discussion = Discussion.objects.get()
    assert (discussion.record_kind, discussion.record_id, discussion.record_label) == (ABOUT, product.pk, product.name)
    assert "La tension manque" in client.get(panel).text
    client.post(addresses(product)["follow"])
    assert RecordFollow.objects.get().person == cast.helene
    actions.submit_product(product=product, by=cast.ines)
    actions.approve_product(product=product, by=cast.alice)
    told = Notification.objects.filter(kind="crm.followed", recipient=cast.helene)
    assert [product.name in note.title for note in told] == [True]
    client.post(reverse("crm:unfollow_record", args=[RecordFollow.objects.get().pk]))
    assert not RecordFollow.objects.exists()


def test_a_sheet_of_another_company_is_not_under_this_one(cast, client):
    product = factories.product(cast.shop, cast.ines)
    client.force_login(cast.helene)
    other = cast.rival_shop.company_id
    assert client.get(reverse("crm:record_discussions", args=[other, ABOUT, product.pk])).status_code == 404
    client.force_login(cast.ines)
    assert client.get(reverse("showroom_team:product", args=[product.pk])).status_code == 403


def test_who_may_not_open_the_sheet_reads_nothing_about_it(cast, client):
    product = factories.product(cast.shop, cast.ines)
    client.force_login(cast.helene)
    client.post(addresses(product)["discuss"], {"text": "La tension manque", "visibility": "team"})
    page = reverse("crm:view_discussions", args=[product.shop.company_id])
    assert "La tension manque" in client.get(page).text
    PolicyCell.objects.create(role="adviser", model="showroom.product", field="*", level=0)
    client.force_login(cast.helene)
    assert "La tension manque" not in client.get(page).text


def test_a_page_that_was_open_while_companies_merged_goes_on_working(cast, client):
    product = factories.product(cast.shop, cast.ines)
    old = addresses(product)
    kept = create_company(name="Mécanique d'Iroise", by=None)
    merge_companies(kept=kept, removed=cast.shop.company, by=None)
    client.force_login(cast.helene)
    assert client.post(old["discuss"], {"text": "La tension manque", "visibility": "team"}).status_code == 302
    assert Discussion.objects.get().company == kept
