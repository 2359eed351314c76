"""The team discusses a sheet, follows it, and is told when it goes on show."""

import pytest
from django.urls import reverse

from pavillon.activity.models import Notification
from pavillon.crm.models import Discussion, RecordFollow
from pavillon.showroom import actions
from pavillon.showroom.tests import factories

ABOUT = "showroom.product"


def addresses(product):
    arguments = [product.shop.company_id, ABOUT, product.pk]
    return {name: reverse(f"crm:{name}_record", args=arguments) for name in ("discuss", "follow", "unfollow")}


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
    client.post(addresses(product)["unfollow"])
    assert not RecordFollow.objects.exists()


def test_a_sheet_of_another_company_is_not_under_this_one(cast, client):
    product = factories.product(cast.shop, cast.ines)
    client.force_login(cast.helene)
    other = cast.rival_shop.company_id
    assert client.get(reverse("crm:record_discussions", args=[other, ABOUT, product.pk])).status_code == 404
    client.force_login(cast.ines)
    assert client.get(reverse("showroom_team:product", args=[product.pk])).status_code == 403
