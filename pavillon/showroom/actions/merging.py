"""Following companies that turn out to be one, or two after all."""

from django.db import transaction
from django.utils import timezone

from pavillon.activity.actions import record
from pavillon.directory.actions.moving import Moves
from pavillon.directory.models import Company
from pavillon.showroom.actions.search_index import index_shops
from pavillon.showroom.enums import ShopState
from pavillon.showroom.models import Shop


def move_shop(moves: Moves, kept: Company, removed: Company) -> None:
    """The kept company gets the shop; when both have one, sheets and enquiries join the kept company's.

    A rule of merging: what it does through `moves` can be undone.
    """
    shop = Shop.objects.select_for_update(of=("self",)).filter(company=removed).first()
    if shop is None:
        return
    other = Shop.objects.select_for_update(of=("self",)).filter(company=kept).first()
    itself = Shop.objects.filter(pk=shop.pk)
    if other is None:
        moves.change(itself, company=kept)
    else:
        moves.change(shop.products.all(), shop=other)
        moves.change(shop.enquiries.all(), shop=other)
        if shop.state != ShopState.CLOSED:
            moves.change(itself, state=ShopState.CLOSED, closed_at=timezone.now())
    record("showroom.shop_moved", shop, kept, by=moves.by, changes={"company": [removed.pk, kept.pk]})


@transaction.atomic
def index_merged_shops(*, kept: Company, removed: Company) -> None:
    """The search finds the sheets where they are since a merge, or since its undoing."""
    index_shops(Shop.objects.filter(company__in=[kept, removed]))
